/** Gaps that are remembered one by one; what is missing beyond stays missing. */
const KEPT_GAPS = 10_000;

/** Counts what comes, and notices what does not: messages are numbered without a gap. */
export class Tally {
  /** Different messages that have come. */
  received = 0;
  repeated = 0;
  /** The newest number, null before the first message. */
  newest: number | null = null;
  /** Numbers between the first message and the newest that have not come. */
  missing = 0;
  readonly #gaps = new Set<number>();

  /** Whether a message is known not to have come although a later one has. */
  isMissing(sequence: number): boolean {
    return this.#gaps.has(sequence);
  }

  /** A message has come. @returns whether it is new */
  heard(sequence: number): boolean {
    const before = this.newest ?? sequence - 1;
    if (sequence > before) {
      this.missing += sequence - before - 1;
      for (let gap = before + 1; gap < sequence && this.#gaps.size < KEPT_GAPS; gap++) this.#gaps.add(gap);
      this.newest = sequence;
    } else if (this.#gaps.delete(sequence)) {
      this.missing--;
    } else {
      this.repeated++;
      return false;
    }
    this.received++;
    return true;
  }
}
