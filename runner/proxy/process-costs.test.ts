import { describe, expect, it } from 'vitest';
import { readCosts } from './process-costs.js';

const STATUS = 'Name:\tnginx\nVmHWM:\t   12000 kB\nVmRSS:\t   10000 kB\nThreads:\t1\n';
// User and system time are 7 and 5 ticks; the name is as unkind as it may be.
const STAT = `42 (nginx) S) S 1 42 42 0 -1 4194560 1 0 0 0 7 5 0 0 20 0 1 0 100`;

const proc =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string | null =>
    files[path] ?? null;

describe('the costs of processes', () => {
  it('are the nanoseconds of the scheduler and the resident sets, added up', () => {
    const read = proc({
      '/proc/42/schedstat': '1500000000 200 300\n',
      '/proc/42/status': STATUS,
      '/proc/43/schedstat': '2000500 1 2\n',
      '/proc/43/status': STATUS,
    });
    expect(readCosts([42, 43], read)).toEqual({
      cpuMicros: 1_502_000.5,
      rssBytes: 20_000 * 1024,
      peakBytes: 24_000 * 1024,
    });
  });

  it.each([{}, { '/proc/42/schedstat': '0 0 0\n' }])(
    'are ticks of 10 ms where the kernel does not keep nanoseconds',
    (schedstat) => {
      const read = proc({ '/proc/42/stat': STAT, '/proc/42/status': STATUS, ...schedstat });
      expect(readCosts([42], read)?.cpuMicros).toBe(120_000);
    },
  );

  it('are not known of a process that is gone, of none, and where there is no /proc', () => {
    const read = proc({ '/proc/42/schedstat': '1 2 3', '/proc/42/status': STATUS });
    expect(readCosts([42, 43], read)).toBeNull();
    expect(readCosts([], read)).toBeNull();
    expect(readCosts([42], proc({}))).toBeNull();
  });
});
