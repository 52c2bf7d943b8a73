import { describe, expect, it } from 'vitest';
import { ReconnectRecord } from './reconnect-record.js';

const record = (clients = 4, lengthMs = 10_000, ends: readonly number[] = [5000]): ReconnectRecord => {
  const made = new ReconnectRecord(clients, lengthMs, ends);
  made.begin(1000);
  return made;
};

describe('ReconnectRecord', () => {
  it('tells how long each client was away, in the stretch in which it left', () => {
    const made = record();
    made.lost(0, 1000 + 4900);
    made.returned(0, 1000 + 5400);
    made.lost(1, 1000 + 6000);
    made.returned(1, 1000 + 6250);
    const [first, second] = made.encode().restarts;
    expect([first!.left, first!.back, first!.lastBackMs, first!.away.max]).toEqual([1, 1, 5400, 500_000]);
    expect([second!.left, second!.back, second!.lastBackMs, second!.away.max]).toEqual([1, 1, 6250, 250_000]);
  });

  it('counts a client that never comes back as left only', () => {
    const made = record();
    made.lost(2, 1100);
    expect(made.encode().restarts[0]).toMatchObject({ left: 1, back: 0, lastBackMs: 0 });
  });

  it('leaves out first connections and what happened before the window', () => {
    const made = new ReconnectRecord(2, 10_000, [5000]);
    made.lost(0, 500);
    made.begin(1000);
    made.returned(0, 1200);
    made.returned(1, 1300);
    made.lost(1, 900);
    made.failed(999);
    const { restarts, herd } = made.encode();
    expect(restarts.map(({ left, back }) => [left, back])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect([...herd.left, ...herd.back, ...herd.failed].every((count) => count === 0)).toBe(true);
  });

  it('draws the herd in intervals of a tenth of a second', () => {
    const made = record();
    made.lost(0, 1000);
    made.lost(1, 1099);
    made.failed(1100);
    made.returned(0, 1350);
    made.returned(1, 1399);
    const { herd } = made.encode();
    expect([herd.everyMs, herd.left[0], herd.failed[1], herd.back[3]]).toEqual([100, 2, 1, 2]);
  });

  it('takes wider intervals for long windows, and puts what comes too late in the last', () => {
    const made = record(1, 7_200_000, []);
    made.lost(0, 1000);
    made.returned(0, 1e9);
    const { herd } = made.encode();
    expect(herd.everyMs).toBe(2000);
    expect(herd.back.at(-1)).toBe(1);
  });

  it('calls a delivery resumed when its message was due before its client came back', () => {
    const made = record();
    made.delivered(0, 100);
    made.lost(0, 1200);
    made.returned(0, 1700);
    made.delivered(0, 699);
    made.delivered(0, 700);
    made.duplicated(50);
    made.duplicated(5000);
    expect(made.encode().restarts.map(({ resumed, duplicated }) => [resumed, duplicated])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });
});
