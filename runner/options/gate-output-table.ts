import type { OptionTable } from './option.js';
import { text } from './value.js';

/** Options of every command that ends with a gate's verdict: where else it is written. */
export const gateOutputOptions = {
  junit: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'the verdicts as JUnit XML, a test case a rule',
    value: text('a file'),
  },
  summary: {
    kind: 'scalar',
    placeholder: 'file',
    describe: 'the verdicts in Markdown, at most 1 MiB',
    fallback: 'with --github, appended to $GITHUB_STEP_SUMMARY',
    value: text('a file'),
  },
  annotations: {
    kind: 'flag',
    describe:
      'GitHub annotations on stderr of what failed or is inconclusive; on where GITHUB_ACTIONS is true',
  },
  github: {
    kind: 'flag',
    describe: 'annotations, and the summary of the job',
  },
} as const satisfies OptionTable;
