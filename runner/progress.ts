import type { Trial } from '../reports/result.js';
import { formatCount } from '../reports/units.js';
import type { LiveReading, RunObserver } from './observer.js';
import type { Contestant, Plan } from './plan.js';
import { nameOf, opening, outcome } from './progress-phrases.js';

/** Where progress goes and how. */
export interface ProgressSettings {
  /** stderr. */
  readonly stream: NodeJS.WriteStream;
  /** Redraw rows in place; otherwise one line for each change. */
  readonly live: boolean;
  readonly color: boolean;
}

/** Whether rows may be redrawn: on a terminal that can, and not under CI. */
export function canRedraw(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const ci = environment.CI;
  const underCi = ci !== undefined && ci !== '' && ci !== 'false' && ci !== '0';
  return stream.isTTY === true && !underCi && environment.TERM !== 'dumb';
}

/** Watches a run for people: live rows on a terminal, plain lines elsewhere, nothing when quiet. */
export async function createProgress(plan: Plan, settings: ProgressSettings | null): Promise<RunObserver> {
  if (settings === null) return silent;
  if (!settings.live) return new PlainLines(plan, settings.stream);
  // Only a terminal needs what it is drawn with.
  const { LiveRows } = await import('./live-rows.js');
  return new LiveRows(plan, settings.stream, settings.color);
}

const silent: RunObserver = {
  runStarted: () => undefined,
  trialStarted: () => undefined,
  trialReading: () => undefined,
  trialEnded: () => undefined,
  note: () => undefined,
  runEnded: () => undefined,
};

class PlainLines implements RunObserver {
  readonly #plan: Plan;
  readonly #stream: NodeJS.WriteStream;
  #phase = '';

  constructor(plan: Plan, stream: NodeJS.WriteStream) {
    this.#plan = plan;
    this.#stream = stream;
  }

  runStarted(contestants: readonly Contestant[], estimateSeconds: number): void {
    this.note(opening(contestants, estimateSeconds));
  }

  trialStarted(): void {
    this.#phase = '';
  }

  trialReading(contestant: Contestant, reading: LiveReading): void {
    if (reading.phase === this.#phase) return;
    this.#phase = reading.phase;
    const facts =
      reading.connected > 0 && reading.phase !== 'stopping'
        ? ` (${formatCount(reading.connected)} connected, ${formatCount(reading.delivered)} messages)`
        : '';
    this.note(`${this.#head(contestant)}: ${reading.phase}${facts}`);
  }

  trialEnded(contestant: Contestant, trial: Trial): void {
    this.note(`${this.#head(contestant)}: ${outcome(trial)}`);
  }

  note(message: string): void {
    this.#stream.write(`${message}\n`);
  }

  runEnded(): void {}

  #head(contestant: Contestant): string {
    return `${nameOf(contestant)}, trial ${contestant.trial} of ${this.#plan.trials}`;
  }
}
