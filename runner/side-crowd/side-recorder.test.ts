import { describe, expect, it, vi } from 'vitest';
import { COLUMNS, FATES, type Fate, HAPPENINGS, type Happening, SideRecorder } from './side-recorder.js';

const schedule = { seed: 1, arrivals: 'constant' as const, ratePerSecond: 2 };

/** Three places; messages 1 and 2 are the warm-up's, 3 to 6 are due at 250, 750, 1250 and 1750 ms of the window. */
function record(changes: { asks?: boolean; lateUs?: number } = {}) {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  let stirred = 0;
  const recorder = new SideRecorder({
    capacity: 3,
    payloadBytes: 10,
    warmup: { ...schedule, phase: 'warmup', durationSeconds: 1 },
    measure: { ...schedule, phase: 'measure', durationSeconds: 2 },
    asks: changes.asks ?? false,
    lateUs: changes.lateUs ?? 1_000_000,
    rows: 2,
    rowMs: 1000,
    onWake: () => stirred++,
  });
  return {
    recorder,
    /** The window opens at 10,000 on the process's clock; instants below are of the window. */
    at: (ms: number) => {
      now = 10_000 + ms;
    },
    fate: (row: number, fate: Fate) => recorder.rows[row * COLUMNS + FATES.indexOf(fate)],
    happened: (row: number, what: Happening) =>
      recorder.rows[row * COLUMNS + FATES.length + HAPPENINGS.indexOf(what)],
    get stirred() {
      return stirred;
    },
  };
}

describe('SideRecorder', () => {
  it('counts the messages that were due after their hearer had come, and their latency', () => {
    const { recorder, at } = record();
    recorder.begin(10_000);
    at(500);
    recorder.arrived(0, performance.now());
    recorder.connected(0, 1);
    at(760);
    recorder.delivered(0, 3, 10);
    recorder.delivered(0, 4, 10);
    expect([recorder.deliveries, recorder.missed]).toEqual([1, 0]);
    expect(recorder.latencies.max).toBeCloseTo(10_000, 6);
  });

  it('calls late what came later than it may, by second', () => {
    const { recorder, at, happened } = record({ lateUs: 300_000 });
    recorder.begin(10_000);
    recorder.arrived(0, 10_000);
    at(540);
    recorder.delivered(0, 3, 10);
    at(1060);
    recorder.delivered(0, 4, 10);
    expect([recorder.deliveries, recorder.lateDeliveries]).toEqual([2, 1]);
    expect([happened(0, 'delivered'), happened(1, 'deliveredLate')]).toEqual([1, 1]);
  });

  it('knows what is missing between the first message somebody heard and the last, and only that', () => {
    const { recorder, at } = record();
    recorder.begin(10_000);
    recorder.arrived(0, 10_000);
    at(1300);
    for (const sequence of [3, 5]) recorder.delivered(0, sequence, 10);
    recorder.delivered(0, 5, 10);
    recorder.left(0);
    // The next one in the place begins anew, and hears the last message alone.
    at(1800);
    recorder.arrived(0, performance.now());
    recorder.delivered(0, 6, 10);
    recorder.left(0);
    recorder.left(0);
    expect([recorder.missed, recorder.duplicated, recorder.present]).toEqual([1, 1, 0]);
  });

  it('puts everybody down at one place at the end of a second', () => {
    const { recorder, at, fate, happened } = record();
    at(0);
    recorder.begin(10_000);
    for (const place of [0, 1, 2]) recorder.arrived(place, performance.now());
    at(10);
    recorder.dialled();
    recorder.connected(0, 5);
    recorder.failed(1, 'http-503');
    recorder.endRow(0);
    at(1010);
    recorder.failed(1, 'reset');
    recorder.left(2);
    recorder.endRow(1);
    recorder.endRow(2);
    expect([fate(0, 'onTime'), fate(0, 'http503'), fate(0, 'coming')]).toEqual([1, 1, 1]);
    expect([fate(1, 'onTime'), fate(1, 'reset'), fate(1, 'coming')]).toEqual([1, 1, 0]);
    expect([
      happened(0, 'dials'),
      happened(0, 'connects'),
      happened(0, 'http503'),
      happened(1, 'reset'),
    ]).toEqual([1, 1, 1, 1]);
    expect([recorder.everIn, recorder.isOutside(0), recorder.isOutside(1)]).toEqual([1, false, true]);
  });

  it('lets somebody who asks in with their first message: a connection says little before that', () => {
    const { recorder, at } = record({ asks: true });
    recorder.begin(10_000);
    recorder.arrived(0, 10_000);
    at(10);
    recorder.connected(0, 1);
    expect([recorder.everIn, recorder.isOutside(0)]).toEqual([0, true]);
    // It was published before they came: they are in, and nothing is late.
    recorder.delivered(0, 2, 10);
    expect([recorder.everIn, recorder.isOutside(0), recorder.deliveries]).toEqual([1, false, 0]);
  });

  it('takes a message of another length or number for a failure', () => {
    const { recorder } = record();
    recorder.begin(10_000);
    recorder.arrived(0, 10_000);
    recorder.delivered(0, 7, 10);
    recorder.delivered(0, 3, 11);
    expect([recorder.unexpected, recorder.failures, recorder.deliveries]).toEqual([2, { payload: 2 }, 0]);
  });

  it("stirs the main crowd's clock: what it reads in the same turn has waited since then", () => {
    const recording = record();
    recording.recorder.woke();
    expect(recording.stirred).toBe(1);
  });
});

it('whoever gives up after the last message still stands in the rows that end later, and is gone', () => {
  const { recorder, at, fate } = record();
  recorder.begin(10_000);
  at(100);
  recorder.arrived(0, performance.now());
  recorder.failed(0, 'http-503');
  recorder.arrived(1, performance.now());
  recorder.connected(1, 1);
  recorder.endRow(0);
  at(1_800);
  recorder.left(0, true);
  recorder.left(1);
  recorder.endRow(1);
  expect([fate(0, 'http503'), fate(1, 'http503'), fate(1, 'onTime')]).toEqual([1, 1, 0]);
  expect(recorder.present).toBe(0);
});
