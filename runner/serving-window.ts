import type { Content } from '../protocol/payload.js';
import { type Arrivals, messageCount, type ScheduleSpec } from '../protocol/schedule.js';

/** What a lone reference server publishes. */
export interface Serving {
  /** 0 is silence. */
  readonly ratePerSecond: number;
  readonly arrivals: Arrivals;
  readonly payloadBytes: number;
  /** Default text. */
  readonly content?: Content;
  readonly seed: number;
}

/** Length of a window at ordinary rates, seconds. */
const WINDOW_SECONDS = 60;

/**
 * The schedule of the window with this index (from 0) of an endless run; null for silence.
 *
 * Schedules are finite, so an endless one is made of windows of about a minute, each with instants of its own. Their
 * length is a whole number of messages over the rate: the rate is exact however low it is.
 */
export function servingWindow(
  serving: Serving,
  index: number,
): { readonly schedule: ScheduleSpec; readonly count: number } | null {
  const { ratePerSecond } = serving;
  if (ratePerSecond <= 0) return null;
  const messages = Math.max(1, Math.round(ratePerSecond * WINDOW_SECONDS));
  const schedule: ScheduleSpec = {
    seed: serving.seed,
    phase: `serve/${index}`,
    arrivals: serving.arrivals,
    ratePerSecond,
    durationSeconds: messages / ratePerSecond,
  };
  return { schedule, count: messageCount(schedule) };
}
