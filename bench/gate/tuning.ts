import { createRandom } from '../../protocol/random.js';
import { GATE_CONFIDENCE } from '../../reports/gate/defaults.js';
import { PairedShift } from '../../reports/gate/paired-interval.js';
import { quantile } from '../../reports/statistics.js';
import type { NoiseRecord } from './noise-record.js';
import { drawRounds } from './simulated-gate.js';

/** What the noise of one metric allows. */
export interface Tuning {
  readonly scenario: string;
  readonly metric: string;
  /** The smallest tolerance at which noise makes one gate of a hundred inconclusive, percent. */
  readonly tolerancePercent: number;
  /** The smallest change that fails 87 of 100 gates at a tolerance, percent. */
  changeCaughtAt(tolerancePercent: number): number;
}

/** To see 80 of 100 alarms one designs for more: small counts are themselves noisy. */
const POWER = 0.87;
const INCONCLUSIVE = 0.01;

/**
 * Works out what a metric's tolerance can be on the recorded machine.
 * @param family metrics that are judged together; the surest is judged at their part of what the confidence leaves
 */
export function tune(
  noise: NoiseRecord,
  scenario: string,
  metric: string,
  pairs: number,
  family: number,
  runs = 1000,
): Tuning {
  const at = noise.metrics.indexOf(metric);
  const random = createRandom(1, `gate/tuning/${scenario}/${metric}/${pairs}`);
  const reaches: number[] = [];
  const lows: number[] = [];
  for (let run = 0; run < runs; run++) {
    const rounds = drawRounds(noise.rounds[scenario]!, pairs, random);
    const shift = (from: number, to: number): PairedShift =>
      new PairedShift(rounds.map((round) => Math.log(round[to]![at]! / round[from]![at]!)));
    const [same, changed] = [shift(0, 1), shift(0, 2)];
    const half = (of: PairedShift): number => {
      const { low, high } = of.interval(GATE_CONFIDENCE)!;
      return (high - low) / 2;
    };
    reaches.push(Math.max(half(same), Math.abs(same.estimate), half(changed)));
    lows.push(changed.interval(1 - (1 - GATE_CONFIDENCE) / family)!.low);
  }
  const percent = (log: number): number => 100 * Math.expm1(log);
  return {
    scenario,
    metric,
    tolerancePercent: percent(quantile(reaches, 1 - INCONCLUSIVE)),
    changeCaughtAt: (tolerancePercent) =>
      percent(Math.log1p(tolerancePercent / 100) - quantile(lows, 1 - POWER)),
  };
}
