import { trialSeconds } from './estimate.js';
import type { Contestant, Plan } from './plan.js';

type Timing = Parameters<typeof trialSeconds>[0];

/**
 * How far a run is, told from what trials were expected to take and what they have taken so far.
 *
 * Once trials have ended, the rest is scaled by how long they really took, so the number follows the machine.
 */
export class TimeLeft {
  readonly #timing: Timing;
  #expectedOfEnded = 0;
  #tookForEnded = 0;
  #pending = 0;
  #current: { expected: number; startedAt: number } | null = null;

  constructor(plan: Plan, contestants: readonly Contestant[]) {
    this.#timing = plan;
    for (const contestant of contestants) this.#pending += trialSeconds(plan, contestant);
  }

  /** A trial begins, `now` in seconds on any steady clock. */
  started(contestant: Contestant, now: number): void {
    const expected = trialSeconds(this.#timing, contestant);
    this.#pending = Math.max(0, this.#pending - expected);
    this.#current = { expected, startedAt: now };
  }

  ended(now: number): void {
    if (this.#current === null) return;
    this.#expectedOfEnded += this.#current.expected;
    this.#tookForEnded += now - this.#current.startedAt;
    this.#current = null;
  }

  /** Seconds the run still needs, about; never less than none. */
  secondsLeft(now: number): number {
    const left = this.#current === null ? 0 : this.#current.expected * (1 - this.currentPart(now));
    return (this.#pending + left) * this.#pace();
  }

  /** How much of the current trial is done, 0 to 0.99: it is not over before it has ended. */
  currentPart(now: number): number {
    if (this.#current === null) return 0;
    const expected = this.#current.expected * this.#pace();
    return Math.min(0.99, Math.max(0, (now - this.#current.startedAt) / expected));
  }

  #pace(): number {
    return this.#expectedOfEnded === 0 ? 1 : this.#tookForEnded / this.#expectedOfEnded;
  }
}
