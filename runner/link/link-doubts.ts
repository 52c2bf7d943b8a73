import { messageCount } from '../../protocol/schedule.js';
import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { schedules } from '../trial-parts.js';

/** More than a request and its answer ever have, browser headers and a cookie contained. */
const OPENING_BYTES = 16 * 1024;

/** Why a link cannot carry what the plan wants to send through it, and what it will not keep up with. */
export function linkDoubts(plan: Plan): { mistakes: readonly string[]; warnings: readonly string[] } {
  const { bandwidthBitsPerSecond: bandwidth, payloadBytes } = plan;
  if (bandwidth === null) return { mistakes: [], warnings: [] };
  const bits = payloadBytes * 8;
  if (bandwidth < bits) {
    return {
      mistakes: [
        `--bandwidth ${bandwidth}: one message of ${readable(payloadBytes)} bytes is ${readable(bits)} bits and would ` +
          `take longer than a second. Use at least ${bits} bit/s or a smaller --payload.`,
      ],
      warnings: [],
    };
  }
  const { measure } = schedules(plan, 1, Math.min(...plan.clients));
  const perSecond = messageCount(measure) / measure.durationSeconds / (measure.topics ?? 1);
  const asked = Math.round(perSecond * bits);
  if (asked <= bandwidth) return { mistakes: [], warnings: [] };
  return {
    mistakes: [],
    warnings: [
      `--bandwidth ${bandwidth}: the payloads alone are ${readable(asked)} bit/s for each client, so that messages wait for ` +
        'each other on the link and latency grows as long as the run does.',
    ],
  };
}

/**
 * What a link may have to do with it that nobody could connect, to be said behind the failures; empty when it is fast
 * enough. @param patienceMs how long a client waits for its transport to open
 */
export function slowLinkHint(
  { bandwidthBitsPerSecond }: Pick<Plan, 'bandwidthBitsPerSecond'>,
  patienceMs: number,
): string {
  if (bandwidthBitsPerSecond === null) return '';
  const bytes = Math.floor((bandwidthBitsPerSecond * patienceMs) / 8000);
  if (bytes >= OPENING_BYTES) return '';
  return (
    ` Through --bandwidth ${bandwidthBitsPerSecond} only ${readable(bytes)} bytes pass in the ${patienceMs / 1000} s that a ` +
    'client waits, and its request and the answer have to: use a higher one.'
  );
}
