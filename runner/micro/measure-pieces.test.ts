import { describe, expect, it } from 'vitest';
import { microCases } from './cases.js';
import { measurePieces, microTable } from './measure-pieces.js';

describe('the micro set', () => {
  it('calls every piece without a fault, again and again', () => {
    for (const piece of microCases()) for (let call = 0; call < 100; call++) piece.call();
  });

  it('gives a row with plausible times for each piece', async () => {
    const result = await measurePieces('1.2.3', 5, microCases().slice(0, 2));
    expect(result.rows).toHaveLength(2);
    for (const row of result.rows) {
      expect(row.medianNs).toBeGreaterThan(0);
      expect(row.p99Ns).toBeGreaterThanOrEqual(row.medianNs);
      expect(row.samples).toBeGreaterThan(0);
    }
    const lines = microTable(result).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });
});
