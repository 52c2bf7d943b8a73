import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleSpec } from '../../protocol/schedule.js';
import { clientTopic, messageTopics } from '../../protocol/topics.js';
import { TopicAudience } from './topic-audience.js';

const schedule: ScheduleSpec = {
  seed: 3,
  phase: 'measure/1',
  arrivals: 'constant',
  ratePerSecond: 40,
  durationSeconds: 1,
};

describe('who is to hear a message', () => {
  it('are all participants where there are no topics', () => {
    const audience = new TopicAudience(schedule, 100);
    audience.admit(7, 10, () => true);
    expect([audience.of(0), audience.expected(3, 10), audience.hears(5, 0)]).toEqual([7, 49, true]);
    expect(audience.lastSequences(20, 15)(3)).toBe(35);
  });

  it('are the shard’s participants of its topic, for any split of the clients over shards', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 }),
        (topics, shards) => {
          const spec = { ...schedule, topics };
          const ofMessage = messageTopics(spec)!;
          let firstClient = 0;
          let agrees = true;
          for (const clients of shards) {
            const audience = new TopicAudience(spec, firstClient);
            const takesPart = (client: number): boolean => client % 3 !== 2;
            audience.admit(0, clients, takesPart);
            for (let k = 0; k < ofMessage.length; k++) {
              let hearers = 0;
              for (let client = 0; client < clients; client++) {
                const hears = clientTopic(firstClient + client, topics) === ofMessage[k];
                agrees &&= audience.hears(client, k) === hears;
                if (hears && takesPart(client)) hearers++;
              }
              agrees &&= audience.of(k) === hearers;
            }
            expect(audience.expected(0, ofMessage.length)).toBe(
              ofMessage.reduce((sum, _, k) => sum + audience.of(k), 0),
            );
            firstClient += clients;
          }
          expect(agrees).toBe(true);
        },
      ),
    );
  });

  it('have each a last message of their own, or none', () => {
    const spec = { ...schedule, topics: 30 };
    const topics = [...messageTopics(spec)!];
    const audience = new TopicAudience(spec, 0);
    for (const count of [0, 10, 40]) {
      const last = audience.lastSequences(100, count);
      for (let client = 0; client < 60; client++) {
        const k = topics.slice(0, count).lastIndexOf(clientTopic(client, 30));
        expect(last(client)).toBe(k === -1 ? 0 : 101 + k);
      }
    }
  });
});
