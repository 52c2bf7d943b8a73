import { describe, expect, it } from 'vitest';
import { DistributionTable } from './distribution-table.js';
import { heldDelay } from './held-delay.js';

/** Beats that were late by these milliseconds, in a window of so many seconds. */
function delay(lateMs: readonly number[], seconds = 10) {
  const table = new DistributionTable(1);
  for (const ms of lateMs) table.record(0, ms * 1000);
  return heldDelay({ table: table.encode(), wallMs: seconds * 1000 });
}

const many = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);
/** A bucket of the table is up to 6.25 % wide. */
const about = (us: number, expected: number): void => {
  expect(us).toBeGreaterThan(expected * 0.93);
  expect(us).toBeLessThan(expected * 1.07);
};

describe('the delay of a generator that was kept from running', () => {
  it('is none where every heartbeat came in time', () => {
    expect(delay([]).p99Us).toBe(0);
    expect(delay([]).lateBeats(0)).toBe(0);
  });

  it('is none at the p99 while no more than one beat of a hundred is late', () => {
    // A window of ten seconds has four hundred beats.
    expect(delay(many(4, 8)).p99Us).toBe(0);
    about(delay(many(5, 8)).p99Us, 8000);
  });

  it('counts the beats that could not be sent during a long stop', () => {
    // One stop of a second swallowed forty beats, of which the first was late by the whole second.
    const stop = delay([1000]);
    about(stop.lateBeats(0), 40);
    about(stop.lateBeats(500_000), 20);
    // Four of four hundred beats are one in a hundred: all but the last four of the stop's beats are beyond it.
    about(stop.p99Us, 900_000);
  });

  it('does not void a window without length', () => {
    expect(delay([50], 0).p99Us).toBe(0);
  });
});
