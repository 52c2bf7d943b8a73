import { describe, expect, it } from 'vitest';
import type { Measurements } from '../reports/result.js';
import type { Evidence } from './evidence.js';
import { judge } from './health.js';
import { measurementsOf } from './measurements.js';
import { DEFAULT_LIMITS, type HealthLimits } from './plan.js';
import {
  busyShard,
  evidence,
  histogram,
  hostSample,
  PLAN,
  shardResult,
  table,
  totals,
} from './testing/hand-made-evidence.js';

function verdictOn(changes: Partial<Evidence>, limits: Partial<HealthLimits> = {}) {
  const found = evidence(changes);
  const verdict = judge(measurementsOf(found), found, { ...DEFAULT_LIMITS, ...limits });
  return { ...verdict, codes: verdict.reasons.map(({ code }) => code) };
}

const judgeLoss = (lost: number, expected: number): string => {
  const found = measurementsOf(evidence({}));
  const messages = { ...found.messages, lost, expected };
  return judge({ ...found, messages }, evidence({}), DEFAULT_LIMITS).reasons.find(
    ({ code }) => code === 'lost',
  )!.message;
};
const codesBeside = (changes: Partial<Evidence>, sideCrowd: object): string[] => {
  const given = evidence(changes);
  const found = { ...measurementsOf(given), sideCrowd: sideCrowd as Measurements['sideCrowd'] & object };
  return judge(found, given, DEFAULT_LIMITS).reasons.map(({ code }) => code);
};

const fine = { void: false, codes: [] };
const times = (count: number, us: number): number[] => Array.from({ length: count }, () => us);

/** A shard whose own share of every latency is `shareUs`, fifty deliveries a publish. */
const sharing = (shareUs: number, latencyUs: number, publishes = 2) => ({
  results: [
    shardResult({
      share: histogram(times(50 * publishes, shareUs)),
      latency: histogram(times(50 * publishes, latencyUs)),
      publishes: {
        ...shardResult().publishes,
        shares: table(times(publishes, 0).map(() => times(50, shareUs))),
      },
    }),
  ],
});

const lagging = (idleLagUs: readonly number[], latencyUs = 1000) => ({
  publication: { ...evidence().publication, idleLagUs },
  results: [shardResult({ latency: histogram(times(8, latencyUs)) })],
});

/** Shares of the machine, over the window and in each of its samples. */
const machine = (stealPercent: number | null, foreignCpuPercent: number | null, samples = 2) => {
  const shares = { stealPercent, foreignCpuPercent };
  return { system: { ...evidence().system, shares, samples: times(samples, 0).map(() => shares) } };
};

describe('a trial', () => {
  it('in which nothing was wrong is believed, without a word', () => {
    expect(verdictOn({})).toMatchObject({ ...fine, notJudged: [] });
  });

  it('names every reason in a sentence, those that void it first', () => {
    const verdict = verdictOn({
      ...machine(9, 9),
      results: [shardResult({ lost: 1, backwards: 2, sockets: { up: 0, down: 97 }, duplicated: 3 })],
    });
    expect(verdict.void).toBe(true);
    expect(verdict.codes).toEqual([
      'ledger',
      'clock-backwards',
      'steal',
      'foreign-cpu',
      'lost',
      'not-once-in-order',
    ]);
    for (const { message } of verdict.reasons) expect(message).toMatch(/^[A-Z0-9].*\.$/);
    for (const reason of verdict.reasons) expect(Object.keys(reason)).toEqual(['code', 'message']);
  });
});

