import { createRandom } from './random.js';

/** How intended instants are spread: evenly, or as a Poisson process. */
export type Arrivals = 'poisson' | 'constant';

/** What determines a schedule. Every process that has these numbers computes the same instants. */
export interface ScheduleSpec {
  /** Everything random follows from it. */
  readonly seed: number;
  /** Names the phase, so that warm-up and window do not repeat each other's instants. */
  readonly phase: string;
  readonly arrivals: Arrivals;
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
  /** A single message at this fraction of the duration instead of a rate: the idle workload's proof of life. */
  readonly single?: number;
  /** So many messages share each intended instant, the last of them perhaps fewer; 1 when left out. */
  readonly burst?: number;
  /** The rate rises from 0 to twice `ratePerSecond`, evenly over the duration; the number of messages is the same. */
  readonly ramp?: true;
  /** Each message belongs to one of this many topics (see `messageTopics`); left out, to everybody. */
  readonly topics?: number;
}

/** How many messages a schedule has: exactly round(rate x duration). */
export function messageCount(
  spec: Pick<ScheduleSpec, 'ratePerSecond' | 'durationSeconds' | 'single'>,
): number {
  return spec.single === undefined ? Math.round(spec.ratePerSecond * spec.durationSeconds) : 1;
}

/**
 * The intended publish instants of a phase, ascending, in milliseconds from the phase's start, each in [0, duration).
 * With `burst` it is the bursts that are spread, and their messages share an instant.
 *
 * `constant` puts instant k at (k + 0.5) / count of the duration. `poisson` is a Poisson process conditioned on its
 * count: that many independent uniform instants, sorted (Ross, Introduction to Probability Models, 5.3.5), so that
 * every trial of a plan publishes the same number.
 */
export function intendedInstants(spec: ScheduleSpec): Float64Array {
  const count = messageCount(spec);
  if (spec.single !== undefined) return Float64Array.of(spec.single * spec.durationSeconds * 1000);
  const { burst = 1 } = spec;
  const arrivals = spreadArrivals(spec, Math.ceil(count / burst));
  if (burst === 1) return arrivals;
  const instants = new Float64Array(count);
  for (let k = 0; k < count; k++) instants[k] = arrivals[Math.floor(k / burst)]!;
  return instants;
}

function spreadArrivals(spec: ScheduleSpec, count: number): Float64Array {
  const durationMs = spec.durationSeconds * 1000;
  const instants = new Float64Array(count);
  if (spec.arrivals === 'constant') {
    for (let k = 0; k < count; k++) instants[k] = ((k + 0.5) / count) * durationMs;
  } else {
    const random = createRandom(spec.seed, `schedule/${spec.phase}`);
    for (let k = 0; k < count; k++) instants[k] = random() * durationMs;
    instants.sort();
  }
  // A density that rises in a straight line has a square for its sum: the inverse is a root.
  if (spec.ramp)
    for (let k = 0; k < count; k++) instants[k] = Math.sqrt(instants[k]! / durationMs) * durationMs;
  return instants;
}
