import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chooseUnit,
  formatBytes,
  formatCount,
  formatMicros,
  formatPercent,
  formatRate,
  formatRatio,
  formatSeconds,
  formatUnit,
  formatWireBytes,
  type UnitKind,
} from './units.js';

/** Expectations are written with plain spaces; print has no-break ones. */
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');

test.each([
  [0, '0 µs'],
  [0.4, '0.4 µs'],
  [87, '87 µs'],
  [999.4, '999 µs'],
  [999.7, '1 ms'],
  [1_240, '1.24 ms'],
  [512_000, '512 ms'],
  [999_999, '1 s'],
  [3_400_000, '3.4 s'],
  [7_200_000_000, '7,200 s'],
])('%d microseconds read %s', (micros, text) => {
  expect(spaced(formatMicros(micros))).toBe(text);
});

test.each([
  [0, '0 B'],
  [0.4, '0 B'],
  [1_023, '1,023 B'],
  [1_024, '1 KiB'],
  [5_222, '5.1 KiB'],
  [1_048_575, '1 MiB'],
  [83_886_080, '80 MiB'],
  [3 * 1024 ** 3, '3 GiB'],
  [-2_048, '-2 KiB'],
])('%d bytes of memory read %s', (bytes, text) => {
  expect(spaced(formatBytes(bytes))).toBe(text);
});

test('bytes on the wire are never folded into a larger unit', () => {
  expect([44, 12.46, 1234, 16_777_216].map((bytes) => spaced(formatWireBytes(bytes)))).toEqual([
    '44 B',
    '12.5 B',
    '1,234 B',
    '16,777,216 B',
  ]);
});

test('counts, rates, parts, durations and ratios have their own form', () => {
  expect(formatCount(12_345)).toBe('12,345');
  expect(formatRate(9_980)).toBe('9,980/s');
  expect(formatRate(0.5)).toBe('0.5/s');
  expect(spaced(formatPercent(83.3))).toBe('83 %');
  expect(spaced(formatPercent(4.93))).toBe('4.9 %');
  expect(spaced(formatSeconds(10))).toBe('10 s');
  expect(formatRatio(0.1042)).toBe('0.104');
});

test('the space before a unit does not break', () => {
  expect(formatMicros(87)).toBe('87\u00a0µs');
});

test('what is not a number is n/a', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(formatMicros(value)).toBe('n/a');
    expect(chooseUnit([value, 5], 'micros').format(value)).toBe('n/a');
    expect(chooseUnit([value, 5], 'micros').formatWithUnit(value)).toBe('n/a');
  }
});

describe('a column', () => {
  const cells = (values: (number | null)[], kind: UnitKind): [string, string[]] => {
    const column = chooseUnit(values, kind);
    return [column.unit, values.map((value) => column.format(value))];
  };

  test('takes the unit of its largest value', () => {
    expect(cells([87, 512_000, null], 'micros')).toEqual(['ms', ['0.087', '512', 'n/a']]);
    expect(cells([100, 250], 'micros')).toEqual(['µs', ['100', '250']]);
    expect(cells([9_800, 11_264], 'bytes')).toEqual(['KiB', ['9.57', '11.0']]);
  });

  test('takes a smaller unit before its smallest value vanishes', () => {
    expect(cells([87, 3_400_000], 'micros')).toEqual(['ms', ['0.087', '3,400']]);
    expect(cells([12_000, 1_000_000], 'micros')).toEqual(['ms', ['12.0', '1,000']]);
  });

  test('shows what is exact without decimals', () => {
    expect(cells([4.44, 12, 203], 'wireBytes')).toEqual(['B', ['4.4', '12', '203']]);
  });

  test('of nothing but zeros or gaps still has a unit', () => {
    expect(cells([0, null], 'micros')).toEqual(['µs', ['0', 'n/a']]);
    expect(cells([], 'bytes')).toEqual(['B', []]);
  });
});

describe('laws', () => {
  const kinds = fc.constantFrom<UnitKind>(
    'micros',
    'bytes',
    'wireBytes',
    'count',
    'rate',
    'percent',
    'seconds',
    'ratio',
  );
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1e7, max: 1e13, noNaN: true }),
    fc.nat(),
  );
  const sizes: Record<string, number> = { ms: 1e3, s: 1e6, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
  const read = (text: string, kind: UnitKind): number => {
    const [number, unit = ''] = text.replaceAll(',', '').split('\u00a0');
    return Number.parseFloat(number!) * (kind === 'seconds' ? 1 : (sizes[unit] ?? 1));
  };

  test('every finite number is printed, as a number', () => {
    fc.assert(
      fc.property(numbers, kinds, (value, kind) => {
        expect(formatUnit(value, kind)).toMatch(/^-?[\d,]+(\.\d+)?(e[+-]\d+)?(\u00a0?\D*)$/u);
      }),
    );
  });

  test('a larger number never reads as a smaller one', () => {
    fc.assert(
      fc.property(numbers, numbers, kinds, (a, b, kind) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(read(formatUnit(low, kind), kind)).toBeLessThanOrEqual(read(formatUnit(high, kind), kind));
      }),
      { numRuns: 1000 },
    );
  });

  test('what is printed lies within half a percent, or half of the last decimal, of the value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (micros) => {
        expect(Math.abs(read(formatMicros(micros), 'micros') / micros - 1)).toBeLessThanOrEqual(0.0051);
      }),
    );
  });

  test('in a column a larger number never reads as a smaller one, and none is lost', () => {
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1 }), kinds, (values, kind) => {
        const sorted = [...values].sort((a, b) => a - b);
        const column = chooseUnit(sorted, kind);
        const printed = sorted.map((value) => Number(column.format(value).replaceAll(',', '')));
        for (const [at, value] of printed.entries()) {
          expect(value).not.toBeNaN();
          if (at > 0) expect(value).toBeGreaterThanOrEqual(printed[at - 1]!);
        }
      }),
    );
  });
});
