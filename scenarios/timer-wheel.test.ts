import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { below, drawing, expectSame } from './testing/pieces.js';
import { TimerWheel } from './timer-wheel.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A wheel that is turned by hand against a clock that is set by hand. */
class Bench {
  now: number;
  readonly fired: { client: number; at: number }[] = [];
  readonly wheel: TimerWheel;
  onFire: (client: number) => void = () => {};

  constructor(clients: number, startMs = 1000) {
    this.now = startMs;
    this.wheel = new TimerWheel(
      clients,
      (client) => {
        this.fired.push({ client, at: this.now });
        this.onFire(client);
      },
      () => this.now,
    );
  }

  /** The clients that fire when the clock has come to `now`, in order of their numbers. */
  turnAt(now: number): number[] {
    this.now = now;
    const before = this.fired.length;
    this.wheel.turn();
    return this.fired
      .slice(before)
      .map(({ client }) => client)
      .sort((a, b) => a - b);
  }
}

describe('TimerWheel', () => {
  it('fires nothing early, not by a fraction of a millisecond', () => {
    const bench = new Bench(1);
    bench.wheel.schedule(0, 1010.25);
    expect(bench.turnAt(1010)).toEqual([]);
    expect(bench.turnAt(1010.24)).toEqual([]);
    expect(bench.turnAt(1010.99)).toEqual([]);
    expect(bench.turnAt(1011)).toEqual([0]);
    expect(bench.turnAt(1012)).toEqual([]);
  });

  it('fires on the millisecond when the instant is whole', () => {
    const bench = new Bench(1);
    bench.wheel.schedule(0, 1010);
    expect(bench.turnAt(1009.99)).toEqual([]);
    expect(bench.turnAt(1010)).toEqual([0]);
  });

  it('fires what is already past within the next millisecond, not inside schedule', () => {
    const bench = new Bench(2);
    bench.wheel.schedule(0, 5);
    bench.wheel.schedule(1, 1000);
    expect(bench.fired).toEqual([]);
    expect(bench.turnAt(1001)).toEqual([0, 1]);
  });

  it('fires nothing while it is held, and then what came due, at once', () => {
    const bench = new Bench(4);
    bench.wheel.schedule(0, 1010);
    bench.wheel.schedule(1, 1020);
    bench.wheel.hold();
    bench.wheel.schedule(2, 1030);
    bench.wheel.schedule(3, 6000);
    bench.wheel.cancel(1);
    expect(vi.getTimerCount()).toBe(0);
    bench.now = 5500;
    bench.wheel.release();
    expect(bench.fired.map(({ client }) => client).sort()).toEqual([0, 2]);
    expect(vi.getTimerCount()).toBe(1);
    expect(bench.turnAt(6000)).toEqual([3]);
  });

  it('is not disturbed by a release that follows no hold', () => {
    const bench = new Bench(1);
    bench.wheel.schedule(0, 1010);
    bench.now = 1020;
    bench.wheel.release();
    expect(bench.fired).toEqual([]);
    expect(bench.turnAt(1020)).toEqual([0]);
  });

  it('holds any number of clients for the same instant', () => {
    const bench = new Bench(500);
    for (let client = 0; client < 500; client++) bench.wheel.schedule(client, 1050);
    expect(bench.turnAt(1049)).toEqual([]);
    expect(bench.turnAt(1050)).toEqual(Array.from({ length: 500 }, (_, client) => client));
  });

  it('keeps instants apart that share a slot: 4,096 ms and its multiples', () => {
    const bench = new Bench(4);
    for (let turn = 0; turn < 4; turn++) bench.wheel.schedule(turn, 1100 + turn * 4096);
    for (let turn = 0; turn < 4; turn++) {
      expect(bench.turnAt(1099 + turn * 4096)).toEqual([]);
      expect(bench.turnAt(1100 + turn * 4096)).toEqual([turn]);
    }
  });

  it('reaches deadlines of an hour', () => {
    const bench = new Bench(1);
    bench.wheel.schedule(0, 1000 + 3_600_000);
    for (let now = 1000; now < 3_601_000; now += 4000) expect(bench.turnAt(now)).toEqual([]);
    expect(bench.turnAt(3_601_000)).toEqual([0]);
  });

  it('fires everything that came due in a stall longer than a turn, once', () => {
    const bench = new Bench(200);
    for (let client = 0; client < 200; client++) bench.wheel.schedule(client, 1001 + client * 97);
    expect(bench.turnAt(1001 + 150 * 97)).toEqual(Array.from({ length: 151 }, (_, client) => client));
    expect(bench.turnAt(1001 + 150 * 97)).toEqual([]);
    expect(bench.turnAt(1e6)).toEqual(Array.from({ length: 49 }, (_, n) => 151 + n));
  });

  it('replaces what was scheduled for a client', () => {
    const bench = new Bench(1);
    bench.wheel.schedule(0, 1010);
    bench.wheel.schedule(0, 1030);
    expect(bench.turnAt(1020)).toEqual([]);
    bench.wheel.schedule(0, 1025);
    expect(bench.turnAt(1025)).toEqual([0]);
    expect(bench.turnAt(1040)).toEqual([]);
  });

  it('cancels from the front, the middle and the end of a slot', () => {
    for (const cancelled of [[0], [1], [2], [0, 1], [1, 2], [0, 2], [2, 1, 0]]) {
      const bench = new Bench(3);
      for (const client of [0, 1, 2]) bench.wheel.schedule(client, 1010);
      for (const client of cancelled) bench.wheel.cancel(client);
      expect(bench.turnAt(1010)).toEqual([0, 1, 2].filter((client) => !cancelled.includes(client)));
    }
  });

  it('cancels what is not scheduled without harm, and twice', () => {
    const bench = new Bench(2);
    bench.wheel.schedule(1, 1010);
    bench.wheel.cancel(0);
    bench.wheel.cancel(0);
    expect(bench.turnAt(1010)).toEqual([1]);
    bench.wheel.cancel(1);
    expect(bench.turnAt(1020)).toEqual([]);
  });

  it('lets a client schedule itself again from inside its own firing: later, never in the same turn', () => {
    const bench = new Bench(1);
    bench.onFire = () => bench.wheel.schedule(0, bench.now);
    bench.wheel.schedule(0, 1010);
    expect(bench.turnAt(1010)).toEqual([0]);
    expect(bench.turnAt(1010.9)).toEqual([]);
    expect(bench.turnAt(1011)).toEqual([0]);
    expect(bench.turnAt(9000)).toEqual([0]);
  });

  it('lets a firing cancel or postpone others of the same slot', () => {
    const bench = new Bench(4);
    for (let client = 0; client < 4; client++) bench.wheel.schedule(client, 1010);
    bench.onFire = (client) => {
      bench.onFire = () => {};
      const others = [0, 1, 2, 3].filter((other) => other !== client);
      bench.wheel.cancel(others[0]!);
      bench.wheel.schedule(others[1]!, 1010 + 4096);
    };
    expect(bench.turnAt(1010)).toHaveLength(2);
    expect(bench.turnAt(1010 + 4095)).toEqual([]);
    expect(bench.turnAt(1010 + 4096)).toHaveLength(1);
  });

  it('does nothing after it is stopped, and can be used again', () => {
    const bench = new Bench(3);
    for (const client of [0, 1, 2]) bench.wheel.schedule(client, 1010 + client);
    bench.wheel.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(bench.turnAt(2000)).toEqual([]);
    bench.wheel.schedule(2, 2010);
    expect(bench.turnAt(2010)).toEqual([2]);
  });

  it('agrees with a plain table over 300 random histories of schedules, cancellations and turns', () => {
    const random = drawing(8);
    const clients = 12;
    for (let history = 0; history < 300; history++) {
      const bench = new Bench(clients, below(random, 1e7) + random());
      const due = new Map<number, number>();
      let turned = Math.floor(bench.now);
      const schedule = (client: number, at: number) => {
        bench.wheel.schedule(client, at);
        due.set(client, Math.max(Math.ceil(at), turned + 1));
      };
      const inSome = () => bench.now + random() * [2, 50, 4096, 20_000][below(random, 4)]! - 1;
      const log: string[] = [];
      bench.onFire = (client) => {
        const at = inSome();
        // The clock the wheel has come to counts, not the last turn's.
        turned = Math.floor(bench.now);
        due.delete(client);
        if (random() < 0.5) schedule(client, at);
      };
      for (let step = 0; step < 60; step++) {
        const client = below(random, clients);
        const choice = random();
        if (choice < 0.4) {
          schedule(client, inSome());
        } else if (choice < 0.5) {
          bench.wheel.cancel(client);
          due.delete(client);
        } else {
          const now = bench.now + random() * [1, 20, 1000, 15_000][below(random, 4)]!;
          const wanted = [...due].filter(([, at]) => at <= Math.floor(now)).map(([client]) => client);
          expectSame(
            bench.turnAt(now),
            wanted.sort((a, b) => a - b),
            log.join(' '),
          );
          turned = Math.floor(now);
        }
        log.push(choice.toFixed(2));
      }
      bench.wheel.stop();
    }
  });
});

