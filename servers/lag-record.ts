/** The most samples a record keeps. */
export const MAX_LAGS = 5000;

/**
 * Up to 5,000 samples, evenly spread over all that were offered: when it is full, every second one is dropped and from
 * then on only every second one, fourth one and so on is taken.
 */
export class LagRecord {
  #kept: number[] = [];
  #stride = 1;
  #offered = 0;

  add(microseconds: number): void {
    if (this.#offered++ % this.#stride !== 0) return;
    if (this.#kept.length === MAX_LAGS) {
      this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
      this.#stride *= 2;
      // The sample at hand is number MAX_LAGS x old stride, which the new stride divides, for MAX_LAGS is even.
    }
    this.#kept.push(microseconds);
  }

  values(): readonly number[] {
    return this.#kept;
  }
}
