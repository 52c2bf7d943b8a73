import { plainText } from './plain-text.js';
import type { Result } from './result.js';

/** What servers of the user's do not do, as it was seen before their trials; empty when all is well, or without any. */
export function checkSentences({ targets = [], scenarioInfo }: Result): string[] {
  return targets.flatMap(({ name, checks }) => {
    const wrong = checks.filter(({ ok }) => ok !== true);
    if (wrong.length === 0) return [];
    const title = scenarioInfo.find(({ id }) => id === name)?.title ?? name;
    const sentences = wrong.map(({ sentence }) => plainText(sentence)).join(' ');
    return [
      `${plainText(title)}, before its trials, passed ${checks.length - wrong.length} of ${checks.length} checks. ${sentences}`,
    ];
  });
}