describe("the generator's own share of a latency", () => {
  it('may be 3 ms, and voids the trial beyond', () => {
    expect(verdictOn(sharing(3000, 5000))).toMatchObject(fine);
    expect(verdictOn(sharing(3001, 5000))).toMatchObject({
      void: true,
      codes: ['generator-share'],
      limitedBy: 'generator',
    });
  });

  it('may be a tenth of the reported p99 where that is more', () => {
    expect(verdictOn(sharing(10_000, 100_000))).toMatchObject(fine);
    expect(verdictOn(sharing(10_001, 100_000))).toMatchObject({ void: true, codes: ['generator-share'] });
  });

  it('needs two publishes of which most deliveries waited', () => {
    expect(verdictOn(sharing(50_000, 1000, 1))).toMatchObject(fine);
    expect(verdictOn(sharing(50_000, 1000, 2))).toMatchObject({ void: true });
  });

  it('does not void a trial for a hiccup in the tail of publishes', () => {
    const hiccup = [...times(30, 10), ...times(20, 900_000)];
    const results = [
      shardResult({
        share: histogram([...hiccup, ...hiccup]),
        publishes: { ...shardResult().publishes, shares: table([hiccup, hiccup]) },
      }),
    ];
    expect(verdictOn({ results })).toMatchObject(fine);
  });

  it('counts the deliveries of a publish over all shards', () => {
    const shard = (shareUs: number) => sharing(shareUs, 1000).results[0]!;
    expect(verdictOn({ results: [shard(50_000), shard(50_000), shard(10)] })).toMatchObject({ void: true });
    expect(verdictOn({ results: [shard(50_000), shard(10), shard(10)] })).toMatchObject(fine);
  });

  it('follows overridden limits', () => {
    expect(verdictOn(sharing(5000, 5000), { generatorShareMs: 5 })).toMatchObject(fine);
    expect(verdictOn(sharing(5001, 5000), { generatorShareMs: 5 })).toMatchObject({ void: true });
    expect(verdictOn(sharing(20_000, 100_000), { generatorSharePart: 0.2 })).toMatchObject(fine);
    expect(verdictOn(sharing(20_001, 100_000), { generatorSharePart: 0.2 })).toMatchObject({ void: true });
  });
});

describe("the generator's CPU", () => {
  it('may be 85 % of a core in the worst shard, and voids the trial beyond', () => {
    expect(verdictOn({ results: [busyShard(0.85)] })).toMatchObject(fine);
    expect(verdictOn({ results: [busyShard(0.86)] })).toMatchObject({
      void: true,
      codes: ['generator-cpu'],
      limitedBy: 'generator',
    });
    expect(verdictOn({ results: [busyShard(0.1), busyShard(0.86)] })).toMatchObject({ void: true });
    expect(verdictOn({ results: [busyShard(0.84), busyShard(0.84)] })).toMatchObject(fine);
  });

  it('needs two samples beyond the limit', () => {
    const oneSample = [{ ...busyShard(0.9), busiestCores: [1, 0.85] }];
    expect(verdictOn({ results: oneSample })).toMatchObject(fine);
  });

  it('may be 85 % of the cores it is pinned to, summed over its shards', () => {
    const results = [busyShard(0.45), busyShard(0.45)];
    const seconds = (percent: number, count: number) => ({
      system: {
        ...evidence().system,
        rows: times(count, percent).map((generatorCpuPercent) => ({
          serverRssBytes: 1,
          serverCpuPercent: 1,
          generatorCpuPercent,
        })),
      },
    });
    expect(verdictOn({ results, generatorCores: 1, ...seconds(90, 2) })).toMatchObject({
      void: true,
      codes: ['generator-cores'],
    });
    expect(verdictOn({ results, generatorCores: 1, ...seconds(90, 1) })).toMatchObject(fine);
    expect(verdictOn({ results, generatorCores: 2, ...seconds(90, 2) })).toMatchObject(fine);
    expect(verdictOn({ results, generatorCores: null, ...seconds(90, 2) })).toMatchObject(fine);
  });

  it('follows an overridden limit', () => {
    expect(verdictOn({ results: [busyShard(0.95)] }, { generatorUtilization: 0.95 })).toMatchObject(fine);
    expect(verdictOn({ results: [busyShard(0.5)] }, { generatorUtilization: 0.4 })).toMatchObject({
      void: true,
    });
  });
});

describe('a generator that was kept from running', () => {
  const held = (ms: readonly number[]) => ({
    results: [shardResult({ holds: { table: table([ms.map((each) => each * 1000)]), wallMs: 2000 } })],
  });

  it('voids a trial when one of a hundred messages had to wait 3 ms for it', () => {
    // A message at a random instant of two seconds meets a stop of 20 ms once in a hundred times.
    expect(verdictOn(held([20]))).toMatchObject(fine);
    expect(verdictOn(held([40]))).toMatchObject({
      void: true,
      codes: ['generator-held'],
      limitedBy: 'generator',
    });
  });
});

