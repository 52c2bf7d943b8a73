import { readText } from '../cgroup-limits.js';

/** What the kernel's table of TCP sockets says of the ports that clients connect to. */
export interface PortReading {
  /** Connections in TIME_WAIT, by the end that remembers them: the one that closed first. */
  readonly timeWaitAtServer: number;
  readonly timeWaitAtClients: number;
  /** Client ports towards the port that has most of them, in whatever state, TIME_WAIT contained. */
  readonly portsUsed: number;
}

const LISTEN = '0A';
const TIME_WAIT = '06';
/** Local address and port, remote ones, state; all hexadecimal. */
const LINE = /^\s*\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) ([\dA-F]{2})/;

/**
 * Reads /proc/net/tcp, a socket a line.
 * @param serverPorts sockets that have one of these at neither end are others' and are left out
 */
export function parseTcpTable(text: string, serverPorts: readonly number[]): PortReading {
  const used = new Map(serverPorts.map((port) => [hex(port), new Set<string>()]));
  let timeWaitAtServer = 0;
  let timeWaitAtClients = 0;
  for (const line of text.split('\n')) {
    const found = LINE.exec(line);
    if (found === null) continue;
    const [, local, remote, state] = found as unknown as [string, string, string, string];
    if (state === LISTEN) continue;
    const fromServer = used.get(local);
    if (fromServer !== undefined) {
      fromServer.add(remote);
      if (state === TIME_WAIT) timeWaitAtServer++;
      continue;
    }
    const fromClient = used.get(remote);
    if (fromClient === undefined) continue;
    fromClient.add(local);
    if (state === TIME_WAIT) timeWaitAtClients++;
  }
  const portsUsed = Math.max(0, ...[...used.values()].map(({ size }) => size));
  return { timeWaitAtServer, timeWaitAtClients, portsUsed };
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** A reading of 14,000 sockets takes about 20 ms of the runner's time, so they are few. */
const EVERY_MS = 10_000;

/** Looks at the ports of a trial now and then, and once more when it is stopped; keeps what was most. */
export class PortWatch {
  private readonly timer: NodeJS.Timeout;
  private most: PortReading | null = null;

  /** @param serverPorts where clients connect to */
  constructor(
    private readonly serverPorts: readonly number[],
    private readonly read: () => string | null = () => readText('/proc/net/tcp'),
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.timer.unref();
  }

  /** Null where there is no table to read. */
  stop(): PortReading | null {
    clearInterval(this.timer);
    this.look();
    return this.most;
  }

  private look(): void {
    const text = this.read();
    if (text === null) return;
    const now = parseTcpTable(text, this.serverPorts);
    const { most } = this;
    this.most =
      most === null
        ? now
        : {
            timeWaitAtServer: Math.max(most.timeWaitAtServer, now.timeWaitAtServer),
            timeWaitAtClients: Math.max(most.timeWaitAtClients, now.timeWaitAtClients),
            portsUsed: Math.max(most.portsUsed, now.portsUsed),
          };
  }
}
