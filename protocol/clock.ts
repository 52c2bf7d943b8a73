/**
 * One clock for every process of a host.
 *
 * `process.hrtime.bigint()` is CLOCK_MONOTONIC and comparable between processes, but allocates; `performance.now()`
 * does not allocate but has an origin of its own in each process. Both read the same clock, so one offset taken at
 * start-up converts between them for the life of the process.
 */
const originNs = measureOrigin();

function measureOrigin(): bigint {
  // The narrowest of several brackets: a pre-emption between the two reads widens a bracket, never shifts the best.
  let best = 0n;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 16; attempt++) {
    const before = performance.now();
    const now = process.hrtime.bigint();
    const after = performance.now();
    if (after - before < narrowest) {
      narrowest = after - before;
      best = now - BigInt(Math.round(((before + after) / 2) * 1e6));
    }
  }
  return best;
}

/** This instant on CLOCK_MONOTONIC, in nanoseconds. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** A CLOCK_MONOTONIC instant (nanoseconds, as sent between processes in decimal) on this process's `performance.now()` scale, in milliseconds. */
export function toLocalMs(instantNs: bigint): number {
  return Number(instantNs - originNs) / 1e6;
}

/** A `performance.now()` reading of this process as a CLOCK_MONOTONIC instant in nanoseconds. */
export function fromLocalMs(localMs: number): bigint {
  return originNs + BigInt(Math.round(localMs * 1e6));
}
