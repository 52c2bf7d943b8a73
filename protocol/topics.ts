import { createRandom } from './random.js';
import { messageCount, type ScheduleSpec } from './schedule.js';

/** The topic of a message or a client in a run without topics: everybody's. Topics are numbered from 1. */
export const NO_TOPIC = 0;

/**
 * The topic of each message of a schedule, 1 to `topics`, drawn by lot from the seed; null when it has no topics. Every
 * process that has the schedule computes the same ones.
 */
export function messageTopics(spec: ScheduleSpec): Uint32Array | null {
  if (spec.topics === undefined) return null;
  const topics = new Uint32Array(messageCount(spec));
  const random = createRandom(spec.seed, `topics/${spec.phase}`);
  for (let k = 0; k < topics.length; k++) topics[k] = 1 + Math.floor(random() * spec.topics);
  return topics;
}

/** The topic that a client listens to. @param client its number among all clients of the trial, from 0 */
export function clientTopic(client: number, topics: number): number {
  return 1 + (client % topics);
}
