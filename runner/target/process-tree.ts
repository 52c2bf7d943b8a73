import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMeter, ProcessReading } from '../measure/system-sampler.js';

/** A process as /proc/PID/stat has it. */
interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Since the machine's start, in ticks: with the id it names a process for good. */
  readonly started: string;
  /** User and system time, ticks of 10 ms. */
  readonly ticks: number;
}

/** A process by id and start, so that another one that is given its id later is not taken for it. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

const TICK_MICROS = 10_000;

/**
 * What a process and everything it has started cost, from outside.
 *
 * Its own are its descendants, and whoever is in its session. CPU is the scheduler's nanoseconds over all threads
 * (/proc/PID/task/TID/schedstat); what ended between two readings keeps what it had at the last one.
 */
export class ProcessTree implements ProcessMeter {
  /** By process and thread: CPU at the last reading. */
  private readonly threads = new Map<string, number>();
  /** By process: the kernel's own sum over its threads, ended ones contained, in ticks. */
  private readonly ticks = new Map<string, number>();

  /** @param root not negative; its session is its own when it was started by us */
  constructor(readonly root: number) {}

  /** Null when the root is gone or there is no /proc. */
  read(): ProcessReading | null {
    const members = this.members();
    if (!members.some(({ pid }) => pid === this.root)) return null;
    let rssBytes = 0;
    for (const { pid, started, ticks } of members) {
      const key = `${pid}/${started}`;
      this.ticks.set(key, Math.max(ticks, this.ticks.get(key) ?? 0));
      for (const tid of list(`/proc/${pid}/task`)) {
        const schedstat = readText(`/proc/${pid}/task/${tid}/schedstat`);
        if (schedstat !== null) this.threads.set(`${key}/${tid}`, Number(schedstat.split(' ')[0]) / 1000);
      }
      rssBytes += residentOf(pid);
    }
    return { cpuMicros: this.total(), rssBytes };
  }

  /** Who belongs to it now. */
  marks(): readonly ProcessMark[] {
    return this.members();
  }

  /**
   * Of each process what its threads were seen to use, or the kernel's sum where that is more: threads that came and went
   * between two readings are in it alone.
   */
  private total(): number {
    const byProcess = new Map<string, number>();
    for (const [key, micros] of this.threads) {
      const process = key.slice(0, key.lastIndexOf('/'));
      byProcess.set(process, (byProcess.get(process) ?? 0) + micros);
    }
    let total = 0;
    for (const [process, ticks] of this.ticks)
      total += Math.max(byProcess.get(process) ?? 0, ticks * TICK_MICROS);
    return total;
  }

  private members(): readonly ProcessLine[] {
    const all = processes();
    const own = new Set([this.root]);
    // A child may stand before its parent in the list.
    for (let grown = true; grown; ) {
      grown = false;
      for (const { pid, parent, session } of all) {
        if (own.has(pid) || !(own.has(parent) || session === this.root)) continue;
        own.add(pid);
        grown = true;
      }
    }
    return all.filter(({ pid }) => own.has(pid));
  }
}

/** Whether a process lives that was marked before. */
export function isAlive({ pid, started }: ProcessMark): boolean {
  return lineOf(pid)?.started === started;
}

function processes(): readonly ProcessLine[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => lineOf(Number(name)))
    .filter((line) => line !== null);
}

/** Null for one that is gone, or a zombie, which holds nothing any more. */
function lineOf(pid: number): ProcessLine | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid,
    parent: Number(fields[1]),
    session: Number(fields[3]),
    started: fields[19] ?? '',
    ticks: Number(fields[11]) + Number(fields[12]),
  };
}

function residentOf(pid: number): number {
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '');
  return rss === null ? 0 : Number(rss[1]) * 1024;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
