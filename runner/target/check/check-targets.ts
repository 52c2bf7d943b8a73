import { plainText } from '../../../reports/plain-text.js';
import type { Result } from '../../../reports/result.js';
import type { Pinning } from '../../environment.js';
import type { Interrupt } from '../../interrupt.js';
import type { Plan } from '../../plan.js';
import { calledName } from '../called-name.js';
import { namedTargetsOf } from '../plan-targets.js';
import { checkTarget } from './check-target.js';
import type { TargetChecks } from './contract.js';

/** A server that publishes by itself is listened to for as long as a trial would, and for this long at least. */
const LISTEN_MS = 5_000;

export interface ChecksSetting {
  readonly plan: Plan;
  readonly pinning: Pinning | null;
  readonly interrupt: Interrupt;
  readonly note: (sentence: string) => void;
}

/**
 * Checks every target of a plan, one after another, and says what each does not do.
 *
 * @returns what was seen of each, and why there is no use in any trial, a sentence for each target that is to blame
 */
export async function checkTargets(
  setting: ChecksSetting,
): Promise<{ targets: NonNullable<Result['targets']>; faults: readonly string[] }> {
  const { plan, pinning, interrupt, note } = setting;
  const targets: NonNullable<Result['targets']> = [];
  const faults: string[] = [];
  let forget = (): void => {};
  const stopAsked = new Promise<void>((resolve) => {
    forget = interrupt.onRequest(() => resolve());
  });
  try {
    for (const [name, contender] of namedTargetsOf(plan)) {
      if (interrupt.requested !== null) break;
      note(`Checking what the target ${plainText(calledName(contender.target))} does ...`);
      const { checks, fault } = await checkTarget({
        contender,
        pinning,
        headers: plan.headers,
        payloadBytes: plan.payloadBytes,
        listenMs: listenMsOf(plan),
        stopAsked,
      });
      targets.push({ name, checks });
      if (fault !== null) faults.push(fault);
      else for (const line of linesOf({ name, checks })) note(line);
    }
  } finally {
    forget();
  }
  return { targets, faults };
}

/** How long a server that publishes by itself has to say something, milliseconds. */
export function listenMsOf({ durationSeconds }: Pick<Plan, 'durationSeconds'>): number {
  return Math.max(LISTEN_MS, durationSeconds * 1000);
}

/** What a target does not do, a line each behind a count. */
export function linesOf({ name, checks }: TargetChecks): readonly string[] {
  const well = checks.filter(({ ok }) => ok === true).length;
  return [
    `${name}: ${well} of ${checks.length} checks are well.`,
    ...checks.filter(({ ok }) => ok !== true).map(({ check, sentence }) => `  not ${check}: ${sentence}`),
  ];
}
