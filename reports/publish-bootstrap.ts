import { createRandom, type Random } from '../protocol/random.js';
import { type Interval, LEAST_FOR_INTERVAL, medianInterval } from './median-interval.js';
import type { Measurements } from './result.js';
import { median, quantile } from './statistics.js';
import { studentT } from './student.js';

/** Fewest publishes in a trial that an interval within the run is computed from. */
export const LEAST_PUBLISHES = 30;

/** Resampled medians kept for a trial; both levels draw from them. */
const BANK = 1_000;
const RESAMPLES = 1_000;
/** From more trials on, what happens inside one no longer shows beside what differs between them. */
const MOST_TWO_LEVEL_TRIALS = 30;
/** What 99 % of a normal distribution lies within, in standard deviations. */
const NORMAL_99 = 2.5758;
/** Half a step of the table that keeps a publish's median (within 3.2 %). */
const HALF_STEP = 0.016;

/** A sample of a trial: one publish, however many clients it reached. */
interface Publish {
  readonly us: number;
  readonly weight: number;
}

/**
 * Median latency of each publish, in order, spread evenly over its step: with steady latencies most publishes would share
 * one step, and resampling would see no noise at all.
 */
function publishesOf({ publishes }: Measurements): Publish[] {
  const random = createRandom(publishes.p50Us.length, 'bootstrap/step');
  return publishes.p50Us.flatMap((us, at) => {
    const shift = 1 + HALF_STEP * (2 * random() - 1);
    const weight = publishes.delivered[at] ?? 0;
    return us === null || weight === 0 ? [] : [{ us: Math.max(us, 1) * shift, weight }];
  });
}

/** Most publishes in a row that share an instant: those of a burst are one sample, and drawn together. */
function longestBurst({ publishes: { intendedUs } }: Measurements): number {
  let longest = 1;
  let length = 1;
  for (let at = 1; at < intendedUs.length; at++) {
    length = intendedUs[at] === intendedUs[at - 1] ? length + 1 : 1;
    if (length > longest) longest = length;
  }
  return longest;
}

/** Median over deliveries of publishes given in ascending order, each drawn `times[at]` times. */
function weightedMedian(ascending: readonly Publish[], times: Uint16Array | null): number {
  let total = 0;
  for (let at = 0; at < ascending.length; at++) total += ascending[at]!.weight * (times?.[at] ?? 1);
  let below = 0;
  for (let at = 0; at < ascending.length; at++) {
    below += ascending[at]!.weight * (times?.[at] ?? 1);
    if (below >= total / 2) return ascending[at]!.us;
  }
  return ascending.at(-1)!.us;
}

/**
 * How far resampled medians lie from the trial's own, as logarithms. Publishes are drawn in runs of about the cube root of
 * their number (a circular block bootstrap; Politis and Romano 1992), because neighbours share what happens to the
 * machine. Resampling few blocks loses some of their spread, which Student's t with a block less gives back (Hesterberg
 * 2015). Fewer than three blocks have no noise that could be seen.
 */
function drawBank(measurements: Measurements, seed: number): Float64Array {
  const inOrder = publishesOf(measurements);
  const count = inOrder.length;
  const bank = new Float64Array(BANK);
  const block = Math.max(Math.ceil(Math.cbrt(count)), longestBurst(measurements));
  const blocks = Math.floor(count / block);
  if (blocks < 3) return bank;
  const lost = (studentT(0.99, blocks - 1) / NORMAL_99) * Math.sqrt(blocks / (blocks - 1));
  const ranks = inOrder.map((_, at) => at).sort((a, b) => inOrder[a]!.us - inOrder[b]!.us);
  const ascending = ranks.map((at) => inOrder[at]!);
  const rankOf = new Uint16Array(count);
  for (const [rank, at] of ranks.entries()) rankOf[at] = rank;
  const own = Math.log(weightedMedian(ascending, null));
  const random = createRandom(seed, 'bootstrap/publishes');
  const times = new Uint16Array(count);
  for (let round = 0; round < BANK; round++) {
    times.fill(0);
    for (let drawn = 0; drawn < count; ) {
      const from = Math.floor(random() * count);
      for (let step = 0; step < block && drawn < count; step++, drawn++) {
        const rank = rankOf[(from + step) % count]!;
        times[rank] = times[rank]! + 1;
      }
    }
    bank[round] = lost * (Math.log(weightedMedian(ascending, times)) - own);
  }
  return bank;
}

/** By measurements: summaries are made after every trial of a run, from the same trials again. */
const banks = new WeakMap<Measurements, Float64Array>();

function bankOf(measurements: Measurements, seed: number): Float64Array {
  const bank = banks.get(measurements) ?? drawBank(measurements, seed);
  banks.set(measurements, bank);
  return bank;
}

/** How well a single trial knows its own median latency. It says nothing of what another run would give. */
export interface WithinRun extends Interval {
  /** Publishes that it rests on; the deliveries of one publish are one sample. */
  readonly publishes: number;
}

/**
 * A 99 % interval of a trial's median latency, microseconds, from resampled publishes; null below thirty of them.
 * Deterministic: the same trial gives the same interval.
 */
export function withinRunInterval(measurements: Measurements): WithinRun | null {
  const { p50 } = measurements.latencyUs;
  const publishes = publishesOf(measurements).length;
  if (p50 === null || publishes < LEAST_PUBLISHES) return null;
  const bank = [...bankOf(measurements, 1)];
  return {
    low: p50 * Math.exp(Math.min(0, quantile(bank, 0.005))),
    high: p50 * Math.exp(Math.max(0, quantile(bank, 0.995))),
    publishes,
  };
}

function resampledMedians(p50s: readonly number[], noise: readonly Float64Array[], random: Random): number[] {
  return Array.from({ length: RESAMPLES }, () =>
    median(
      p50s.map(() => {
        const trial = Math.floor(random() * p50s.length);
        return Math.log(p50s[trial]!) + noise[trial]![Math.floor(random() * BANK)]!;
      }),
    ),
  );
}

/**
 * A 99 % interval of the median latency over trials, microseconds, that knows of both levels: trials are resampled, and
 * inside each its publishes. It reaches at least as far as the interval over trials alone, so that five trials that
 * happen to agree do not hide how little each of them knew. Null below five trials.
 */
export function latencyInterval(trials: readonly Measurements[]): Interval | null {
  const known = trials.filter(({ latencyUs }) => latencyUs.p50 !== null);
  const p50s = known.map(({ latencyUs }) => Math.max(latencyUs.p50!, 1));
  const between = medianInterval(p50s);
  if (!between || known.length < LEAST_FOR_INTERVAL || known.length > MOST_TWO_LEVEL_TRIALS) return between;
  const noise = known.map((measurements, at) => bankOf(measurements, at + 1));
  const medians = resampledMedians(p50s, noise, createRandom(known.length, 'bootstrap/two-level'));
  return {
    low: Math.min(between.low, Math.exp(quantile(medians, 0.005))),
    high: Math.max(between.high, Math.exp(quantile(medians, 0.995))),
  };
}
