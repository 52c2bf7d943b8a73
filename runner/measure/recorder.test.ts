import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScheduleSpec } from '../../protocol/schedule.js';
import { DistributionTable } from './distribution-table.js';
import { type PublishingPhase, Recorder, type RecorderPlan, secondResolution } from './recorder.js';

const schedule = (phase: string, durationSeconds: number): ScheduleSpec => ({
  seed: 1,
  phase,
  arrivals: 'constant',
  ratePerSecond: 2,
  durationSeconds,
});

/** Two messages in a warm-up of one second (1 and 2), four in a window of two (3 to 6), at 250, 750, 1250 and 1750 ms. */
const PLAN: RecorderPlan = {
  clients: 3,
  payloadBytes: 20,
  warmup: schedule('warmup', 1),
  measure: schedule('measure', 2),
  drainMs: 5000,
};
const WINDOW = [3, 4, 5, 6];

let now: number;

beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.useFakeTimers({ toFake: ['setImmediate'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The loop's turn is over: what is read from now on had to wait for the next one. */
function endTurn(): void {
  vi.runAllTimers();
}

/** A recorder whose clock the test sets. */
class Bench {
  readonly recorder: Recorder;
  readonly drained: PublishingPhase[] = [];
  startMs = 0;

  constructor(changes: Partial<RecorderPlan> = {}, connected = 3) {
    this.recorder = new Recorder({ ...PLAN, ...changes });
    this.recorder.onDrained = (phase) => this.drained.push(phase);
    for (let client = 0; client < connected; client++) this.recorder.connected(client, 4);
  }

  begin(phase: PublishingPhase): this {
    this.startMs = now + 10;
    this.recorder.begin(phase, this.startMs);
    return this;
  }

  /** Delivers at an instant of the phase, in a turn of its own. */
  deliver(client: number, sequence: number, atMs: number, bytes = 20): void {
    now = this.startMs + atMs;
    this.recorder.woke();
    this.recorder.delivered(client, sequence, bytes);
    endTurn();
  }

  deliverAll(sequences: readonly number[], atMs: number): void {
    for (const sequence of sequences) for (const client of [0, 1, 2]) this.deliver(client, sequence, atMs);
  }
}

/** A recorder whose warm-up went well and whose window has just begun. */
function inWindow(changes: Partial<RecorderPlan> = {}, connected = 3): Bench {
  const bench = new Bench(changes, connected).begin('warmup');
  for (let client = 0; client < connected; client++)
    for (const sequence of [1, 2]) bench.deliver(client, sequence, 800);
  bench.recorder.end(2);
  bench.recorder.finish();
  bench.drained.length = 0;
  return bench.begin('measure');
}

describe('latency', () => {
  it('runs from the intended instant to the delivery, whenever the message was sent', () => {
    const bench = inWindow();
    bench.deliver(0, 3, 251);
    bench.deliver(1, 3, 260);
    bench.deliver(2, 4, 1750);
    const { latency } = bench.recorder;
    expect([latency.count, latency.min, latency.max]).toEqual([3, 1000, 1_000_000]);
    expect(latency.mean).toBeCloseTo((1000 + 10_000 + 1_000_000) / 3);
  });

  it('is kept for each publish and each second as well', () => {
    const bench = inWindow();
    bench.deliver(0, 3, 260);
    bench.deliver(1, 3, 290);
    bench.deliver(0, 6, 2250);
    bench.deliver(1, 6, 7900);
    const { publishes, seconds, publishEvery, secondEvery } = bench.recorder;
    expect([publishEvery, secondEvery]).toEqual([1, 1]);
    expect(
      Array.from({ length: publishes.rows }, (_, row) => [publishes.count(row), publishes.max(row)]),
    ).toEqual([
      [2, 40_000],
      [0, null],
      [0, null],
      [2, 6_150_000],
    ]);
    // Two seconds of window, five of drain, and one to spare.
    expect(Array.from({ length: seconds.rows }, (_, row) => seconds.count(row))).toEqual([
      2, 0, 1, 0, 0, 0, 0, 1,
    ]);
    expect(bench.recorder.lastDeliveryMs).toBe(7900);
  });

  it('that is negative by more than two clocks may differ is counted as a fault, and never recorded below zero', () => {
    const bench = inWindow();
    bench.deliver(0, 3, 249.96);
    expect(bench.recorder.backwards).toBe(0);
    bench.deliver(1, 3, 249.96);
    bench.deliver(0, 4, 749.9);
    bench.deliver(1, 4, 700);
    expect(bench.recorder.backwards).toBe(2);
    expect([bench.recorder.latency.count, bench.recorder.latency.min, bench.recorder.latency.max]).toEqual([
      4, 0, 0,
    ]);
  });

  it('splits off what the generator added: from the wake-up that read the bytes to their parsing', () => {
    const bench = inWindow();
    now = bench.startMs + 300;
    bench.recorder.woke();
    bench.recorder.delivered(0, 3, 20);
    now += 7;
    // The same turn: what it reads was in the kernel when it woke up.
    bench.recorder.woke();
    bench.recorder.delivered(1, 3, 20);
    expect([bench.recorder.share.min, bench.recorder.share.max]).toEqual([0, 7000]);
    endTurn();
    bench.deliver(2, 3, 400);
    expect([bench.recorder.share.count, bench.recorder.share.max]).toEqual([3, 7000]);
  });

  it('never blames the generator for more than the whole latency', () => {
    const bench = inWindow();
    now = bench.startMs + 200;
    bench.recorder.woke();
    now += 60;
    bench.recorder.delivered(0, 3, 20);
    expect(bench.recorder.share.max).toBe(10_000);
  });
});

describe('deliveries', () => {
  it('are complete when every message reached every participant', () => {
    const bench = inWindow();
    bench.deliverAll([3, 4, 5], 1300);
    bench.deliver(0, 6, 1800);
    bench.deliver(1, 6, 1800);
    expect(bench.drained).toEqual([]);
    bench.deliver(2, 6, 1800);
    expect(bench.drained).toEqual(['measure']);
    expect(bench.recorder.finish()).toBe(0);
    expect(bench.recorder.censor(now)).toBe(0);
    expect(bench.recorder.deliveredRows()).toEqual([3, 3, 3, 3]);
  });

  it('that are missing at the end are lost, and enter the histogram as old as they are at the deadline', () => {
    const bench = inWindow();
    bench.deliverAll([3, 4], 1000);
    bench.deliver(1, 5, 1300);
    bench.recorder.end(4);
    expect(bench.drained).toEqual([]);
    expect(bench.recorder.finish()).toBe(5);
    expect(bench.recorder.latency.count).toBe(7);
    expect(bench.recorder.censor(bench.startMs + 7000)).toBe(5);
    expect(bench.recorder.latency.count).toBe(12);
    expect(bench.recorder.latency.max).toBe(5_750_000);
    // Three of them are of the last message, two of the one before it, half a second older.
    expect(Math.round(bench.recorder.latency.percentile(75)! / 10_000)).toBe(525);
    expect(bench.recorder.deliveredRows()).toEqual([3, 3, 1, 0]);
  });

  it('that come twice are counted apart and change nothing else', () => {
    const bench = inWindow();
    bench.deliver(0, 3, 300);
    bench.deliver(0, 3, 900);
    bench.deliver(0, 3, 950);
    expect([bench.recorder.duplicated, bench.recorder.latency.count, bench.recorder.deliveries]).toEqual([
      2, 1, 7,
    ]);
    bench.deliverAll([4, 5, 6], 2000);
    bench.deliver(1, 3, 2000);
    expect(bench.drained).toEqual([]);
    bench.deliver(2, 3, 2000);
    expect(bench.drained).toEqual(['measure']);
  });

  it('that come after a later one are counted as reordered and as delivered', () => {
    const bench = inWindow();
    bench.deliver(0, 5, 1300);
    bench.deliver(0, 3, 1300);
    bench.deliver(0, 4, 1300);
    bench.deliver(1, 3, 1300);
    expect([bench.recorder.reordered, bench.recorder.duplicated, bench.recorder.latency.count]).toEqual([
      2, 0, 4,
    ]);
  });

  it('of one client do not count for another', () => {
    const bench = inWindow();
    for (const sequence of WINDOW) bench.deliver(0, sequence, 2000);
    for (const sequence of WINDOW) bench.deliver(0, sequence, 2000);
    expect(bench.drained).toEqual([]);
    expect(bench.recorder.finish()).toBe(8);
  });

  it('that nobody published are failures of kind payload: unknown numbers and other lengths', () => {
    const bench = inWindow();
    for (const [sequence, bytes] of [
      [0, 20],
      [-1, 20],
      [7, 20],
      [3, 19],
      [3, 21],
      [9_999_999_999, 20],
    ] as const) {
      bench.deliver(0, sequence, 300, bytes);
    }
    expect(bench.recorder.unexpected).toBe(6);
    expect(bench.recorder.failures).toEqual({ payload: 6 });
    expect(bench.recorder.latency.count).toBe(0);
    bench.deliver(0, 3, 300);
    expect(bench.recorder.latency.count).toBe(1);
  });

  it('after the phase is over do not count', () => {
    const bench = inWindow();
    bench.recorder.end(4);
    const missing = bench.recorder.finish();
    bench.deliverAll(WINDOW, 3000);
    expect([missing, bench.recorder.latency.count]).toEqual([12, 0]);
  });
});

describe('phases', () => {
  it('keep the warm-up out of the window: its latencies, duplicates and exchanges', () => {
    const bench = new Bench().begin('warmup');
    bench.deliverAll([1, 2], 800);
    bench.deliver(0, 1, 800);
    bench.recorder.answered(1, 100, 200);
    bench.recorder.answered(0, 10, 20);
    expect(bench.drained).toEqual(['warmup']);
    expect(bench.recorder.finish()).toBe(0);
    bench.begin('measure');
    const { latency, duplicated, requests, hit, empty, lastDeliveryMs } = bench.recorder;
    expect([latency.count, duplicated, requests.total, hit.count, empty.count, lastDeliveryMs]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it('leave stragglers of the warm-up out of the window', () => {
    const bench = new Bench().begin('warmup');
    bench.deliver(0, 1, 800);
    bench.recorder.end(2);
    expect(bench.recorder.finish()).toBe(5);
    bench.begin('measure');
    bench.deliver(0, 2, 100);
    bench.deliver(1, 1, 100);
    expect(bench.recorder.latency.count).toBe(0);
    for (const client of [0, 1, 2]) for (const sequence of WINDOW) bench.deliver(client, sequence, 2000);
    expect(bench.drained).toEqual(['measure']);
  });

  it('number the window after the warm-up', () => {
    const { recorder } = new Bench();
    expect(recorder.lastSequence('warmup', 2)).toBe(2);
    expect(recorder.lastSequence('warmup', 1)).toBe(1);
    expect(recorder.lastSequence('measure', 4)).toBe(6);
    expect(recorder.lastSequence('measure', 0)).toBe(2);
  });

  it('without a message are drained as soon as publishing ends', () => {
    const bench = new Bench({ warmup: schedule('warmup', 0) }).begin('warmup');
    bench.recorder.end(0);
    expect(bench.drained).toEqual(['warmup']);
    bench.recorder.finish();
    bench.begin('measure');
    bench.deliver(0, 1, 260);
    expect(bench.recorder.latency.count).toBe(1);
  });

  it('that end early expect only what was published', () => {
    const bench = inWindow();
    bench.deliverAll([3, 4], 800);
    expect(bench.drained).toEqual([]);
    bench.recorder.end(2);
    expect(bench.drained).toEqual(['measure']);
    expect(bench.recorder.finish()).toBe(0);
    expect(bench.recorder.deliveredRows()).toEqual([3, 3]);
    expect(bench.recorder.censor(now)).toBe(0);
  });

  it('that end early are drained when the rest of what was published arrives', () => {
    const bench = inWindow();
    bench.deliver(0, 3, 800);
    bench.recorder.end(1);
    bench.deliver(1, 3, 900);
    expect(bench.drained).toEqual([]);
    bench.deliver(2, 3, 900);
    expect(bench.drained).toEqual(['measure']);
  });
});

describe('participants', () => {
  it('are the clients that were connected when the phase began: late ones neither count nor lack', () => {
    const bench = inWindow({}, 2);
    expect(bench.recorder.expectedClients).toBe(2);
    bench.recorder.connected(2, 900);
    bench.deliver(2, 3, 300);
    bench.deliver(2, 3, 300);
    expect([bench.recorder.latency.count, bench.recorder.duplicated]).toEqual([0, 0]);
    for (const client of [0, 1]) for (const sequence of WINDOW) bench.deliver(client, sequence, 2000);
    expect(bench.drained).toEqual(['measure']);
    expect(bench.recorder.latency.count).toBe(8);
  });

  it('that lose their connection stay participants: what they miss is lost', () => {
    const bench = inWindow();
    bench.recorder.disconnected(1);
    for (const client of [0, 2]) for (const sequence of WINDOW) bench.deliver(client, sequence, 2000);
    expect(bench.recorder.connectedNow).toBe(2);
    bench.recorder.end(4);
    expect(bench.recorder.finish()).toBe(4);
  });
});

describe('connections', () => {
  it('are reported with their number, the time from first start to last arrival, and their latencies', () => {
    const bench = new Bench({}, 0);
    let all = 0;
    bench.recorder.onAllConnected = () => all++;
    expect(bench.recorder.connectReport()).toMatchObject({ connected: 0, seconds: 0 });
    now += 100;
    bench.recorder.connected(1, 5);
    now += 400;
    bench.recorder.connected(0, 50);
    bench.recorder.failed(2, 'refused');
    bench.recorder.failed(2, 'refused');
    expect(all).toBe(0);
    now += 595;
    bench.recorder.connected(2, 1);
    expect(all).toBe(1);
    const { connected, seconds, latency, failures } = bench.recorder.connectReport();
    expect([connected, latency.count, latency.min, latency.max]).toEqual([3, 3, 1000, 50_000]);
    expect(seconds).toBeCloseTo(1);
    expect(failures).toEqual({ refused: 2 });
  });

  it('that come back are not counted again', () => {
    const bench = new Bench();
    let all = 0;
    bench.recorder.onAllConnected = () => all++;
    bench.recorder.disconnected(0);
    bench.recorder.connected(0, 7);
    expect([bench.recorder.everConnectedCount, bench.recorder.connectedNow, all]).toEqual([3, 3, 0]);
    expect(bench.recorder.connectLatency.count).toBe(3);
  });
});

describe('requests', () => {
  it('are added up by what they brought; only answers with one message make the exchange of a hit', () => {
    const { recorder } = inWindow();
    recorder.answered(1, 100, 200);
    recorder.answered(1, 102, 210);
    recorder.answered(0, 50, 60);
    recorder.answered(3, 100, 230);
    recorder.postponed();
    expect(recorder.requests).toEqual({ total: 4, empty: 1, withNews: 3, postponed: 1 });
    expect(recorder.hit).toEqual({ count: 2, up: 202, down: 410 });
    expect(recorder.empty).toEqual({ count: 1, up: 50, down: 60 });
  });
});

describe('long windows', () => {
  it('keep a row of every n-th publish, at most 5,000 of them', () => {
    const measure = { ...schedule('measure', 100), ratePerSecond: 120 };
    const bench = inWindow({ measure, clients: 1 }, 1);
    expect(bench.recorder.publishEvery).toBe(3);
    expect(bench.recorder.publishes.rows).toBe(4000);
    for (const k of [0, 1, 2, 3, 11_999]) bench.deliver(0, 3 + k, 100_000);
    const { publishes } = bench.recorder;
    const filled = Array.from({ length: publishes.rows }, (_, row) => row).filter(
      (row) => publishes.count(row) > 0,
    );
    expect(filled).toEqual([0, 1]);
    expect(bench.recorder.deliveredRows()).toHaveLength(4000);
    expect(bench.recorder.latency.count).toBe(5);
  });

  it('halve the resolution of their seconds until 3,600 rows suffice', () => {
    expect([1, 3600, 3601, 7200, 7201, 86_406].map(secondResolution)).toEqual([1, 1, 2, 2, 4, 32]);
    const measure = { ...schedule('measure', 10_000), ratePerSecond: 0.01 };
    const { recorder } = new Bench({ measure, clients: 1 }, 1);
    expect([recorder.secondEvery, recorder.seconds.rows]).toEqual([4, 2502]);
  });

  it('send their tables to the runner, which adds up shards', () => {
    const bench = inWindow();
    bench.deliverAll([3], 300);
    const table = new DistributionTable(bench.recorder.publishes.rows);
    table.merge(bench.recorder.publishes.encode());
    table.merge(bench.recorder.publishes.encode());
    expect([table.count(0), table.max(0)]).toEqual([6, 50_000]);
  });
});
