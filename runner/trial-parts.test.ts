import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intendedInstants } from '../protocol/schedule.js';
import { processPlan } from './process-plan.js';
import { mainClients } from './side-crowd/crowd-of.js';
import { visitsOf } from './side-crowd/visits.js';
import { CONTESTANT, PLAN } from './testing/hand-made-evidence.js';
import { assignClients, CONNECTS_PER_SECOND, cutLine, schedules, shardPlans, shares } from './trial-parts.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const sizes = fc.record({
  clients: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_000_000 })),
  servers: fc.integer({ min: 1, max: 60 }),
  shards: fc.integer({ min: 1, max: 60 }),
});

describe('shares', () => {
  it('add up to the whole and differ by one at most', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 100 }), (total, parts) => {
        const found = shares(total, parts);
        expect(found).toHaveLength(parts);
        expect(sum(found)).toBe(total);
        expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(1);
        expect(found.every(Number.isInteger)).toBe(true);
      }),
    );
  });
});

describe('assignClients', () => {
  it('gives every client to one shard and one server, whatever the numbers of either', () => {
    fc.assert(
      fc.property(sizes, ({ clients, servers, shards }) => {
        const assigned = assignClients(clients, { servers, shards });
        const parts = assigned.flat();
        expect(assigned.map((shard) => sum(shard.map((part) => part.clients)))).toEqual(
          shares(clients, shards),
        );
        const byServer = new Array<number>(servers).fill(0);
        for (const part of parts) byServer[part.server]! += part.clients;
        expect(byServer).toEqual(shares(clients, servers));
        expect(parts.every((part) => part.clients > 0)).toBe(true);
        expect(parts.map(({ server }) => server)).toEqual(
          parts.map(({ server }) => server).sort((a, b) => a - b),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a server without clients out', () => {
    expect(assignClients(1, { servers: 4, shards: 2 })).toEqual([[], [{ server: 3, clients: 1 }]]);
    expect(cutLine([0, 2, 0, 0, 1, 0], 2)).toEqual([
      [{ server: 1, clients: 1 }],
      [
        { server: 1, clients: 1 },
        { server: 4, clients: 1 },
      ],
    ]);
  });

  it('lets a shard run against two servers where the marks do not meet', () => {
    expect(assignClients(10, { servers: 2, shards: 3 })).toEqual([
      [{ server: 0, clients: 3 }],
      [
        { server: 0, clients: 2 },
        { server: 1, clients: 1 },
      ],
      [{ server: 1, clients: 4 }],
    ]);
  });
});

describe('shardPlans', () => {
  const plan = { ...PLAN, seed: 100, warmupSeconds: 1 };
  const target = (port: number) => ({ address: '127.0.0.1', port, host: `127.0.0.1:${port}`, path: '/' });

  it('cover every client once, paced together at the whole rate', () => {
    const contestant = { ...CONTESTANT, clients: 40_000, trial: 2, order: 7 };
    const processes = processPlan(40_000, 2);
    const entrances = shares(40_000, processes.servers).map((clients, n) => ({
      clients,
      target: target(40_000 + n),
    }));
    const plans = shardPlans(plan, contestant, processes, entrances);
    expect(plans.map(({ shard }) => shard)).toEqual(plans.map((_, n) => n));
    const all = plans.flatMap(({ targets }) => targets);
    expect(sum(all.map(({ clients }) => clients))).toBe(40_000);
    for (const entrance of entrances) {
      const there = all.filter(({ target }) => target.port === entrance.target.port);
      expect(sum(there.map(({ clients }) => clients))).toBe(entrance.clients);
    }
    expect(sum(plans.map(({ connectPerSecond }) => connectPerSecond))).toBeCloseTo(CONNECTS_PER_SECOND);
    // Poll phases follow from a seed that no two contestants of a run share.
    expect(new Set(plans.map(({ seed }) => seed))).toEqual(new Set([107]));
  });

  it('hold the same schedules in every shard', () => {
    const processes = { ...processPlan(10, 4), servers: 1, shards: 3 };
    const plans = shardPlans(plan, { ...CONTESTANT, clients: 10 }, processes, [
      { clients: 10, target: target(40_000) },
    ]);
    expect(plans).toHaveLength(3);
    for (const { warmup, measure } of plans) expect({ warmup, measure }).toEqual(schedules(plan, 1));
  });

  it.each(['churn', 'slow-readers'] as const)('number everybody apart (%s)', (workload) => {
    const busy = { ...plan, workload, workloadOptions: { churn: 50, slow: 30 }, durationSeconds: 5 };
    const processes = { ...processPlan(10, 4), servers: 1, shards: 3 };
    const main = mainClients(busy, 10);
    const plans = shardPlans(busy, { ...CONTESTANT, clients: 10 }, processes, [
      { clients: main, target: target(40_000) },
    ]);
    const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);
    const numbers = plans.flatMap(({ firstClient, targets, side, measure }) => [
      ...from(firstClient, sum(targets.map(({ clients }) => clients))),
      ...from(side!.firstClient, visitsOf(side!, measure.durationSeconds).capacity),
    ]);
    expect(numbers.length).toBeGreaterThan(main);
    expect(numbers.sort((a, b) => a - b)).toEqual(from(0, numbers.length));
  });
});

describe('schedules', () => {
  const plan = {
    ...PLAN,
    arrivals: 'poisson',
    ratePerSecond: 20,
    durationSeconds: 5,
    warmupSeconds: 5,
  } as const;

  it('publish at other instants in the warm-up, in the window and in each round', () => {
    const instants = [schedules(plan, 1), schedules(plan, 2)].flatMap(({ warmup, measure }) => [
      intendedInstants(warmup).join(),
      intendedInstants(measure).join(),
    ]);
    expect(new Set(instants).size).toBe(4);
  });

  it('are the same for every contestant of a round', () => {
    expect(schedules(plan, 3)).toEqual(schedules(plan, 3));
  });

  it('publish one message late in the window when the workload is idle, and none in the warm-up', () => {
    const { warmup, measure } = schedules({ ...plan, workload: 'idle' }, 1);
    expect(intendedInstants(warmup).length).toBe(0);
    expect([...intendedInstants(measure)]).toEqual([4500]);
  });
});
