import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseCfsQuota, parseCgroups, parseCpuMax, parseMemoryLimit } from './proc-text.js';

/** What the control groups of this process grant; null means no limit. */
export interface CgroupLimits {
  readonly cpuQuotaCores: number | null;
  readonly memoryLimitBytes: number | null;
}

/** Reads a file as text, null when it is not there; tests bring their own. */
export type ReadText = (path: string) => string | null;

/**
 * The tightest CPU quota and memory limit of this process's control groups, v2 and v1.
 *
 * A limit of any ancestor binds as well, so every level up to the root is looked at. Inside a container the path in
 * /proc/self/cgroup may be the host's, of which only the mount's root is visible; levels that are missing are skipped.
 */
export function readCgroupLimits(read: ReadText = readText): CgroupLimits | null {
  const own = read('/proc/self/cgroup');
  if (own === null) return null;
  const { unified, controllers } = parseCgroups(own);
  const quotas: (number | null)[] = [];
  const memories: (number | null)[] = [];
  for (const level of unified === null ? [] : levels(unified)) {
    const folder = join('/sys/fs/cgroup', level);
    quotas.push(parsed(read(join(folder, 'cpu.max')), parseCpuMax));
    memories.push(parsed(read(join(folder, 'memory.max')), parseMemoryLimit));
  }
  for (const level of levels(controllers.get('cpu') ?? '/')) {
    const folder = join('/sys/fs/cgroup/cpu', level);
    const quota = read(join(folder, 'cpu.cfs_quota_us'));
    const period = read(join(folder, 'cpu.cfs_period_us'));
    quotas.push(quota === null || period === null ? null : parseCfsQuota(quota, period));
  }
  for (const level of levels(controllers.get('memory') ?? '/')) {
    const file = join('/sys/fs/cgroup/memory', level, 'memory.limit_in_bytes');
    memories.push(parsed(read(file), parseMemoryLimit));
  }
  return { cpuQuotaCores: tightest(quotas), memoryLimitBytes: tightest(memories) };
}

/** The file's text, or null when it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function levels(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = posix.normalize(`/${path}`); ; at = posix.dirname(at)) {
    // A namespaced process may be shown a path above its root: `/../other`.
    if (!at.includes('..')) found.push(at);
    if (at === '/') return found;
  }
}

function parsed(text: string | null, parse: (text: string) => number | null): number | null {
  return text === null ? null : parse(text);
}

function tightest(limits: readonly (number | null)[]): number | null {
  const set = limits.filter((limit) => limit !== null);
  return set.length === 0 ? null : Math.min(...set);
}
