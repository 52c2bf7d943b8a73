import { describe, expect, it } from 'vitest';
import { Lane } from './lane.js';
import { paceOf } from './pace.js';

/** Everything on its way with its instant, in order. */
function emptied(lane: Lane): [number, number | string][] {
  const found: [number, number | string][] = [];
  for (;;) {
    const { dueMs } = lane;
    const what = lane.take();
    if (what === null) return found;
    found.push([dueMs, typeof what === 'string' ? what : what.length]);
  }
}

const delayed = () => new Lane(paceOf({ oneWayMs: 20, bandwidthBitsPerSecond: null }), 0);
/** A thousand bytes take a second: 1 ms a byte. */
const shaped = (oneWayMs: number) => new Lane(paceOf({ oneWayMs, bandwidthBitsPerSecond: 8000 }), 0);

describe('a lane', () => {
  it('delays every byte by half the round trip', () => {
    const lane = delayed();
    lane.bytes(Buffer.alloc(10), 100);
    lane.bytes(Buffer.alloc(5), 103.25);
    expect(emptied(lane)).toEqual([
      [120, 10],
      [123.25, 5],
    ]);
  });

  it('is as slow as its bandwidth, then delays: bytes wait for those before them', () => {
    const lane = shaped(20);
    lane.bytes(Buffer.alloc(10), 100);
    lane.bytes(Buffer.alloc(5), 103);
    lane.bytes(Buffer.alloc(1), 500);
    expect(emptied(lane)).toEqual([
      [130, 10],
      [135, 5],
      [521, 1],
    ]);
  });

  it('delivers a long burst piece by piece, none before its last byte has passed', () => {
    const lane = shaped(0);
    lane.bytes(Buffer.alloc(3000), 0);
    expect(emptied(lane)).toEqual([
      [1448, 1448],
      [2896, 1448],
      [3000, 104],
    ]);
  });

  it('keeps bytes as they are and in order', () => {
    const lane = shaped(5);
    const sent = Buffer.from(Array.from({ length: 4000 }, (_, at) => at % 251));
    for (let at = 0; at < sent.length; at += 333) lane.bytes(sent.subarray(at, at + 333), at);
    const received: Buffer[] = [];
    for (let what = lane.take(); what !== null; what = lane.take()) received.push(what as Buffer);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  });

  it('lets a half-close and a reset arrive after the bytes sent before them', () => {
    for (const signal of ['end', 'reset'] as const) {
      const lane = shaped(20);
      lane.bytes(Buffer.alloc(100), 0);
      lane.signal(signal, 1);
      expect(emptied(lane)).toEqual([
        [120, 100],
        [120, signal],
      ]);
    }
  });

  it('holds what is sent during the set-up until the set-up is over, but not the set-up itself', () => {
    const lane = new Lane(paceOf({ oneWayMs: 20, bandwidthBitsPerSecond: null }), 40);
    lane.signal('open', 0);
    lane.bytes(Buffer.alloc(10), 1);
    expect(emptied(lane)).toEqual([
      [20, 'open'],
      [60, 10],
    ]);
  });

  it('is full beyond its window and has room again at half of it', () => {
    const { windowBytes } = paceOf({ oneWayMs: 20, bandwidthBitsPerSecond: 8000 });
    const lane = shaped(20);
    lane.bytes(Buffer.alloc(windowBytes), 0);
    expect(lane.isFull).toBe(false);
    lane.bytes(Buffer.alloc(1), 0);
    expect([lane.isFull, lane.hasRoom]).toEqual([true, false]);
    while (lane.heldBytes > windowBytes / 2) lane.take();
    expect([lane.isFull, lane.hasRoom]).toEqual([false, true]);
    lane.clear();
    expect([lane.heldBytes, lane.dueMs, lane.take()]).toEqual([0, Number.POSITIVE_INFINITY, null]);
  });
});
