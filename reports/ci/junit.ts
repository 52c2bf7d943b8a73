import { contestantName } from '../gate/contestant-name.js';
import type { GateOutcome, RuleVerdict } from '../gate/contract.js';
import { plainText } from '../plain-text.js';

/** Longest text of an attribute or element, characters. */
const LONGEST = 2_000;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * One line of text for an attribute or an element. XML 1.0 has no way to write control characters, lone surrogates or
 * U+FFFE and U+FFFF, not even as references (section 2.2, production Char), so they are left out.
 */
export function escapeXml(text: string): string {
  return plainText(text, LONGEST)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/gu, (character) => ENTITIES[character]!);
}

/** Values of one side, each in full: a verdict keeps all it saw. */
function valuesOf(side: string, values: readonly number[]): string {
  return `${side}: ${values.length === 0 ? 'no value' : values.join(', ')}`;
}

function bodyOf({ base, head }: RuleVerdict): string {
  return escapeXml(`${valuesOf('base', base)}; ${valuesOf('head', head)}`);
}

/** What stands inside a test case: nothing for a pass. */
function statusOf(verdict: RuleVerdict['verdict'], message: string, body: string): string {
  const attribute = `message="${escapeXml(message)}"`;
  switch (verdict) {
    case 'fail':
      return `<failure type="fail" ${attribute}>${body}</failure>`;
    case 'inconclusive':
      return `<error type="inconclusive" ${attribute}>${body}</error>`;
    case 'not judged':
      return `<skipped ${attribute}/>`;
    case 'pass':
      return '';
  }
}

interface Case {
  readonly name: string;
  readonly verdict: RuleVerdict['verdict'];
  readonly message: string;
  readonly body: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function suitesOf(outcome: GateOutcome): Suite[] {
  const byName = new Map<string, Case[]>();
  for (const rule of outcome.rules) {
    const name = contestantName(rule);
    const cases = byName.get(name) ?? [];
    byName.set(name, cases);
    cases.push({
      name: rule.rule.metric,
      verdict: rule.verdict,
      message: rule.message,
      body: bodyOf(rule),
    });
  }
  const suites = [...byName].map(([name, cases]) => ({ name, cases }));
  const isTold =
    outcome.outcome === 'pass'
      ? outcome.rules.length > 0
      : outcome.rules.some(({ verdict }) => verdict === outcome.outcome);
  if (isTold) return suites;
  // Where no rule says what the whole is, a reader of the cases alone would take it for a pass.
  const message = outcome.notes.join(' ') || `The gate as a whole: ${outcome.outcome}.`;
  return [
    { name: 'the gate', cases: [{ name: 'outcome', verdict: outcome.outcome, message, body: '' }] },
    ...suites,
  ];
}

function counts(cases: readonly Case[]): string {
  const of = (verdict: Case['verdict']): number => cases.filter((each) => each.verdict === verdict).length;
  return `tests="${cases.length}" failures="${of('fail')}" errors="${of('inconclusive')}" skipped="${of('not judged')}"`;
}

/**
 * A gate as JUnit XML, which most CI systems show as tests: a suite a contestant, a case a rule.
 *
 * `fail` becomes a failure and `inconclusive` an error: readers draw a skipped case green, and an inconclusive gate is
 * never a pass. `not judged`, which does not touch the exit code, is skipped, with its reason. Elements and attributes
 * are those that Jenkins' schema (junit-10.xsd of its xUnit plugin) and Ant's (windyroad JUnit.xsd) have in common, and
 * `skipped@message`, which the readers know.
 */
export function renderJunit(outcome: GateOutcome): string {
  const suites = suitesOf(outcome);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(`pushbench gate: ${outcome.base} -> ${outcome.head}`)}" ${counts(suites.flatMap(({ cases }) => cases))}>`,
  ];
  for (const [at, { name, cases }] of suites.entries()) {
    lines.push(`  <testsuite id="${at}" name="${escapeXml(name)}" ${counts(cases)}>`);
    for (const { name: metric, verdict, message, body } of cases) {
      const status = statusOf(verdict, message, body);
      const head = `    <testcase classname="${escapeXml(`pushbench.${name}`)}" name="${escapeXml(metric)}"`;
      lines.push(status === '' ? `${head}/>` : `${head}>${status}</testcase>`);
    }
    if (at === 0 && outcome.notes.length > 0) {
      lines.push(`    <system-out>${escapeXml(outcome.notes.join(' '))}</system-out>`);
    }
    lines.push('  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}