describe("the wheel's own timer", () => {
  function run(clients: number) {
    const fired: [client: number, lateMs: number][] = [];
    const due: number[] = [];
    const wheel = new TimerWheel(clients, (client) => fired.push([client, performance.now() - due[client]!]));
    const schedule = (client: number, inMs: number) => {
      due[client] = performance.now() + inMs;
      wheel.schedule(client, due[client]);
    };
    return { fired, wheel, schedule };
  }

  it('wakes for every client, late by less than a millisecond and the timer, and then rests', () => {
    const { fired, schedule } = run(6);
    [900, 20.5, 5000, 12_345.6, 23, 4096].forEach((inMs, client) => {
      schedule(client, inMs);
    });
    vi.advanceTimersByTime(20_000);
    expect(fired.map(([client]) => client)).toEqual([1, 4, 0, 5, 2, 3]);
    for (const [, lateMs] of fired) {
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(2);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('wakes earlier when something earlier is scheduled, holding one timer all the while', () => {
    const { fired, schedule } = run(3);
    schedule(0, 3000);
    schedule(1, 2000);
    schedule(2, 10);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(12);
    expect(fired.map(([client]) => client)).toEqual([2]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3000);
    expect(fired.map(([client]) => client)).toEqual([2, 1, 0]);
  });

  it('sleeps until the next entry or a turn of the wheel, instead of ticking', () => {
    const wheel = new TimerWheel(1, () => {});
    const turns = vi.spyOn(wheel, 'turn');
    wheel.schedule(0, performance.now() + 600_000);
    vi.advanceTimersByTime(600_001);
    // One occupied slot is looked at once a turn of 4,096 ms.
    expect(turns.mock.calls.length).toBeLessThanOrEqual(Math.ceil(600_000 / 4096) + 2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fires nothing while it is held, and then what came due meanwhile, save what was cancelled', () => {
    const { fired, wheel, schedule } = run(4);
    schedule(0, 10);
    schedule(1, 20);
    wheel.hold();
    schedule(2, 30);
    schedule(3, 900);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(500);
    wheel.cancel(1);
    expect(fired).toEqual([]);
    wheel.release();
    expect(fired.map(([client]) => client)).toEqual([0, 2]);
    vi.advanceTimersByTime(402);
    expect(fired.map(([client]) => client)).toEqual([0, 2, 3]);
  });

  it('takes a release that follows no hold for nothing', () => {
    const { fired, wheel, schedule } = run(1);
    schedule(0, 10);
    wheel.release();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(12);
    expect(fired).toHaveLength(1);
  });

  it('has no timer left after stop', () => {
    const { fired, wheel, schedule } = run(2);
    schedule(0, 10);
    schedule(1, 20);
    wheel.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(100);
    expect(fired).toEqual([]);
  });
});
