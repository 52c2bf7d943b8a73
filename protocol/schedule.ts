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
}

/** How many messages a schedule has: exactly round(rate x duration). */
export function messageCount(
  spec: Pick<ScheduleSpec, 'ratePerSecond' | 'durationSeconds' | 'single'>,
): number {
  return spec.single === undefined ? Math.round(spec.ratePerSecond * spec.durationSeconds) : 1;
}

/**
 * The intended publish instants of a phase, ascending, in milliseconds from the phase's start, each in [0, duration).
 *
 * `constant` puts instant k at (k + 0.5) / count of the duration. `poisson` is a Poisson process conditioned on its
 * count: that many independent uniform instants, sorted (Ross, Introduction to Probability Models, 5.3.5), so that
 * every trial of a plan publishes the same number.
 */
export function intendedInstants(spec: ScheduleSpec): Float64Array {
  const count = messageCount(spec);
  const durationMs = spec.durationSeconds * 1000;
  const instants = new Float64Array(count);
  if (spec.single !== undefined) {
    instants[0] = spec.single * durationMs;
  } else if (spec.arrivals === 'constant') {
    for (let k = 0; k < count; k++) instants[k] = ((k + 0.5) / count) * durationMs;
  } else {
    const random = createRandom(spec.seed, `schedule/${spec.phase}`);
    for (let k = 0; k < count; k++) instants[k] = random() * durationMs;
    instants.sort();
  }
  return instants;
}
