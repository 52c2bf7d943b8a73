/** Buckets a factor of two: a value read back is at most 2.2 % away from the one that was put in. */
const PER_DOUBLING = 16;
/** Waits below a microsecond are none. */
const NO_WAIT = 0;

/** How often something waited how long: counts by bucket, so that those of two instants can be subtracted and those of processes added. */
export type WaitCounts = Readonly<Record<number, number>>;

/** The bucket of a wait, microseconds, not negative. */
export function waitBucket(us: number): number {
  return us < 1 ? NO_WAIT : 1 + Math.floor(Math.log2(us) * PER_DOUBLING);
}

/** The wait that stands for a bucket: its geometric middle, microseconds; 0 for those that did not wait. */
export function waitOfBucket(bucket: number): number {
  return bucket === NO_WAIT ? 0 : 2 ** ((bucket - 0.5) / PER_DOUBLING);
}
