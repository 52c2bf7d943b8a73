/**
 * What a comparison measures unless it is told otherwise, so that one scenario is judged within three minutes: rounds of
 * three trials (base, the same base again, head). `npm run gate:power` shows what these catch; docs/gate.md has its curve.
 */

/** Rounds, each with a pair of base and head, and a pair of base and base. */
export const GATE_PAIRS = 15;
/** Fewest pairs that the noisy tier is judged by. */
export const LEAST_PAIRS = 10;
/** Fewest pairs that the near tier is judged by: below five there is no interval. */
export const LEAST_PAIRS_NEAR = 5;
export const GATE_CLIENTS = 500;
/** Messages a second. */
export const GATE_RATE = 50;
export const GATE_DURATION_SECONDS = 2;
export const GATE_WARMUP_SECONDS = 0.5;
/** Of the intervals of all metrics of one gate together. */
export const GATE_CONFIDENCE = 0.99;
