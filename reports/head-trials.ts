import { lastingName } from './lasting-name.js';
import type { Result, Summary, Trial } from './result.js';
import { summarise } from './summarise.js';

/** Of a comparison only the head is what the code is now; both arms of an A/A run are, and every trial of another run. */
export function isOfHead({ arm }: Pick<Trial, 'arm'>): boolean {
  return arm !== 'base' && arm !== "base'";
}

/**
 * The summary of what the code is now, by lasting names: the document's own, unless a base stands among its trials.
 */
export function headSummary(result: Result): readonly Summary[] {
  const head = result.trials.filter(isOfHead);
  const summary = head.length === result.trials.length ? result.summary : summarise(head);
  return summary.map((each) => ({ ...each, scenario: lastingName(result, each.scenario).name }));
}
