/** Pure readers of the texts that Linux keeps under /proc and /sys. Each returns null for a text of another form. */

/** A kernel CPU list such as `0-3,8,10-11` as numbers, ascending. */
export function parseCpuList(text: string): readonly number[] | null {
  const cores = new Set<number>();
  for (const part of text.trim().split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (range === null) return null;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last > 65_535) return null;
    for (let core = first; core <= last; core++) cores.add(core);
  }
  return [...cores].sort((a, b) => a - b);
}

/** The cores a process may use, from /proc/PID/status. */
export function parseAllowedCores(status: string): readonly number[] | null {
  const line = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status);
  return line === null ? null : parseCpuList(line[1]!);
}

/** The soft limit on open files, from /proc/PID/limits; `unlimited` is infinite and told as null. */
export function parseOpenFilesLimit(limits: string): number | null {
  const line = /^Max open files\s+(\S+)/m.exec(limits);
  return line === null || !/^\d+$/.test(line[1]!) ? null : Number(line[1]);
}

/** First and last ephemeral port, from /proc/sys/net/ipv4/ip_local_port_range. */
export function parsePortRange(text: string): { first: number; last: number } | null {
  const pair = /^(\d+)\s+(\d+)\s*$/.exec(text);
  return pair === null ? null : { first: Number(pair[1]), last: Number(pair[2]) };
}

/** Paths of a process's control groups, from /proc/PID/cgroup: the unified one, and one for each v1 controller. */
export function parseCgroups(text: string): {
  readonly unified: string | null;
  readonly controllers: ReadonlyMap<string, string>;
} {
  let unified: string | null = null;
  const controllers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const entry = /^\d+:([^:]*):(.*)$/.exec(line);
    if (entry === null) continue;
    if (entry[1] === '') unified = entry[2]!;
    else for (const controller of entry[1]!.split(',')) controllers.set(controller, entry[2]!);
  }
  return { unified, controllers };
}

/** Cores that a cgroup v2 `cpu.max` grants (`200000 100000` is 2); null for `max`. */
export function parseCpuMax(text: string): number | null {
  const pair = /^(\d+)\s+(\d+)\s*$/.exec(text);
  return pair === null || Number(pair[2]) === 0 ? null : Number(pair[1]) / Number(pair[2]);
}

/** Cores that cgroup v1's `cpu.cfs_quota_us` and `cpu.cfs_period_us` grant; null for a quota of -1. */
export function parseCfsQuota(quota: string, period: string): number | null {
  const microseconds = Number(quota);
  const each = Number(period);
  return microseconds > 0 && each > 0 ? microseconds / each : null;
}

/** A memory limit in bytes; null for `max` and for v1's "no limit", a number near 2^63. */
export function parseMemoryLimit(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d+$/.test(trimmed)) return null;
  const bytes = Number(trimmed);
  return bytes >= 2 ** 60 ? null : bytes;
}
