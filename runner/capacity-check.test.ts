import { describe, expect, it } from 'vitest';
import { checkCapacity, type Machine, needsOf } from './capacity-check.js';
import { processPlan } from './process-plan.js';

const machine: Machine = {
  cores: 2,
  allowedCores: 2,
  memoryBytes: 64 * 2 ** 30,
  memoryLimitBytes: null,
  openFilesLimit: 20_000,
  ephemeralPorts: { first: 32_768, last: 60_999 },
};
const plan = (clients: number, payloadBytes = 10) => ({
  clients: [1, clients],
  payloadBytes,
  rttMs: 0,
  bandwidthBitsPerSecond: null,
});

describe('processPlan', () => {
  it.each([
    [1, 8, 1, 1],
    [1000, 1, 1, 1],
    [1000, 2, 1, 1],
    [1000, 8, 1, 7],
    [18_000, 2, 1, 1],
    [18_001, 2, 2, 2],
    [100_000, 4, 6, 6],
  ])('%d clients on %d cores are %d servers and %d shards', (clients, cores, servers, shards) => {
    expect(processPlan(clients, cores)).toMatchObject({ servers, shards });
  });

  it.each([
    [10_000, 1, 1],
    [13_833, 1, 1],
    [13_834, 2, 1],
    [18_001, 2, 2],
    [100_000, 8, 6],
  ])(
    'keeps %d clients within half of 28,232 client ports a server: %d servers and %d shards',
    (clients, servers, shards) => {
      const plan = processPlan(clients, 2, 28_232);
      expect(plan).toMatchObject({ servers, shards });
      expect(plan.clientsPerServer).toBeLessThanOrEqual(28_232 / 2);
    },
  );
});

describe('clients with several connections', () => {
  it('have as many more processes as they take descriptors and ports', () => {
    expect(processPlan(9000, 2, null, false, 2)).toMatchObject({ servers: 1, shards: 1 });
    expect(processPlan(9001, 2, null, false, 2)).toMatchObject({ servers: 2, shards: 2 });
    expect(processPlan(6917, 2, 28_232, false, 2)).toMatchObject({ servers: 2 });
    expect(processPlan(6916, 2, 28_232, false, 2)).toMatchObject({ servers: 1 });
    expect(needsOf(5000, machine, false, 2)).toMatchObject({ descriptors: 10_100, ports: 10_000 });
    expect(needsOf(5000, machine, false, 2).memoryBytes).toBeGreaterThan(needsOf(5000, machine).memoryBytes);
  });
});

describe('checkCapacity', () => {
  it('accepts 10,000 clients with the usual limits', () => {
    expect(checkCapacity(plan(10_000), machine)).toEqual({ mistakes: [], warnings: [] });
  });

  it('names descriptors with their arithmetic when a process may open too few', () => {
    const { mistakes } = checkCapacity(plan(2000), { ...machine, openFilesLimit: 1024 });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain('2,000 sockets + 100 others = 2,100 descriptors');
    expect(mistakes[0]).toContain('may open 1,024. Raise the limit (ulimit -n 2100)');
  });

  it('names ports when the ephemeral range is so small that the servers would be too many', () => {
    const range = { first: 40_000, last: 40_099 };
    expect(checkCapacity(plan(2000), { ...machine, ephemeralPorts: range }).mistakes).toEqual([]);
    const { mistakes } = checkCapacity(plan(5000), { ...machine, ephemeralPorts: range });
    expect(mistakes[0]).toContain(
      '40000 to 40099, has 100, so that one server can take 49 clients and 103 server',
    );
  });

  it('refuses what does not fit into memory, and the tighter of machine and control group counts', () => {
    expect(checkCapacity(plan(1_000_000), { ...machine, memoryBytes: 8 * 2 ** 30 }).mistakes[0]).toContain(
      '8.0 GiB',
    );
    expect(checkCapacity(plan(10_000), { ...machine, memoryLimitBytes: 2 ** 28 }).mistakes[0]).toContain(
      '256 MiB',
    );
  });

  it('warns of a fan-out that may not fit, without refusing it', () => {
    const { mistakes, warnings } = checkCapacity(plan(10_000, 2 ** 24), machine);
    expect(mistakes).toEqual([]);
    expect(warnings[0]).toContain('10,000 clients x 16,777,216 bytes');
  });

  it('does not judge limits that cannot be read', () => {
    const unknown = { ...machine, openFilesLimit: null, ephemeralPorts: null, allowedCores: null };
    expect(checkCapacity(plan(100_000), unknown).mistakes).toEqual([]);
    expect(needsOf(100_000, unknown).processes.servers).toBe(6);
  });
});
