/**
 * The command line, an environment variable, the configuration file or an input file is wrong.
 *
 * Carries every mistake found, one clear sentence each. Thrown before anything is started or written; ends the
 * program with exit code 2.
 */
export class UsageError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'UsageError';
    this.mistakes = mistakes;
  }
}
