import { describe, expect, it } from 'vitest';
import { readCgroupLimits } from './cgroup-limits.js';

const files =
  (texts: Record<string, string>) =>
  (path: string): string | null =>
    texts[path] ?? null;

describe('readCgroupLimits', () => {
  it('takes the tightest limit of a v2 group and its ancestors', () => {
    const read = files({
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/a/cpu.max': '250000 100000\n',
      '/sys/fs/cgroup/a/memory.max': '1000000\n',
      '/sys/fs/cgroup/a/b/memory.max': 'max\n',
    });
    expect(readCgroupLimits(read)).toEqual({ cpuQuotaCores: 2.5, memoryLimitBytes: 1_000_000 });
  });

  it("sees a container's own root where the path is the host's", () => {
    const read = files({
      '/proc/self/cgroup': '0::/../../docker/abc\n',
      '/sys/fs/cgroup/cpu.max': '100000 100000\n',
    });
    expect(readCgroupLimits(read)).toEqual({ cpuQuotaCores: 1, memoryLimitBytes: null });
  });

  it('reads v1 controllers', () => {
    const read = files({
      '/proc/self/cgroup': '4:memory:/box\n3:cpu,cpuacct:/box\n',
      '/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/box/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': '2048\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    });
    expect(readCgroupLimits(read)).toEqual({ cpuQuotaCores: 0.5, memoryLimitBytes: 2048 });
  });

  it('knows nothing where there are no control groups', () => {
    expect(readCgroupLimits(() => null)).toBeNull();
  });
});
