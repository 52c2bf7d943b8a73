import type { MeasuredTrial } from '../../reports/result.js';
import { DEFAULT_LIMITS } from '../../runner/plan.js';
import { withWorkloadOptions } from '../../runner/workloads/workload-options.js';
import { benchPlan, benchTrial } from '../lab.js';
import { optionsOf } from './bench-options.js';
import type { TrialLab, TrialRecord, TrialWish } from './contract.js';

/** What made a trial void and may be gone the next time: other work on the machine. */
const PASSING = new Set(['foreign-cpu', 'steal', 'publisher-lag', 'generator-held']);

/**
 * Runs trials and keeps a record of each.
 *
 * In a full run the health rules are in force: a void trial gives no figure, and is repeated once where other work on the
 * machine was the reason. In a quick run they are off, for it is no measurement.
 */
export class RecordingLab implements TrialLab {
  readonly records: TrialRecord[] = [];
  private round = 0;

  constructor(
    private readonly quick: boolean,
    private readonly tell: (line: string) => void,
  ) {}

  size<T>(full: T, quick: T): T {
    return this.quick ? quick : full;
  }

  async run(wish: TrialWish): Promise<MeasuredTrial | null> {
    const first = await this.once(wish);
    const isPassing = this.records.at(-1)!.reasons.some((code) => PASSING.has(code));
    return first === null && isPassing ? this.once(wish) : first;
  }

  private async once(wish: TrialWish): Promise<MeasuredTrial | null> {
    const judged = !this.quick && wish.bytesOnly !== true;
    const plan = withWorkloadOptions(
      benchPlan({
        ...wish.plan,
        scenarios: [wish.scenario],
        clients: [wish.clients],
        ...(judged ? { limits: DEFAULT_LIMITS, overridden: [] } : {}),
      }),
      wish.plan.workloadOptions ?? {},
    );
    const head = {
      options: optionsOf(plan),
      ...(wish.server === undefined ? {} : { server: wish.server.description }),
      rules: judged ? ('in force' as const) : ('off' as const),
    };
    const started = performance.now();
    const say = (what: string): void =>
      this.tell(`  ${head.options}: ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
    try {
      const trial = await benchTrial(
        plan,
        wish.scenario,
        ++this.round,
        wish.server?.entry,
        wish.onReading ?? (() => {}),
      );
      const reasons = trial.reasons.map(({ code }) => code);
      this.records.push({ ...head, status: trial.status, reasons });
      say([trial.status, ...trial.reasons.map(({ message }) => message)].join('; '));
      return trial.status === 'completed' ? trial : null;
    } catch (error) {
      // The sentence may hold paths and process ids, which have no place in a document.
      this.records.push({ ...head, status: 'failed', reasons: ['fault'] });
      say(`failed; ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
}