describe("an idle publisher's lag", () => {
  it('may be 3 ms at its median, and voids the trial beyond', () => {
    expect(verdictOn(lagging([3000, 3000]))).toMatchObject(fine);
    expect(verdictOn(lagging([3001, 3001]))).toMatchObject({
      void: true,
      codes: ['publisher-lag'],
      limitedBy: 'publisher',
    });
  });

  it('may be a tenth of the reported p50 where that is more', () => {
    expect(verdictOn(lagging([10_000, 10_000], 100_000))).toMatchObject(fine);
    expect(verdictOn(lagging([10_001, 10_001], 100_000))).toMatchObject({ void: true });
  });

  it('needs two late publishes', () => {
    expect(verdictOn(lagging([90_000]))).toMatchObject(fine);
    expect(verdictOn(lagging([90_000, 90_000]))).toMatchObject({ void: true });
  });

  it('is not judged by its worst publishes, nor where the publisher was never idle', () => {
    expect(verdictOn(lagging([10, 10, 10, 90_000, 90_000]))).toMatchObject(fine);
    expect(verdictOn(lagging([]))).toMatchObject(fine);
  });

  it('follows overridden limits', () => {
    expect(verdictOn(lagging([8000, 8000]), { publisherLagMs: 8 })).toMatchObject(fine);
    expect(verdictOn(lagging([300, 300], 1000), { publisherLagMs: 0, publisherLagPart: 0.2 })).toMatchObject({
      void: true,
    });
    expect(verdictOn(lagging([300, 300], 1000), { publisherLagMs: 0, publisherLagPart: 0.3 })).toMatchObject(
      fine,
    );
  });
});

describe('the ledger', () => {
  it('voids a trial when it is one byte off in either direction', () => {
    for (const sockets of [
      { up: 1, down: 96 },
      { up: 0, down: 95 },
      { up: 0, down: 97 },
    ]) {
      expect(verdictOn({ results: [shardResult({ sockets })] })).toMatchObject({
        void: true,
        codes: ['ledger'],
        limitedBy: 'generator',
      });
    }
  });

  it('balances when every layer is counted', () => {
    const layers = { payload: 1, header: 2, framing: 4, handshake: 8, idle: 16 };
    const results = [shardResult({ window: totals(layers, layers), sockets: { up: 31, down: 31 } })];
    expect(verdictOn({ results })).toMatchObject(fine);
  });
});

describe('the clock', () => {
  it('voids a trial when a delivery came before its publish, in any shard', () => {
    expect(verdictOn({ results: [shardResult(), shardResult({ backwards: 1 })] })).toMatchObject({
      void: true,
      codes: ['clock-backwards'],
      limitedBy: 'host',
    });
  });
});

describe('a link', () => {
  const plan = { ...PLAN, rttMs: 50 };
  const link = {
    bytesUp: 0,
    bytesDown: 96,
    releases: 100,
    error: histogram(times(100, 100)),
    cpuMicros: 100_000,
    wallMs: 2000,
  };
  const late = (us: number, releases = 100) => ({
    plan,
    links: [{ ...link, releases, error: histogram(times(releases, us)) }],
  });

  it('may release bytes 3 ms late at its p99, or a tenth of the reported p99', () => {
    expect(verdictOn(late(3000))).toMatchObject(fine);
    expect(verdictOn(late(3001))).toMatchObject({ void: true, codes: ['link-error'] });
    const slow = [shardResult({ latency: histogram(times(8, 100_000)) })];
    expect(verdictOn({ ...late(10_000), results: slow })).toMatchObject(fine);
    expect(verdictOn({ ...late(10_001), results: slow })).toMatchObject({ void: true });
    expect(verdictOn(late(9000), { linkErrorMs: 9 })).toMatchObject(fine);
  });

  it('needs two late releases', () => {
    expect(verdictOn(late(90_000, 99))).toMatchObject(fine);
    expect(verdictOn(late(90_000, 100))).toMatchObject({ void: true });
  });

  it('may use as much of a core as a shard', () => {
    const busy = (cores: number) => ({ plan, links: [link, { ...link, cpuMicros: cores * 2_000_000 }] });
    expect(verdictOn(busy(0.85))).toMatchObject(fine);
    expect(verdictOn(busy(0.86))).toMatchObject({ void: true, codes: ['link-cpu'], limitedBy: 'generator' });
  });
});

