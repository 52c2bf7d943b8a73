import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistributionTable } from './distribution-table.js';

const micros = fc.oneof(
  fc.nat(40),
  fc.nat(1_000_000),
  fc.nat(16_000_000_000),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);
const records = fc.array(fc.tuple(fc.nat(2), micros), { maxLength: 100 });

function tableOf(records: readonly (readonly [number, number])[]): DistributionTable {
  const table = new DistributionTable(3);
  for (const [row, us] of records) table.record(row, us);
  return table;
}

function view(table: DistributionTable) {
  return Array.from({ length: table.rows }, (_, row) => ({
    count: table.count(row),
    max: table.max(row),
    percentiles: [0, 50, 90, 99, 100].map((p) => table.percentile(row, p)),
  }));
}

describe('DistributionTable', () => {
  it('tells percentiles within 3.3 %, or half a microsecond, and never above the maximum', () => {
    fc.assert(
      fc.property(
        fc.array(micros, { minLength: 1, maxLength: 100 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (values, p) => {
          const table = tableOf(values.map((us) => [1, us] as const));
          const sorted = [...values].sort((a, b) => a - b);
          const wanted = sorted[Math.max(1, Math.ceil((p / 100) * values.length)) - 1]!;
          const found = table.percentile(1, p)!;
          expect(Math.abs(found - wanted)).toBeLessThanOrEqual(Math.max(0.5, wanted * 0.033));
          expect(found).toBeLessThanOrEqual(table.max(1)!);
        },
      ),
    );
  });

  it('is as near at every power of two and either side of it', () => {
    for (let power = 0; power <= 33; power++) {
      for (const us of [
        2 ** power - 1e-6,
        2 ** power,
        2 ** power + 1e-6,
        2 ** power * 1.5,
        2 ** power * 1.9999,
      ]) {
        const table = tableOf([
          [0, us],
          [0, 2 ** 36],
        ]);
        expect(Math.abs(table.percentile(0, 50)! - us)).toBeLessThanOrEqual(Math.max(0.5 + 1e-6, us * 0.033));
      }
    }
  });

  it('keeps rows apart and says nothing of an empty one', () => {
    const table = tableOf([
      [0, 100],
      [2, 9000],
      [2, 8000],
    ]);
    expect([0, 1, 2].map((row) => table.count(row))).toEqual([1, 0, 2]);
    expect([0, 1, 2].map((row) => table.max(row))).toEqual([100, null, 9000]);
    expect(table.percentile(1, 50)).toBe(null);
    expect(table.percentile(0, 50)).toBe(100);
  });

  it('holds a duration of nothing', () => {
    const table = tableOf([[0, 0]]);
    expect([table.count(0), table.max(0), table.percentile(0, 99)]).toEqual([1, 0, 0]);
  });

  it('merges tables of several shards into just what one of everything would be, through JSON', () => {
    fc.assert(
      fc.property(records, records, (a, b) => {
        const merged = tableOf(a);
        merged.merge(JSON.parse(JSON.stringify(tableOf(b).encode())));
        expect(view(merged)).toEqual(view(tableOf([...a, ...b])));
        expect(merged.encode()).toEqual(tableOf([...a, ...b]).encode());
      }),
    );
  });

  it('is encoded by its buckets that are not empty', () => {
    const { rows } = tableOf([
      [0, 3],
      [0, 3.9],
      [0, 5],
    ]).encode();
    expect(rows).toEqual([
      { max: 5, cells: [3, 2, 5, 1] },
      { max: 0, cells: [] },
      { max: 0, cells: [] },
    ]);
  });

  it('refuses a table of another size', () => {
    expect(() => new DistributionTable(2).merge(new DistributionTable(3).encode())).toThrow(/unlike size/);
  });
});
