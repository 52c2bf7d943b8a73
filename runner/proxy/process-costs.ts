import { readdirSync, readFileSync } from 'node:fs';
import { parseProcessTicks } from '../measure/system-sampler.js';

/** A clock tick of /proc/PID/stat. */
const TICK_MICROS = 10_000;

/** What processes that are not Node's took so far, as the kernel counts it. */
export interface ProcessCosts {
  readonly cpuMicros: number;
  /** Resident sets, bytes, and the largest each of them has been. */
  readonly rssBytes: number;
  readonly peakBytes: number;
}

/** The costs of these processes together; null where they cannot be read, or there are none. */
export function readCosts(
  pids: readonly number[],
  read: (path: string) => string | null = readText,
): ProcessCosts | null {
  const total = { cpuMicros: 0, rssBytes: 0, peakBytes: 0 };
  for (const pid of pids) {
    const cpuMicros = cpuOf(pid, read);
    const status = read(`/proc/${pid}/status`);
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '');
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? '');
    if (cpuMicros === null || rss === null || peak === null) return null;
    total.cpuMicros += cpuMicros;
    total.rssBytes += Number(rss[1]) * 1024;
    total.peakBytes += Number(peak[1]) * 1024;
  }
  return pids.length === 0 ? null : total;
}

/**
 * The scheduler's nanoseconds, first field of /proc/PID/schedstat; where the kernel keeps none, ticks of 10 ms. It is the
 * first thread's alone, and nginx has no other.
 */
function cpuOf(pid: number, read: (path: string) => string | null): number | null {
  const schedstat = /^(\d+) \d+ \d+/.exec(read(`/proc/${pid}/schedstat`) ?? '');
  if (schedstat !== null && schedstat[1] !== '0') return Number(schedstat[1]) / 1000;
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : parseProcessTicks(stat) * TICK_MICROS;
}

/** Ids of a process's children of this name, ascending; empty where there is no /proc. */
export function childrenNamed(parent: number, name: string): readonly number[] {
  const children = readText(`/proc/${parent}/task/${parent}/children`);
  const ids = children === null ? childrenByScan(parent) : children.trim().split(/\s+/).map(Number);
  return ids.filter((id) => id > 0 && readText(`/proc/${id}/comm`)?.trim() === name).sort((a, b) => a - b);
}

/** Kernels without CONFIG_PROC_CHILDREN. */
function childrenByScan(parent: number): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const stat = readText(`/proc/${name}/stat`);
      // The name in parentheses may hold anything; the parent is the second field after it.
      return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent);
    })
    .map(Number);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
