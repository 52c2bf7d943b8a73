import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeSequence } from '../../protocol/payload.js';
import { intendedInstants, type ScheduleSpec } from '../../protocol/schedule.js';
import { messageTopics } from '../../protocol/topics.js';
import type { Metronome } from '../../servers/metronome.js';
import { Speaker, type Spoken } from './speaker.js';

const CLIENTS = 10;
const schedule: ScheduleSpec = {
  seed: 11,
  phase: 'measure/1',
  arrivals: 'poisson',
  ratePerSecond: 100,
  durationSeconds: 1,
  topics: CLIENTS,
};
const instants = intendedInstants(schedule);
const topics = messageTopics(schedule)!;

/** A metronome whose hand a test turns. */
class Hand {
  atMs = Number.POSITIVE_INFINITY;
  private call = (): void => {};
  wakeAt(localMs: number, callback: () => void): void {
    this.atMs = localMs;
    this.call = callback;
  }
  rest(): void {
    this.atMs = Number.POSITIVE_INFINITY;
  }
  /** Lets time pass, waking at each order, never before. */
  passTo(ms: number): void {
    while (this.atMs <= ms) {
      now = Math.max(now, this.atMs);
      this.call();
    }
    now = Math.max(now, ms);
  }
  wake(): void {
    this.call();
  }
}

let now = 0;
let hand: Hand;
let said: { client: number; sequence: number; atMs: number; bytes: number }[];
beforeEach(() => {
  now = 1000;
  hand = new Hand();
  said = [];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

function speaker(firstClient: number, clients: number): Speaker {
  const made = new Speaker(hand as unknown as Metronome, {
    firstClient,
    clients,
    payloadBytes: 30,
    content: 'text',
    say: (client, payload) =>
      said.push({ client, sequence: decodeSequence(payload), atMs: now, bytes: payload.length }),
  });
  made.prepare({ schedule, before: 200 });
  return made;
}

describe('the clients of a shard', () => {
  it('say each message of the schedule once over all shards, each its own', () => {
    for (const [first, clients] of [
      [0, 3],
      [3, 4],
      [7, 3],
    ] as const) {
      now = 1000;
      speaker(first, clients).begin(1000, () => {});
      const before = said.length;
      hand.passTo(3000);
      for (const { client, sequence } of said.slice(before)) {
        expect(client).toBeLessThan(clients);
        expect(topics[sequence - 201]).toBe(1 + first + client);
      }
    }
    expect(said.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, k) => 201 + k),
    );
    expect(new Set(said.map(({ bytes }) => bytes))).toEqual(new Set([30]));
  });

  it('speak at the intended instants', () => {
    let spoken: Spoken | null = null;
    speaker(0, CLIENTS).begin(1000, (all) => {
      spoken = all;
    });
    hand.passTo(3000);
    expect(said.map(({ atMs }) => atMs)).toEqual([...instants].map((instant) => 1000 + instant));
    expect(spoken!).toMatchObject({ count: 100 });
    expect(Math.max(...spoken!.lagUs)).toBeLessThan(1e-3);
  });

  it('say after a stall at once whatever they missed, late by the stall', () => {
    let spoken: Spoken | null = null;
    speaker(0, CLIENTS).begin(1000, (all) => {
      spoken = all;
    });
    now = 1500;
    hand.wake();
    const due = instants.filter((instant) => instant <= 500).length;
    expect(said.map(({ sequence }) => sequence)).toEqual(Array.from({ length: due }, (_, k) => 201 + k));
    hand.passTo(3000);
    expect(said.length).toBe(100);
    expect(spoken!.lagUs[0]).toBeCloseTo((500 - instants[0]!) * 1000, 3);
  });

  it('say nothing before its instant, should the metronome be early', () => {
    speaker(0, CLIENTS).begin(1000, () => {});
    now = 1000 + instants[0]! - 0.001;
    hand.wake();
    expect(said).toEqual([]);
  });

  it('stop after a message of the schedule, the same one in every shard', () => {
    let count = -1;
    const some = speaker(2, 3);
    some.begin(1000, (spoken) => {
      count = spoken.count;
    });
    hand.passTo(1000 + instants[20]!);
    some.halt(60);
    hand.passTo(5000);
    const own = [...topics].slice(0, 60).filter((topic) => topic >= 3 && topic <= 5).length;
    expect([count, said.length]).toEqual([own, own]);
  });

  it('stop at once when they are not told after which, and say once that they have', () => {
    const finished = vi.fn();
    const all = speaker(0, CLIENTS);
    all.begin(1000, finished);
    hand.passTo(1000 + instants[9]!);
    all.halt();
    all.halt();
    hand.passTo(5000);
    expect(said.length).toBe(10);
    expect(finished).toHaveBeenCalledOnce();
  });

  it('have said everything at once when the schedule has nothing for them', () => {
    const finished = vi.fn();
    speaker(500, 10).begin(1000, finished);
    expect(finished).toHaveBeenCalledWith({ count: 0, lagUs: [] });
  });
});
