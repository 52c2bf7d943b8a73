import type { OptionTable } from '../options/option.js';
import type { Source } from '../options/resolve.js';
import type { Terminal } from '../terminal.js';

/** A command as the command line knows it. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: OptionTable;
  /** The one word it takes, such as `<scenario>`; null when it takes none. */
  readonly word: string | null;
  /**
   * Runs with what was given. Resolves to the exit code; throws UsageError before anything is started.
   */
  run(call: Call): Promise<number>;
}

/** What a command is called with. */
export interface Call {
  /** The command's word, null when none was given. */
  readonly word: string | null;
  /** Values as they were given, the strongest source first. */
  readonly sources: readonly Source[];
  /** Mistakes found so far; a command adds its own and reports all at once. */
  readonly mistakes: readonly string[];
  readonly terminal: Terminal;
  readonly version: string;
}
