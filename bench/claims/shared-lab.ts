import type { MeasuredTrial } from '../../reports/result.js';
import type { TrialLab, TrialRecord, TrialWish } from '../trials/contract.js';
import { RecordingLab } from '../trials/recording-lab.js';

/** Runs the trials of all claims of a run: what several of them ask for is run once, and each is told of it. */
export class SharedLab implements TrialLab {
  private readonly lab: RecordingLab;
  private readonly done = new Map<string, { trial: MeasuredTrial | null; records: readonly number[] }>();
  private readonly used = new Set<number>();

  constructor(
    quick: boolean,
    private readonly seed: number,
    tell: (line: string) => void,
  ) {
    this.lab = new RecordingLab(quick, tell);
  }

  /** Every trial of the run so far. */
  get records(): readonly TrialRecord[] {
    return this.lab.records;
  }

  /** The places in `records` that the claim used which was measured last; the next one begins anew. */
  takeUsed(): number[] {
    const used = [...this.used].sort((a, b) => a - b);
    this.used.clear();
    return used;
  }

  size<T>(full: T, quick: T): T {
    return this.lab.size(full, quick);
  }

  async run(wish: TrialWish): Promise<MeasuredTrial | null> {
    const seeded = { ...wish, plan: { ...wish.plan, seed: this.seed } };
    // Somebody who watches a trial has to see one of their own.
    const key = wish.onReading === undefined ? JSON.stringify(seeded) : null;
    const known = key === null ? undefined : this.done.get(key);
    if (known !== undefined) {
      for (const at of known.records) this.used.add(at);
      return known.trial;
    }
    const from = this.lab.records.length;
    const trial = await this.lab.run(seeded);
    const records = this.lab.records.map((_, at) => at).slice(from);
    for (const at of records) this.used.add(at);
    if (key !== null) this.done.set(key, { trial, records });
    return trial;
  }
}