describe('the machine', () => {
  it('voids a trial when more than 5 % of it was stolen', () => {
    expect(verdictOn(machine(5, 0))).toMatchObject(fine);
    expect(verdictOn(machine(5.1, 0))).toMatchObject({ void: true, codes: ['steal'], limitedBy: 'host' });
    expect(verdictOn(machine(7, 0), { stealPercent: 7 })).toMatchObject(fine);
  });

  it('voids a trial when other programs used more than 5 % of it', () => {
    expect(verdictOn(machine(0, 5))).toMatchObject(fine);
    expect(verdictOn(machine(0, 5.1))).toMatchObject({
      void: true,
      codes: ['foreign-cpu'],
      limitedBy: 'host',
    });
    expect(verdictOn(machine(0, 7), { foreignCpuPercent: 7 })).toMatchObject(fine);
  });

  it('needs two samples beyond the limit', () => {
    expect(verdictOn(machine(50, 50, 1))).toMatchObject(fine);
    expect(verdictOn(machine(50, 50, 2))).toMatchObject({ void: true, codes: ['steal', 'foreign-cpu'] });
  });

  it('is not judged where it cannot be read, which is said', () => {
    expect(verdictOn(machine(null, null))).toMatchObject({
      void: false,
      codes: ['not-judged'],
      notJudged: ['steal', 'foreign-cpu'],
    });
  });
});

describe('warnings that leave a trial valid', () => {
  it('tell of every lost delivery, with its part of those expected', () => {
    const verdict = verdictOn({ results: [shardResult({ lost: 1, delivered: 7 }), shardResult()] });
    expect(verdict).toMatchObject({ void: false, codes: ['lost'] });
    expect(verdict.reasons[0]!.message).toMatch(/^1 of 16 deliveries \(6\.3 %\)/);
  });

  it('tell of deliveries that came twice or late', () => {
    expect(verdictOn({ results: [shardResult({ duplicated: 1 })] }).codes).toEqual(['not-once-in-order']);
    expect(verdictOn({ results: [shardResult({ reordered: 1 })] }).codes).toEqual(['not-once-in-order']);
  });

  it('tell what part was lost, as a number that people read: 100 % only where nothing came', () => {
    const said = (lost: number, expected: number): string =>
      judgeLoss(lost, expected).replace(/^.*\((.+) %\).*$/, '$1');
    expect([said(200, 200), said(199, 200), said(25, 1000), said(3, 1000)]).toEqual([
      '100',
      '99',
      '2.5',
      '0.30',
    ]);
  });

  it('do not blame a server for cutting off slow readers, who are there for that', () => {
    const slow = { kind: 'slow readers', bytes: { up: 0, down: 0 }, sockets: { up: 0, down: 0 } };
    const found = { serverBefore: [hostSample({ cutOff: 0 })], serverAfter: [hostSample({ cutOff: 2 })] };
    expect(codesBeside(found, slow)).toEqual([]);
    expect(codesBeside(found, { ...slow, kind: 'visitors' })).toEqual(['cut-off']);
  });

  it('tell of clients cut off in the window, not of those before it', () => {
    const server = (before: number, after: number) => ({
      serverBefore: [hostSample({ cutOff: before })],
      serverAfter: [hostSample({ cutOff: after })],
    });
    expect(verdictOn(server(2, 2))).toMatchObject(fine);
    expect(verdictOn(server(2, 3))).toMatchObject({ void: false, codes: ['cut-off'] });
  });
});

