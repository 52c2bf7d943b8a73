import { describe, expect, it } from 'vitest';
import { intendedInstants, messageCount, type ScheduleSpec } from './schedule.js';
import { clientTopic, messageTopics } from './topics.js';

const spec: ScheduleSpec = {
  seed: 7,
  phase: 'measure/1',
  arrivals: 'poisson',
  ratePerSecond: 1000,
  durationSeconds: 10,
};

describe('the topics of a schedule', () => {
  it('are none unless the schedule has some', () => {
    expect(messageTopics(spec)).toBeNull();
  });

  it('give every message one of them, evenly', () => {
    const topics = messageTopics({ ...spec, topics: 10 })!;
    expect(topics.length).toBe(messageCount(spec));
    const counts = Array.from({ length: 12 }, (_, topic) => topics.filter((each) => each === topic).length);
    expect([counts[0], counts[11]]).toEqual([0, 0]);
    // 1,000 each, of a binomial with a standard deviation of 30.
    for (const count of counts.slice(1, 11)) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('follow from seed and phase, and leave the instants as they are', () => {
    const withTopics = { ...spec, topics: 50 };
    expect(messageTopics(withTopics)).toEqual(messageTopics({ ...withTopics }));
    expect(messageTopics({ ...withTopics, seed: 8 })).not.toEqual(messageTopics(withTopics));
    expect(messageTopics({ ...withTopics, phase: 'measure/2' })).not.toEqual(messageTopics(withTopics));
    expect(intendedInstants(withTopics)).toEqual(intendedInstants(spec));
  });

  it('have clients by turns', () => {
    expect([0, 1, 2, 3, 7].map((client) => clientTopic(client, 3))).toEqual([1, 2, 3, 1, 2]);
  });
});

describe('bursts', () => {
  it.each(['poisson', 'constant'] as const)('are spread as %s arrivals, each at one instant', (arrivals) => {
    const single = { ...spec, arrivals, ratePerSecond: 100 };
    const instants = intendedInstants({ ...single, ratePerSecond: 1000, burst: 10 });
    expect(instants.length).toBe(10_000);
    expect([...instants].filter((_, k) => k % 10 === 0)).toEqual([...intendedInstants(single)]);
    for (let k = 0; k < instants.length; k++) expect(instants[k]).toBe(instants[k - (k % 10)]);
  });

  it('never change the number of messages: the last burst may be smaller', () => {
    const instants = intendedInstants({ ...spec, ratePerSecond: 2.5, burst: 10 });
    expect(instants.length).toBe(25);
    expect(new Set(instants).size).toBe(3);
    expect(new Set(instants.slice(20)).size).toBe(1);
    expect([...instants]).toEqual([...instants].sort((a, b) => a - b));
  });
});
