import { describe, expect, it } from 'vitest';
import { parseMachine, parseProcessTicks, sharesOf } from './system-sampler.js';

describe('parseProcessTicks', () => {
  it('adds user and system ticks', () => {
    const stat =
      '4242 (node) S 1 4242 4242 0 -1 4194560 9000 1 2 3 731 269 5 6 20 0 11 0 123456 1000000 5000 18446744073709551615';
    expect(parseProcessTicks(stat)).toBe(1000);
  });

  it('is not misled by spaces and parentheses in the name of the process', () => {
    for (const name of ['a b', 'x) S 1 2 3', '((', '1 2 3 4 5 6 7 8 9', ')']) {
      expect(parseProcessTicks(`7 (${name}) R 1 7 7 0 -1 0 0 0 0 0 30 12 0 0 20 0 1 0 5`)).toBe(42);
    }
  });
});

describe('parseMachine', () => {
  it('tells all time, busy time without softirq, and stolen time, in microseconds', () => {
    const found = parseMachine(
      'cpu  100 20 30 1000 40 5 600 7 50 3\ncpu0 100 20 30 1000 40 5 600 7 50 3\nintr 1\n',
    );
    expect(found).toEqual({
      // Guest time is contained in user time already.
      totalMicros: (100 + 20 + 30 + 1000 + 40 + 5 + 600 + 7) * 10_000,
      busyMicros: (100 + 20 + 30 + 5) * 10_000,
      stealMicros: 70_000,
    });
  });

  it('reads kernels that have fewer fields', () => {
    expect(parseMachine('cpu  1 2 3 4\n')).toEqual({
      totalMicros: 100_000,
      busyMicros: 60_000,
      stealMicros: 0,
    });
  });

  it('refuses a text of another form', () => {
    for (const text of ['', 'cpu0 1 2 3 4\n', 'intr 5\ncpu 1\n']) expect(parseMachine(text)).toBe(null);
  });
});

describe('sharesOf', () => {
  const before = { totalMicros: 1_000_000, busyMicros: 400_000, stealMicros: 10_000 };

  it('tells what was stolen and what others used, as parts of the whole machine', () => {
    const after = { totalMicros: 5_000_000, busyMicros: 1_600_000, stealMicros: 50_000 };
    expect(sharesOf(before, after, 1_000_000)).toEqual({ stealPercent: 1, foreignCpuPercent: 5 });
  });

  it('never goes below zero: our own time is read at another instant than the machine', () => {
    const after = { totalMicros: 5_000_000, busyMicros: 1_600_000, stealMicros: 9000 };
    expect(sharesOf(before, after, 1_300_000)).toEqual({ stealPercent: 0, foreignCpuPercent: 0 });
  });

  it('says nothing when no time went by', () => {
    expect(sharesOf(before, before, 0)).toEqual({ stealPercent: null, foreignCpuPercent: null });
  });
});
