import { createRandom } from '../../protocol/random.js';
import { intendedInstants, type ScheduleSpec } from '../../protocol/schedule.js';
import type { SideCrowdSpec, SidePlan } from './contract.js';

/** How long visitors stay on average, seconds; who stays how long is drawn by lot. */
export const MEAN_STAY_SECONDS = 2;
/** Nobody stays shorter, or longer, than these parts of the mean. */
const LEAST_STAY = 0.05;
const MOST_STAY = 5;
/** Newcomers arrive in this part of the window, so that the last of them has time to be heard. */
export const ARRIVAL_PART = 0.8;

/** Who comes and goes when, of one shard; milliseconds from the window's start, by time of arrival. */
export interface Visits {
  readonly arrivesMs: Float64Array;
  /** Infinity for those who stay. */
  readonly leavesMs: Float64Array;
  /** The place that each takes; it is free again once its visitor has left. */
  readonly places: Int32Array;
  /** Places that are taken at most. */
  readonly capacity: number;
}

/** Who comes and goes in a shard's part of a side crowd. @param durationSeconds of the window */
export function visitsOf(
  plan: SideCrowdSpec & Pick<SidePlan, 'part' | 'parts'>,
  durationSeconds: number,
): Visits {
  switch (plan.kind) {
    case 'visitors':
      return visitorsOf(plan.arrivals, plan.part, plan.parts);
    case 'newcomers':
      return newcomersOf(plan.clients, durationSeconds, plan.part, plan.parts);
    case 'slow readers':
      return thereFromTheStart(plan.clients, plan.part, plan.parts);
  }
}

/**
 * Visitors who come and go: an open-loop schedule of arrivals, and a stay for each that is drawn from an exponential
 * distribution, cut off at both ends. Those who would stay past the window leave at its end.
 *
 * @param part of `parts` shards that share the visitors by turns
 */
export function visitorsOf(arrivals: ScheduleSpec, part: number, parts: number): Visits {
  const all = intendedInstants(arrivals);
  const endMs = arrivals.durationSeconds * 1000;
  const random = createRandom(arrivals.seed, `stays/${arrivals.phase}`);
  const arrivesMs: number[] = [];
  const leavesMs: number[] = [];
  for (let n = 0; n < all.length; n++) {
    // Drawn for all, so that a visitor stays as long whoever plays it.
    const drawn = -Math.log(1 - random());
    if (n % parts !== part) continue;
    const stayMs = MEAN_STAY_SECONDS * 1000 * Math.min(Math.max(drawn, LEAST_STAY), MOST_STAY);
    arrivesMs.push(all[n]!);
    leavesMs.push(Math.min(all[n]! + stayMs, endMs));
  }
  return withPlaces(Float64Array.from(arrivesMs), Float64Array.from(leavesMs));
}

/** Newcomers who stay: evenly over the first four fifths of the window. */
export function newcomersOf(total: number, durationSeconds: number, part: number, parts: number): Visits {
  const untilMs = durationSeconds * 1000 * ARRIVAL_PART;
  const arrivesMs: number[] = [];
  for (let n = part; n < total; n += parts) arrivesMs.push(((n + 0.5) / total) * untilMs);
  return staying(Float64Array.from(arrivesMs));
}

/** Those who are there from before the window to its end. */
export function thereFromTheStart(total: number, part: number, parts: number): Visits {
  return staying(new Float64Array(Math.max(0, Math.ceil((total - part) / parts))));
}

function staying(arrivesMs: Float64Array): Visits {
  return {
    arrivesMs,
    leavesMs: new Float64Array(arrivesMs.length).fill(Number.POSITIVE_INFINITY),
    places: Int32Array.from(arrivesMs, (_, n) => n),
    capacity: arrivesMs.length,
  };
}

/** Gives each visitor the place that was freed last, or a new one. */
function withPlaces(arrivesMs: Float64Array, leavesMs: Float64Array): Visits {
  const places = new Int32Array(arrivesMs.length);
  const leaving = Array.from(leavesMs.keys()).sort((a, b) => leavesMs[a]! - leavesMs[b]!);
  const free: number[] = [];
  let gone = 0;
  let capacity = 0;
  for (let n = 0; n < arrivesMs.length; n++) {
    while (gone < leaving.length && leavesMs[leaving[gone]!]! <= arrivesMs[n]!)
      free.push(places[leaving[gone++]!]!);
    places[n] = free.pop() ?? capacity++;
  }
  return { arrivesMs, leavesMs, places, capacity };
}
