/** Buckets of an octave; a bucket is 1/16 of an octave wide, so a percentile is within 3.2 % of the true one. */
const SUBS = 16;
/** What a percentile of a row may differ from the true one, as a part of it: half a bucket's width. */
export const TABLE_ERROR = 0.5 / SUBS;
const OCTAVES = 34;
const BUCKETS = SUBS * OCTAVES;
const INTEGER_LIMIT = 2 ** 31;

/** A table as it is sent between processes: for each row its maximum and the buckets that are not empty. */
export interface EncodedTable {
  readonly rows: readonly { readonly max: number; readonly cells: readonly number[] }[];
}

/**
 * Many small distributions of durations side by side: one a publish, or one a second.
 *
 * A log-linear histogram a row in one typed array: recording is two additions, and rows of several shards merge
 * without loss. Far coarser than the trial's own histogram and far smaller: 2 KiB a row, of which the system only
 * commits the pages that are written.
 */
export class DistributionTable {
  private readonly counts: Uint32Array;
  private readonly totals: Uint32Array;
  private readonly maxima: Float64Array;

  /** The middle of a bucket, as `cells` of an encoded row number them, microseconds. */
  static middleUs(bucket: number): number {
    return middleOf(bucket);
  }

  constructor(readonly rows: number) {
    this.counts = new Uint32Array(rows * BUCKETS);
    this.totals = new Uint32Array(rows);
    this.maxima = new Float64Array(rows);
  }

  /** @param us 0 to about 17,000 s */
  record(row: number, us: number): void {
    this.counts[row * BUCKETS + bucketOf(us)]!++;
    this.totals[row]!++;
    if (us > this.maxima[row]!) this.maxima[row] = us;
  }

  count(row: number): number {
    return this.totals[row]!;
  }

  /** Exact; null for an empty row. */
  max(row: number): number | null {
    return this.totals[row] === 0 ? null : this.maxima[row]!;
  }

  /** The middle of the bucket that holds the p-th percentile, never above the row's maximum; null for an empty row. */
  percentile(row: number, p: number): number | null {
    const total = this.totals[row]!;
    if (total === 0) return null;
    const rank = Math.max(1, Math.ceil((p / 100) * total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[row * BUCKETS + bucket]!;
      if (seen >= rank) return Math.min(middleOf(bucket), this.maxima[row]!);
    }
    return this.maxima[row]!;
  }

  encode(): EncodedTable {
    const rows = [];
    for (let row = 0; row < this.rows; row++) {
      const cells: number[] = [];
      if (this.totals[row]! > 0) {
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          const count = this.counts[row * BUCKETS + bucket]!;
          if (count > 0) cells.push(bucket, count);
        }
      }
      rows.push({ max: this.maxima[row]!, cells });
    }
    return { rows };
  }

  /** @throws Error when the other table has another number of rows */
  merge(other: EncodedTable): void {
    if (other.rows.length !== this.rows)
      throw new Error('distribution tables of unlike size cannot be merged');
    other.rows.forEach(({ max, cells }, row) => {
      for (let at = 0; at < cells.length; at += 2) {
        const count = cells[at + 1]!;
        this.counts[row * BUCKETS + cells[at]!]! += count;
        this.totals[row]! += count;
      }
      if (max > this.maxima[row]!) this.maxima[row] = max;
    });
  }
}

/** Below 16 us a bucket is one microsecond; above, the four bits after the leading one choose within its octave. */
function bucketOf(us: number): number {
  if (us < SUBS) return us < 0 ? 0 : us | 0;
  if (us < INTEGER_LIMIT) {
    // The same in integers: logarithm and power would cost more than all the rest of a record (measured).
    const whole = us | 0;
    const octave = 31 - Math.clz32(whole);
    return (octave - 4) * SUBS + (whole >> (octave - 4));
  }
  const octave = Math.floor(Math.log2(us));
  const sub = Math.floor(us / 2 ** (octave - 4)) - SUBS;
  return Math.min((octave - 3) * SUBS + sub, BUCKETS - 1);
}

function middleOf(bucket: number): number {
  if (bucket < SUBS) return bucket + 0.5;
  const octave = Math.floor(bucket / SUBS) + 3;
  const width = 2 ** (octave - 4);
  return (SUBS + (bucket % SUBS) + 0.5) * width;
}