describe('what limited a trial', () => {
  const servers = (...used: number[]) => ({
    serverBefore: used.map(() => hostSample()),
    serverAfter: used.map((cores) => hostSample({ cpuMicros: 1_000_000 + cores * 2_000_000 })),
  });

  it('is the server when one of its processes used more than nine tenths of a core: a result, not a fault', () => {
    expect(verdictOn(servers(0.91))).toMatchObject({ ...fine, limitedBy: 'server' });
    expect(verdictOn(servers(0.2, 0.95))).toMatchObject({ ...fine, limitedBy: 'server' });
  });

  it('is what came nearest to its limit when nothing reached one', () => {
    expect(verdictOn(servers(0.45))).toMatchObject({ ...fine, limitedBy: 'server', limitShare: 0.5 });
    const generator = verdictOn({ ...servers(0.45), results: [busyShard(0.68)] });
    expect(generator).toMatchObject({ ...fine, limitedBy: 'generator' });
    expect(generator.limitShare).toBeCloseTo(0.8);
    const publisher = verdictOn({ ...servers(0.1), ...lagging([2700, 2700]) });
    expect(publisher).toMatchObject({ ...fine, limitedBy: 'publisher' });
    expect(publisher.limitShare).toBeCloseTo(0.9);
  });

  it('is what voided it, before anything else', () => {
    expect(verdictOn({ ...servers(1), results: [busyShard(1)] })).toMatchObject({
      void: true,
      limitedBy: 'generator',
    });
  });
});

describe('a run that verifies bytes', () => {
  it('is judged by its bytes and messages, not by times that it does not report', () => {
    const plan = { ...PLAN, verifyWire: true };
    const results = [
      shardResult({ cpuMicros: 2e6, busiestCores: [1, 1], backwards: 3, share: histogram(times(100, 1e6)) }),
    ];
    expect(verdictOn({ plan, results, ...machine(50, 50) })).toMatchObject({ ...fine, limitedBy: null });
    const wrong = [shardResult({ sockets: { up: 0, down: 1 }, lost: 2 })];
    expect(verdictOn({ plan, results: wrong })).toMatchObject({ void: true, codes: ['ledger', 'lost'] });
  });
});

/** A trial of a server that publishes by itself, each message of two seconds waiting so long for the generator. */
const byItself = (shareUs: number | null, backwards: number | null = null) => {
  const rows = shareUs === null ? [] : [times(50, shareUs), times(50, shareUs)];
  return {
    results: [
      shardResult({
        share: histogram(rows.flat()),
        latency: histogram(rows.flatMap(() => times(50, 10_000))),
        publishes: { every: 1, delivered: [], table: table([]), shares: table(rows) },
        target: {
          unmarked: 0,
          otherRuns: 0,
          self: { gaps: histogram([1000]), backwards, rows: [50, 50] },
        },
      }),
    ],
  };
};

describe('a server that publishes by itself', () => {
  it('is void when the generator was slow, by second', () => {
    expect(verdictOn(byItself(10_000, 0))).toMatchObject({ void: true, codes: ['generator-share'] });
    expect(verdictOn(byItself(100, 0))).toMatchObject(fine);
  });

  it('is not judged by its messages where they carry no time, and it is not said that none came', () => {
    const { reasons } = verdictOn(byItself(null));
    expect(reasons.map(({ message }) => message)).toEqual([
      'Not judged: generator-share (its messages carry no time to judge by).',
    ]);
    const silent = { results: [shardResult({ delivered: 0, share: histogram([]), latency: histogram([]) })] };
    expect(verdictOn(silent).reasons.at(-1)!.message).toContain('generator-share (nothing was delivered)');
  });

  it('has no latency where its clock is ahead of ours', () => {
    const given = evidence(byItself(100, 2));
    const found = measurementsOf(given);
    expect(found.latencyUs).toMatchObject({ count: 0, p50: null, max: null });
    expect(found.timeline.map(({ p50Us }) => p50Us)).toEqual([null, null]);
    expect(judge(found, given, DEFAULT_LIMITS)).toMatchObject({
      void: false,
      reasons: [{ code: 'clock-ahead', message: expect.stringMatching(/^2 messages carried a time ahead/) }],
    });
    expect(measurementsOf(evidence(byItself(100, 1))).latencyUs.count).toBe(100);
    expect(verdictOn(byItself(100, 1))).toMatchObject(fine);
  });
});
