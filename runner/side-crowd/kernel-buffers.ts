import { readFileSync } from 'node:fs';

/** Bytes that the kernel keeps for a connection whose reader is slow, by its own tuning. */
export interface KernelBuffers {
  /** Not yet acknowledged, at the server: the buffer grows with what is in flight, to the third number of tcp_wmem. */
  readonly send: number;
  /** Not yet read, at the client: the buffer grows only for who reads fast, and else stays the second number of tcp_rmem. */
  readonly receive: number;
}

/** net.ipv4.tcp_wmem and tcp_rmem; null where they cannot be read. */
export function readKernelBuffers(folder = '/proc/sys/net/ipv4'): KernelBuffers | null {
  try {
    return { send: numberOf(`${folder}/tcp_wmem`, 2), receive: numberOf(`${folder}/tcp_rmem`, 1) };
  } catch {
    return null;
  }
}

function numberOf(path: string, place: number): number {
  const bytes = Number(readFileSync(path, 'latin1').trim().split(/\s+/)[place]);
  if (!Number.isFinite(bytes)) throw new Error(`${path} does not have three numbers`);
  return bytes;
}

/** Bytes of memory in TCP buffers of the whole machine (the pages of `/proc/net/sockstat`); null where it cannot be read. */
export function readTcpMemory(path = '/proc/net/sockstat'): number | null {
  try {
    const pages = /^TCP:.*\bmem (\d+)/m.exec(readFileSync(path, 'latin1'))?.[1];
    return pages === undefined ? null : Number(pages) * 4096;
  } catch {
    return null;
  }
}
