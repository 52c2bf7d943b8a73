import { contestantName } from '../gate/contestant-name.js';
import type { GateOutcome, RuleVerdict } from '../gate/contract.js';
import { plainText } from '../plain-text.js';

/** GitHub shows at most this many annotations of each kind a step. */
const MOST = 10;

/** What follows the second `::`. Everything else is taken as it stands. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A value among the parameters, where a colon would end them and a comma the value. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

type Kind = 'error' | 'warning' | 'notice';

function command(kind: Kind, title: string, message: string): string {
  return `::${kind} title=${escapeProperty(plainText(title, 200))}::${escapeData(plainText(message, 1_000))}`;
}

/** Rules of one contestant that say the same, such as that the head has no completed trial. */
function alike(verdicts: readonly RuleVerdict[]): RuleVerdict[][] {
  const groups = new Map<string, RuleVerdict[]>();
  for (const verdict of verdicts) {
    const key = JSON.stringify([contestantName(verdict), verdict.message]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(verdict);
  }
  return [...groups.values()];
}

function titleOf(group: readonly RuleVerdict[]): string {
  const first = group[0]!;
  const others = group.length === 1 ? '' : ` and ${group.length - 1} more`;
  return `pushbench: ${plainText(first.rule.metric, 80)}${others} of ${contestantName(first)}`;
}

function annotate(kind: Kind, verdicts: readonly RuleVerdict[], word: string): readonly string[] {
  const groups = alike(verdicts);
  const shown = groups.length > MOST ? groups.slice(0, MOST - 1) : groups;
  const lines = shown.map((group) => command(kind, titleOf(group), group[0]!.message));
  const left = verdicts.length - shown.flat().length;
  if (left > 0) {
    lines.push(command(kind, 'pushbench', `${left} more rules ${word}; the job summary has them all.`));
  }
  return lines;
}

/**
 * A gate as workflow commands, a line each, for the log of a GitHub Actions step: an error for each rule that failed, a
 * warning for each that is inconclusive, a notice for each that passes and is certainly worse, within its tolerance; one
 * for those of a contestant that say the same, ten of a kind at most, because GitHub shows no more. Empty for a clean pass.
 *
 * Form and escapes: "Workflow commands for GitHub Actions", and `escapeData` and `escapeProperty` of actions/toolkit
 * (packages/core/src/command.ts).
 */
export function renderAnnotations(outcome: GateOutcome): readonly string[] {
  const having = (verdict: RuleVerdict['verdict']): RuleVerdict[] =>
    outcome.rules.filter((each) => each.verdict === verdict);
  const lines = [
    ...annotate('error', having('fail'), 'failed'),
    ...annotate('warning', having('inconclusive'), 'are inconclusive'),
  ];
  if (lines.length === 0 && outcome.outcome !== 'pass') {
    const message = outcome.notes.join(' ') || `The gate as a whole: ${outcome.outcome}.`;
    lines.push(command(outcome.outcome === 'fail' ? 'error' : 'warning', 'pushbench', message));
  }
  const worse = having('pass')
    .filter(({ word }) => word === 'worse')
    .map((each) => ({ ...each, message: `Worse, within the tolerance: ${each.message}` }));
  return [...lines, ...annotate('notice', worse, 'are worse within their tolerance')];
}
