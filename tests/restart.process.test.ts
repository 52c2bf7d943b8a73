import { describe, expect, it } from 'vitest';
import { scenarioById } from '../runner/scenario-sets.js';
import { completed, oneTrial } from './support/one-trial.js';

const CLIENTS = 10;
const RATE = 20;
/** Long enough for everybody to be back before the second restart on a machine with other work. */
const SECONDS = 6;

const restarted = (scenario: string) =>
  oneTrial({
    scenario,
    clients: CLIENTS,
    workload: 'restart',
    workloadOptions: { down: 100 },
    ratePerSecond: RATE,
    arrivals: 'constant',
    durationSeconds: SECONDS,
    warmupSeconds: 0.5,
    pollIntervalMs: 100,
  });

describe.concurrent('a server that is killed and comes back', () => {
  it.each(['polling', 'longpoll', 'sse', 'websocket'])(
    'takes from %s what its transport cannot ask for again, and nothing else',
    async (id) => {
      const found = completed(await restarted(id));
      const { each, herd } = found.restarts!;
      const [broker, memory] = each;
      expect(each.map(({ log }) => log)).toEqual(['broker', 'memory']);
      for (const restart of each) {
        expect(restart.awayMs).toBeGreaterThanOrEqual(100);
        expect([restart.left, restart.back]).toEqual([CLIENTS, CLIENTS]);
        expect(restart.allBackAfterMs).toBeGreaterThanOrEqual(restart.awayMs);
        expect(restart.duplicated).toBe(0);
      }
      expect(broker!.killedAtSeconds).toBeCloseTo(0.2 * SECONDS, 0);
      if (scenarioById(id)!.resumes) {
        expect(broker!.lost).toBe(0);
        expect(broker!.resumed).toBeGreaterThan(0);
      } else {
        expect(broker!.lost).toBeGreaterThan(0);
        // A message that was due and not yet published when a client came back reaches it, too: those of an instant.
        expect(broker!.resumed).toBeLessThan(broker!.lost);
      }
      // Nobody published while it was away, so nobody can have got it.
      expect(broker!.neverPublished).toBe(0);
      expect(memory!.neverPublished).toBeGreaterThan(0);
      expect(memory!.lost).toBeGreaterThanOrEqual(memory!.neverPublished * CLIENTS);
      expect(broker!.lost + memory!.lost).toBe(found.messages.lost);
      expect(broker!.expected + memory!.expected).toBe(RATE * SECONDS * CLIENTS);
      expect(found.messages).toMatchObject({
        expected: RATE * SECONDS * CLIENTS,
        delivered: RATE * SECONDS * CLIENTS - found.messages.lost!,
        duplicated: 0,
        published: RATE * SECONDS - memory!.neverPublished,
      });
      const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
      expect([sum(herd.left), sum(herd.back)]).toEqual([2 * CLIENTS, 2 * CLIENTS]);
      expect(found.wire.totals).toEqual(found.wire.sockets);
    },
  );
});
