import { readText } from '../cgroup-limits.js';

/** What the kernel holds for the sockets of this machine, bytes, and where that was read. */
export interface KernelMemory {
  readonly source: 'slabinfo' | 'sockstat';
  readonly bytes: number;
}

/**
 * What an open TCP socket takes of the kernel's slab: the socket, its inode and directory entry, the open file, and its
 * place in an epoll set; 3,712 bytes on Linux 6.18. Caches that other things share (kmalloc-*) are left out, so what is
 * queued on the socket is not in it.
 */
const CACHES: readonly string[] = ['TCP', 'sock_inode_cache', 'dentry', 'filp', 'eventpoll_epi'];

/**
 * Bytes that the open TCP sockets take, from /proc/slabinfo: their number, which is that of the TCP cache's objects in
 * use, times the object sizes of all caches that a socket has a place in. The other caches' own counts are not used: a
 * directory entry is cached for every file that any program opens. Null when there is no TCP cache.
 */
export function parseSlabinfo(text: string): number | null {
  let sockets: number | null = null;
  let bytesEach = 0;
  for (const line of text.split('\n')) {
    const entry = /^(\S+)\s+(\d+)\s+\d+\s+(\d+)\s/.exec(line);
    if (entry === null || !CACHES.includes(entry[1]!)) continue;
    bytesEach += Number(entry[3]);
    if (entry[1] === 'TCP') sockets = Number(entry[2]);
  }
  return sockets === null ? null : sockets * bytesEach;
}

const PAGE_BYTES = 4096;

/** Bytes queued on TCP sockets, from /proc/net/sockstat: whole pages, and nothing for a socket that lies still. */
export function parseSockstat(text: string): number | null {
  const line = /^TCP:.*\bmem (\d+)/m.exec(text);
  return line === null ? null : Number(line[1]) * PAGE_BYTES;
}

/**
 * The kernel's memory for all sockets of the machine now: the slab where it can be read (root), else what is queued.
 * Null where neither can; `kernelMemoryReason` says why.
 */
export function readKernelMemory(read: (path: string) => string | null = readText): KernelMemory | null {
  const slab = read('/proc/slabinfo');
  const objects = slab === null ? null : parseSlabinfo(slab);
  if (objects !== null) return { source: 'slabinfo', bytes: objects };
  const sockets = read('/proc/net/sockstat');
  const queued = sockets === null ? null : parseSockstat(sockets);
  return queued === null ? null : { source: 'sockstat', bytes: queued };
}

/** Why the kernel's memory is not known, or known only in part; null when it is. */
export function kernelMemoryReason(memory: KernelMemory | null): string | null {
  if (memory === null) return 'neither /proc/slabinfo nor /proc/net/sockstat can be read';
  return memory.source === 'slabinfo'
    ? null
    : '/proc/slabinfo is for root only; /proc/net/sockstat counts queued data, nothing for a socket that lies still';
}
