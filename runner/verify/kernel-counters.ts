import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** TCP_INFO summed over one end of all connections. */
export interface EndCounters {
  /** Payload bytes sent, each once however often it was sent. */
  readonly sent: number;
  readonly acked: number;
  readonly received: number;
  readonly segmentsOut: number;
  readonly segmentsIn: number;
}

/** What the kernel counted for the connections between clients and servers that stand now. */
export interface KernelCounters {
  /** Clients' ends, and with them connections. */
  readonly connections: number;
  readonly client: EndCounters;
  readonly server: EndCounters;
  /** The least segment size in force: above it the kernel counts one packet of loopback as several segments. */
  readonly leastSegment: number;
}

/** `ss`'s names. A counter that is 0 is not printed. */
const NAMES = {
  sent: 'bytes_sent',
  again: 'bytes_retrans',
  acked: 'bytes_acked',
  received: 'bytes_received',
  segmentsOut: 'segs_out',
  segmentsIn: 'segs_in',
  segment: 'mss',
} as const;

/**
 * Sums the output of `ss -tinOH state established`, one socket a line.
 * @param serverPorts a socket whose local port is among them is a server's end
 */
export function parseSockets(text: string, serverPorts: ReadonlySet<number>): KernelCounters {
  const empty = () => ({ sent: 0, acked: 0, received: 0, segmentsOut: 0, segmentsIn: 0 });
  const client = empty();
  const server = empty();
  let connections = 0;
  let leastSegment = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n')) {
    const [, , local] = line.trim().split(/\s+/);
    if (local === undefined) continue;
    const isServer = serverPorts.has(Number(local.slice(local.lastIndexOf(':') + 1)));
    const end = isServer ? server : client;
    if (!isServer) connections++;
    // Whole words: `segs_out` is also the end of `data_segs_out`.
    const values = new Map(
      [...line.matchAll(/(?<=\s)([a-z_]+):(\d+)(?=\s|$)/g)].map((match) => [match[1]!, Number(match[2])]),
    );
    const read = (name: string): number => values.get(name) ?? 0;
    end.sent += read(NAMES.sent) - read(NAMES.again);
    end.acked += read(NAMES.acked);
    end.received += read(NAMES.received);
    end.segmentsOut += read(NAMES.segmentsOut);
    end.segmentsIn += read(NAMES.segmentsIn);
    leastSegment = Math.min(leastSegment, values.get(NAMES.segment) ?? Number.POSITIVE_INFINITY);
  }
  return { connections, client, server, leastSegment };
}

/**
 * Asks the kernel, through `ss`, for the TCP_INFO of every established connection to these ports, both ends.
 * Needs no privilege.
 * @throws Error when ss fails
 */
export async function readKernelCounters(ss: string, ports: readonly number[]): Promise<KernelCounters> {
  const filter = ports.map((port) => `sport = :${port} or dport = :${port}`).join(' or ');
  const { stdout } = await promisify(execFile)(ss, ['-tinOH', 'state', 'established', `( ${filter} )`], {
    maxBuffer: 256 * 2 ** 20,
    timeout: 15_000,
  });
  return parseSockets(stdout, new Set(ports));
}
