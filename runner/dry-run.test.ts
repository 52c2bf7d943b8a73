import { describe, expect, it } from 'vitest';
import type { Environment } from '../reports/result.js';
import { dryRun, dryRunText } from './dry-run.js';
import { DEFAULT_LIMITS, type Plan } from './plan.js';

const plan: Plan = {
  scenarios: ['polling', 'sse'],
  workload: 'broadcast',
  clients: [500, 40_000],
  ratePerSecond: 10,
  arrivals: 'poisson',
  payloadBytes: 10,
  durationSeconds: 10,
  warmupSeconds: 1,
  trials: 2,
  pollIntervalMs: 500,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 42,
  pin: true,
  limits: { ...DEFAULT_LIMITS, stealPercent: 9 },
  overridden: ['stealPercent'],
};
const environment: Environment = {
  node: 'v20',
  v8: '11',
  os: 'Linux',
  kernel: '6',
  cpuModel: 'test',
  cores: 4,
  allowedCores: 4,
  cpuQuotaCores: null,
  memoryBytes: 2 ** 34,
  memoryLimitBytes: null,
  openFilesLimit: 20_000,
  ephemeralPorts: { first: 32_768, last: 60_999 },
  pinned: false,
  unavailable: { pinned: '--no-pin was given' },
};
const dry = dryRun(plan, { command: ['--seed', '42'], out: 'results/x', calibrate: 'never' }, environment, [
  'mind the gap',
]);

describe('a dry run', () => {
  it('works out processes, descriptors and ports for each client count', () => {
    expect(dry.needs.map((needs) => [needs.processes.servers, needs.processes.shards])).toEqual([
      [1, 3],
      [3, 3],
    ]);
    expect(dry.needs[1]).toMatchObject({ descriptors: 13_334 + 100, ports: 13_334 });
    expect(dry.order).toHaveLength(8);
  });

  it('says in words what would run, where, for how long, and that nothing was started', () => {
    const text = dryRunText(dry);
    for (const part of [
      'polling, sse',
      '500; 40,000',
      '100 in the window',
      'poll interval   500 ms',
      'stealPercent = 9 (overridden)',
      '1 server process (500 clients each), 3 generator shards (167 each)',
      '13,434 of 20,000 descriptors in a process',
      '13,334 of 28,232 ports to a server',
      'no: --no-pin was given',
      'note: mind the gap',
      'time needed',
      'Nothing was started. To run it: pushbench --seed 42',
    ]) {
      expect(text).toContain(part);
    }
  });
});
