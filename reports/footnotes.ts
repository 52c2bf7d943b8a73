import { calibrationSentence } from './calibration-remarks.js';
import { atLeastSentence } from './censored.js';
import { checkSentences } from './check-sentences.js';
import { clockSentence } from './clock-remarks.js';
import { LOOPBACK_NOTE } from './findings.js';
import { handlerSentence } from './handler-remarks.js';
import { linkSentence } from './link-remarks.js';
import { proxySentences } from './proxy-remarks.js';
import {
  autoSentence,
  ceilingSentence,
  markSentence,
  memorySentence,
  tailSentence,
  withinRunSentence,
} from './remarks.js';
import type { Result } from './result.js';
import type { HeadlineTable } from './table.js';
import { targetSentences } from './target-sentences.js';
import type { ResultView } from './view.js';
import { workloadSentences } from './workload-remarks.js';

/** What stands below the table, in the terminal and in summary.md alike. */
export function footnotesOf(result: Result, view: ResultView, table: HeadlineTable): string[] {
  return [
    markSentence(result, view, table.marked),
    ...workloadSentences(result, view),
    clockSentence(result, view),
    atLeastSentence(view),
    ...checkSentences(result),
    ...targetSentences(view),
    tailSentence(view),
    memorySentence(view),
    withinRunSentence(view),
    autoSentence(result),
    view.timed ? `CPU is the server's. ${LOOPBACK_NOTE}` : null,
    ceilingSentence(result.requestCeiling),
    calibrationSentence(result, view),
    linkSentence(result, view),
    ...proxySentences(result, view),
    handlerSentence(result, view),
  ].filter((sentence) => sentence !== null);
}
