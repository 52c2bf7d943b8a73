import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScheduleSpec } from '../../protocol/schedule.js';
import { messageTopics } from '../../protocol/topics.js';
import { Recorder } from './recorder.js';

const TOPICS = 5;
const schedule = (phase: string, messages: number): ScheduleSpec => ({
  seed: 5,
  phase,
  arrivals: 'constant',
  ratePerSecond: messages,
  durationSeconds: 1,
  topics: TOPICS,
});
const WARMUP = schedule('warmup', 10);
const MEASURE = schedule('measure', 60);
/** Topics by sequence number; the warm-up has 1 to 10, the window 11 to 70. */
const TOPIC_OF = [0, ...messageTopics(WARMUP)!, ...messageTopics(MEASURE)!];
/** Clients 3 to 6 of all: topics 4, 5, 1 and 2. Nobody here hears topic 3. */
const FIRST = 3;
const OWN = [4, 5, 1, 2];

let now = 5000;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.useFakeTimers({ toFake: ['setImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function begun(connected = 4) {
  const drained: string[] = [];
  const recorder = new Recorder({
    clients: 4,
    firstClient: FIRST,
    payloadBytes: 10,
    warmup: WARMUP,
    measure: MEASURE,
    drainMs: 5000,
  });
  recorder.onDrained = (phase) => drained.push(phase);
  for (let client = 0; client < connected; client++) recorder.connected(client, 1);
  recorder.begin('measure', now);
  now += 2000;
  return { recorder, drained };
}

/** Sequence numbers of the window, with the client that is to hear each. */
const heard = (clients = 4) =>
  TOPIC_OF.flatMap((topic, sequence) => {
    const client = OWN.indexOf(topic);
    return sequence <= 10 || client === -1 || client >= clients ? [] : [{ client, sequence }];
  });

describe('a recorder of a shard, with topics', () => {
  it('expects of a message what its topic has of participants', () => {
    const { recorder, drained } = begun();
    const all = heard();
    expect(recorder.expectedDeliveries).toBe(all.length);
    expect(all.length).toBeLessThan(60);
    for (const { client, sequence } of all.slice(1)) recorder.delivered(client, sequence, 10);
    expect(drained).toEqual([]);
    recorder.delivered(all[0]!.client, all[0]!.sequence, 10);
    expect(drained).toEqual(['measure']);
    expect([recorder.unexpected, recorder.finish(), recorder.censor(now)]).toEqual([0, 0, 0]);
    expect(recorder.windowDeliveries).toBe(all.length);
  });

  it('takes a message of another topic for one that it did not expect', () => {
    const { recorder } = begun();
    const stranger = TOPIC_OF.findIndex((topic, sequence) => sequence > 10 && topic === OWN[1]);
    recorder.delivered(0, stranger, 10);
    recorder.delivered(0, TOPIC_OF.indexOf(3), 10);
    expect([recorder.unexpected, recorder.failures, recorder.windowDeliveries]).toEqual([
      2,
      { payload: 2 },
      0,
    ]);
  });

  it('loses and censors what was expected and did not come, and no more', () => {
    const { recorder } = begun();
    const all = heard();
    for (const { client, sequence } of all.slice(5)) recorder.delivered(client, sequence, 10);
    expect(recorder.finish()).toBe(5);
    expect(recorder.censor(now)).toBe(5);
    expect(recorder.latency.count).toBe(all.length);
  });

  it('expects nothing of clients that never came', () => {
    const { recorder } = begun(2);
    expect(recorder.expectedDeliveries).toBe(heard(2).length);
  });

  it('expects no more than was published when publishing ended early', () => {
    const { recorder } = begun();
    const published = heard().filter(({ sequence }) => sequence <= 10 + 20);
    recorder.end(20);
    expect(recorder.expectedDeliveries).toBe(published.length);
    for (const { client, sequence } of published) recorder.delivered(client, sequence, 10);
    expect(recorder.finish()).toBe(0);
  });

  it('tells each client which message is the last of its own', () => {
    const { recorder } = begun();
    const last = recorder.lastSequences('measure', 60);
    expect([0, 1, 2, 3].map(last)).toEqual(OWN.map((topic) => TOPIC_OF.lastIndexOf(topic)));
    expect(recorder.lastSequences('measure', 0)(0)).toBe(0);
  });

  it('is drained at once when it has nobody for what was published', () => {
    const { recorder, drained } = begun(0);
    recorder.end(60);
    expect(drained).toEqual(['measure']);
  });

  it('counts what was posted among the requests', () => {
    const { recorder } = begun();
    recorder.posted();
    recorder.answered(1, 10, 20);
    expect(recorder.requests).toMatchObject({ total: 2, empty: 0, withNews: 1 });
  });
});
