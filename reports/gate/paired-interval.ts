import type { Interval } from '../median-interval.js';
import { LEAST_FOR_INTERVAL } from '../median-interval.js';
import { studentT, studentWithin } from '../student.js';
import { signedRankTail } from './signed-rank.js';

/**
 * The shift of paired differences, as Wilcoxon's signed-rank test sees it: the median of the means of all pairs of
 * differences (Hodges and Lehmann 1963), its interval, and how surely it lies beyond a bound.
 *
 * Why this test: two arms of the same server are exchangeable, so the differences of a round are symmetric whatever the
 * machine does, and that is all the test needs; a trial that a neighbour spoiled moves it less than it does Student's
 * interval; and with normal noise it is nearly as narrow. A head against the mean of two bases is symmetric only where the
 * noise is: a long tail upwards shifts it down by a part of its interval, which raises no alarm of a worse head.
 *
 * Where so few differences cannot reach the confidence (five to seven at 99 %), it is the extremes or Student's interval,
 * whichever reaches further.
 */
export class PairedShift {
  readonly #sorted: Float64Array;
  readonly #walsh: Float64Array;
  readonly #mean: number;
  readonly #error: number;

  /** @param differences finite numbers, at least one */
  constructor(differences: readonly number[]) {
    const count = differences.length;
    this.#sorted = Float64Array.from(differences).sort();
    const walsh = new Float64Array((count * (count + 1)) / 2);
    let at = 0;
    for (let a = 0; a < count; a++) {
      for (let b = a; b < count; b++) walsh[at++] = (this.#sorted[a]! + this.#sorted[b]!) / 2;
    }
    this.#walsh = walsh.sort();
    this.#mean = this.#sorted.reduce((sum, value) => sum + value / count, 0);
    const variance = this.#sorted.reduce((sum, value) => sum + (value - this.#mean) ** 2, 0) / (count - 1);
    this.#error = Math.sqrt(variance / count);
  }

  get count(): number {
    return this.#sorted.length;
  }

  get estimate(): number {
    const { length } = this.#walsh;
    return (this.#walsh[(length - 1) >> 1]! + this.#walsh[length >> 1]!) / 2;
  }

  /**
   * Null below five differences.
   * @param confidence 0 to 1, both excluded
   */
  interval(confidence: number): Interval | null {
    if (this.count < LEAST_FOR_INTERVAL) return null;
    // Means that may lie below the interval: as many as leave each tail its half.
    let outside = 0;
    while (2 * signedRankTail(this.count, outside) <= 1 - confidence) outside++;
    if (outside > 0) {
      return { low: this.#walsh[outside - 1]!, high: this.#walsh[this.#walsh.length - outside]! };
    }
    const reach = studentT(confidence, this.count - 1) * this.#error;
    return {
      low: Math.min(this.#sorted[0]!, this.#mean - reach),
      high: Math.max(this.#sorted[this.count - 1]!, this.#mean + reach),
    };
  }

  /**
   * The smallest 1 - confidence at which the whole interval lies above the bound, 1 where there is no interval.
   */
  levelAbove(bound: number): number {
    return this.#level(this.#walsh.filter((mean) => mean <= bound).length, this.#mean - bound);
  }

  /** As {@link levelAbove}, with the whole interval below the bound. */
  levelBelow(bound: number): number {
    return this.#level(this.#walsh.filter((mean) => mean >= bound).length, bound - this.#mean);
  }

  #level(notBeyond: number, distance: number): number {
    if (this.count < LEAST_FOR_INTERVAL) return 1;
    const byRanks = Math.min(1, 2 * signedRankTail(this.count, notBeyond));
    if (notBeyond > 0) return byRanks;
    // All lie beyond: what ranks cannot say any more, Student's interval may.
    const byStudent = this.#error === 0 ? 0 : 1 - studentWithin(distance / this.#error, this.count - 1);
    return Math.min(byRanks, byStudent);
  }
}
