import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationHistogram, HIGHEST_US } from './histogram.js';

// Each histogram takes 100 KB of memory that is never given back, so tests share theirs and reset them.
const whole = new DurationHistogram();
const part = new DurationHistogram();
const merged = new DurationHistogram();

const micros = fc.oneof(
  fc.nat(50),
  fc.nat(100_000),
  fc.nat(HIGHEST_US),
  fc.double({ min: 0, max: 5000, noNaN: true }),
);

function fill(histogram: DurationHistogram, values: readonly number[]): DurationHistogram {
  histogram.reset();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The nearest-rank percentile of a sample, exactly. */
function exact(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length)) - 1]!;
}

function view(histogram: DurationHistogram) {
  const { count, min, max } = histogram;
  return { count, min, max, percentiles: [0, 1, 50, 90, 99, 99.9, 100].map((p) => histogram.percentile(p)) };
}

describe('DurationHistogram', () => {
  it('has no value of any kind while it is empty', () => {
    whole.reset();
    expect([whole.count, whole.min, whole.max, whole.mean, whole.percentile(50)]).toEqual([
      0,
      null,
      null,
      null,
      null,
    ]);
  });

  it('keeps minimum, maximum and mean exactly, fractions contained', () => {
    fc.assert(
      fc.property(fc.array(micros, { minLength: 1, maxLength: 50 }), (values) => {
        fill(whole, values);
        expect(whole.min).toBe(Math.min(...values));
        expect(whole.max).toBe(Math.max(...values));
        expect(whole.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
        expect(whole.count).toBe(values.length);
      }),
    );
  });

  it('tells percentiles within 0.1 % or half a microsecond, between minimum and maximum', () => {
    fc.assert(
      fc.property(
        fc.array(micros, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (values, p) => {
          fill(whole, values);
          const found = whole.percentile(p)!;
          const wanted = exact(values, p);
          expect(Math.abs(found - wanted)).toBeLessThanOrEqual(Math.max(0.5, wanted * 0.001));
          expect(found).toBeGreaterThanOrEqual(whole.min!);
          expect(found).toBeLessThanOrEqual(whole.max!);
        },
      ),
    );
  });

  it('gives the one value there is for every percentile', () => {
    for (const value of [0, 0.4, 0.6, 1, 1234.5678, 123_456.789, 9_876_543_210.5]) {
      fill(whole, [value]);
      for (const p of [0, 50, 99.9, 100]) expect(whole.percentile(p)).toBe(value);
    }
  });

  it('holds every duration of a run up to 16,000 s', () => {
    for (const value of [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 7_200_000_000, HIGHEST_US]) {
      fill(whole, [1, value, value]);
      expect(Math.abs(whole.percentile(99)! - value)).toBeLessThanOrEqual(value * 0.001);
      expect(whole.max).toBe(value);
    }
    expect(HIGHEST_US).toBe(1.6e10);
  });

  it('puts what is beyond its range into the last bucket and tells the maximum all the same', () => {
    fill(whole, [5, HIGHEST_US * 2]);
    expect(whole.max).toBe(HIGHEST_US * 2);
    expect(whole.percentile(100)).toBeLessThanOrEqual(HIGHEST_US * 2);
    expect(whole.percentile(100)).toBeGreaterThanOrEqual(HIGHEST_US);
  });

  it('merges parts into just what one histogram of everything would be', () => {
    fc.assert(
      fc.property(fc.array(fc.array(micros, { maxLength: 40 }), { minLength: 1, maxLength: 3 }), (parts) => {
        fill(whole, parts.flat());
        merged.reset();
        for (const values of parts) merged.merge(JSON.parse(JSON.stringify(fill(part, values).encode())));
        expect(view(merged)).toEqual(view(whole));
        expect(merged.mean ?? 0).toBeCloseTo(whole.mean ?? 0, 3);
        expect(merged.encode().encoded).toBe(whole.encode().encoded);
      }),
      { numRuns: 50 },
    );
  });

  it('survives the way through JSON', () => {
    fill(part, [3, 70_000, 8_000_000_000.25]);
    merged.reset();
    merged.merge(JSON.parse(JSON.stringify(part.encode())));
    expect(view(merged)).toEqual(view(part));
  });

  it('records many of one value as that many records', () => {
    fill(whole, [10, ...Array.from({ length: 1000 }, () => 5_000_000.5)]);
    fill(merged, [10]);
    merged.recordMany(5_000_000.5, 1000);
    merged.recordMany(1, 0);
    expect(view(merged)).toEqual(view(whole));
    expect(merged.mean).toBeCloseTo(whole.mean!, 3);
  });

  it('refuses to merge what was made with unlike settings, and changes nothing', () => {
    const encoded = fill(part, [1, 2, 3]).encode();
    fill(merged, [9]);
    expect(() => merged.merge({ ...encoded, digits: 2 })).toThrow(/unlike settings/);
    expect(() => merged.merge({ ...encoded, highest: 1e9 })).toThrow(/unlike settings/);
    expect(view(merged)).toEqual(view(fill(whole, [9])));
  });

  it('counts billions of samples of one value', () => {
    merged.reset();
    merged.recordMany(100, 3_000_000_000);
    merged.recordMany(200, 1_000_000_000);
    expect(merged.count).toBe(4e9);
    expect(merged.percentile(50)).toBe(100);
    expect(merged.percentile(90)).toBe(200);
  });
});
