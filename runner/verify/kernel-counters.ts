import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

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

const LIMIT_MS = 15_000;

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
export function parseSockets(listing: string, serverPorts: ReadonlySet<number>): KernelCounters {
  const empty = () => ({ sent: 0, acked: 0, received: 0, segmentsOut: 0, segmentsIn: 0 });
  const client = empty();
  const server = empty();
  let connections = 0;
  let leastSegment = Number.POSITIVE_INFINITY;
  for (const line of listing.split('\n')) {
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

const ATTEMPTS = 3;

/**
 * Asks the kernel, through `ss`, for the TCP_INFO of every established connection to these ports, both ends.
 * Needs no privilege.
 * @throws Error when ss fails
 */
export async function readKernelCounters(ss: string, ports: readonly number[]): Promise<KernelCounters> {
  const filter = ports.map((port) => `sport = :${port} or dport = :${port}`).join(' or ');
  for (let attempt = 1; ; attempt++) {
    const { listing, complaint, code, signal } = await list(ss, filter);
    if (code === 0) return parseSockets(listing, new Set(ports));
    // Ctrl-C reaches a child that is forked and has not left the process group yet. Reading again is harmless.
    if (signal === null || attempt === ATTEMPTS)
      throw new Error(`ss ended with ${signal ?? `code ${code}`}: ${complaint.trim()}`);
  }
}

async function list(ss: string, filter: string) {
  const process = spawn(ss, ['-tinOH', 'state', 'established', `( ${filter} )`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    // Ctrl-C reaches the whole process group; what is being read is still to be read.
    detached: true,
  });
  const ended = once(process, 'close');
  const [listing, complaint] = await Promise.all([text(process.stdout), text(process.stderr), ended]);
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  return { listing, complaint, code, signal };
}
