/**
 * What a comparison measures unless it is told otherwise, so that one scenario is judged within three minutes: rounds of
 * three trials (base, the same base again, head). `npm run gate:power` shows what these catch; docs/gate.md has its curve.
 */

/** Rounds, each with a pair of base and head, and a pair of base and base. Many short trials: most noise is between processes. */
export const GATE_PAIRS = 40;
/** Seconds after which a comparison that was told neither pairs nor budget begins no round any more. */
export const GATE_BUDGET_SECONDS = 175;
/** Fewest pairs that the noisy tier is judged by. */
export const LEAST_PAIRS = 10;
/** Most pairs of one contestant that are judged, as many as a comparison can have: memory grows with their square. */
export const MOST_PAIRS = 1000;
/** Fewest pairs that the near tier is judged by: below five there is no interval. */
export const LEAST_PAIRS_NEAR = 5;
export const GATE_CLIENTS = 500;
/** Messages a second. */
export const GATE_RATE = 100;
export const GATE_DURATION_SECONDS = 0.5;
export const GATE_WARMUP_SECONDS = 0.3;
/**
 * What the generator itself may add to a latency (p99) in a comparison, or how long it may be kept from running, milliseconds. In a
 * run it is 3. A window of half a second
 * has fifty publishes, so that its p99 is one of them, and 45 of 100 trials of identical servers on two quiet cores would be
 * void (5 ms, at a median of 0.02 ms). Both arms have it alike, and the intervals carry it; a generator that is really too slow
 * is voided by its CPU.
 */
export const GATE_SHARE_LIMIT_MS = 20;
/** Of the interval of the base against itself: no claim rests on it, it says how well this machine can tell. */
export const GATE_NOISE_CONFIDENCE = 0.95;
/** Of the intervals of all metrics of one gate together. */
export const GATE_CONFIDENCE = 0.99;
