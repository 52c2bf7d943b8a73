import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLedgers, DOWN, LAYERS, Ledger, type LedgerTotals, sumLayers, UP } from './ledger.js';

const places = [...Object.values(DOWN), ...Object.values(UP)];
const bytes = fc.nat(1e9);
const entries = fc.array(
  fc.record({ from: fc.constantFrom(...places), to: fc.constantFrom(...places), bytes }),
);

function everything(totals: LedgerTotals): number {
  return sumLayers(totals.up) + sumLayers(totals.down);
}

/** A ledger in which every place holds another number. */
function distinct(factor: number): LedgerTotals {
  const ledger = new Ledger();
  places.forEach((place, n) => {
    ledger.put(place, factor * 10 ** n);
  });
  return ledger.snapshot();
}

describe('Ledger', () => {
  it('has a place of its own for each layer of each direction', () => {
    expect(new Set(places).size).toBe(2 * LAYERS.length);
    for (const layer of LAYERS) {
      const ledger = new Ledger();
      ledger.put(DOWN[layer], 3);
      ledger.put(UP[layer], 5);
      ledger.put(UP[layer], 2);
      const { up, down } = ledger.snapshot();
      expect([down[layer], sumLayers(down), up[layer], sumLayers(up)]).toEqual([3, 3, 7, 7]);
    }
  });

  it('holds the sum of what was put down, however much of it is moved', () => {
    fc.assert(
      fc.property(entries, entries, (puts, moves) => {
        const ledger = new Ledger();
        for (const { to, bytes } of puts) ledger.put(to, bytes);
        const before = everything(ledger.snapshot());
        expect(before).toBe(puts.reduce((sum, { bytes }) => sum + bytes, 0));
        for (const { from, to, bytes } of moves) ledger.move(from, to, bytes);
        expect(everything(ledger.snapshot())).toBe(before);
      }),
    );
  });

  it('moves from one place to the other', () => {
    const ledger = new Ledger();
    ledger.put(DOWN.framing, 30);
    ledger.move(DOWN.framing, DOWN.payload, 10);
    expect(ledger.snapshot().down).toEqual({ payload: 10, header: 0, framing: 20, handshake: 0, idle: 0 });
  });

  it('gives snapshots that later entries do not change', () => {
    const ledger = new Ledger();
    const empty = ledger.snapshot();
    ledger.put(UP.idle, 1);
    expect(everything(empty)).toBe(0);
  });

  it('counts beyond 32 bits', () => {
    const ledger = new Ledger();
    for (let times = 0; times < 10; times++) ledger.put(DOWN.payload, 2 ** 32);
    ledger.put(DOWN.payload, 1);
    expect(ledger.snapshot().down.payload).toBe(10 * 2 ** 32 + 1);
  });
});

describe('addLedgers', () => {
  it('adds shards and subtracts what was before, place by place', () => {
    expect(addLedgers(distinct(2), distinct(3))).toEqual(distinct(5));
    expect(addLedgers(distinct(5), distinct(3), -1)).toEqual(distinct(2));
    expect(everything(addLedgers(distinct(4), distinct(4), -1))).toBe(0);
  });
});
