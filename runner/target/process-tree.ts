import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessMeter, ProcessReading } from '../measure/system-sampler.js';
import { TreeCpu } from './tree-cpu.js';

/** A process as /proc/PID/stat has it. */
interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Since the machine's start, in ticks: with the id it names a process for good. */
  readonly started: string;
  /** User and system time, ticks of 10 ms. */
  readonly ticks: number;
  /** The same of children that it has waited for, and of theirs. */
  readonly reapedTicks: number;
  /** It has ended, and its parent has not waited for it yet: it holds nothing any more. */
  readonly isZombie: boolean;
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
 * (/proc/PID/task/TID/schedstat), and the kernel's ticks of children that their parent has waited for.
 */
export class ProcessTree implements ProcessMeter {
  /** By process. */
  private readonly threads = new Map<string, ThreadCpu>();
  private readonly cpu = new TreeCpu();

  /** @param root not negative; its session is its own when it was started by us */
  constructor(readonly root: number) {}

  /** Null when the root is gone or there is no /proc. */
  read(): ProcessReading | null {
    const members = this.members();
    if (!members.some(({ pid, isZombie }) => pid === this.root && !isZombie)) return null;
    const keys = new Map(members.map((line) => [line.pid, keyOf(line)]));
    const there = new Set(keys.values());
    for (const key of this.threads.keys()) if (!there.has(key)) this.threads.delete(key);
    let rssBytes = 0;
    const costs = members.map((line) => {
      const key = keyOf(line);
      const threads = this.threads.get(key) ?? new ThreadCpu();
      this.threads.set(key, threads);
      rssBytes += residentOf(line.pid);
      return {
        key,
        parent: keys.get(line.parent) ?? null,
        // Threads that came and went between two readings are in the kernel's sum alone.
        ownMicros: Math.max(threads.read(line.pid), line.ticks * TICK_MICROS),
        reapedMicros: line.reapedTicks * TICK_MICROS,
      };
    });
    return { cpuMicros: this.cpu.take(costs), rssBytes };
  }

  /** Who belongs to it now. */
  marks(): readonly ProcessMark[] {
    return this.members().filter(({ isZombie }) => !isZombie);
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

/** CPU of the threads of a process, those that have ended contained as they were last seen; microseconds. */
class ThreadCpu {
  private byThread = new Map<string, number>();
  private endedMicros = 0;

  read(pid: number): number {
    const now = new Map<string, number>();
    for (const tid of list(`/proc/${pid}/task`)) {
      const schedstat = readText(`/proc/${pid}/task/${tid}/schedstat`);
      if (schedstat !== null) now.set(tid, Number(schedstat.split(' ')[0]) / 1000);
    }
    for (const [tid, micros] of this.byThread) {
      // Less than before is another thread that was given the number.
      if ((now.get(tid) ?? -1) < micros) this.endedMicros += micros;
    }
    this.byThread = now;
    let total = this.endedMicros;
    for (const micros of now.values()) total += micros;
    return total;
  }
}

/** Whether a process lives that was marked before. */
export function isAlive({ pid, started }: ProcessMark): boolean {
  const line = lineOf(pid);
  return line !== null && !line.isZombie && line.started === started;
}

function keyOf({ pid, started }: ProcessMark): string {
  return `${pid}/${started}`;
}

function processes(): readonly ProcessLine[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => lineOf(Number(name)))
    .filter((line) => line !== null);
}

/** Null for one that is gone. */
function lineOf(pid: number): ProcessLine | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'X') return null;
  return {
    pid,
    parent: Number(fields[1]),
    session: Number(fields[3]),
    started: fields[19] ?? '',
    ticks: Number(fields[11]) + Number(fields[12]),
    reapedTicks: Number(fields[13]) + Number(fields[14]),
    isZombie: fields[0] === 'Z',
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
