/**
 * Options that a configuration file cannot have, and why, as a sentence for the user; null where nothing more is to be said
 * than that it is no option of a file.
 */
export const COMMAND_LINE_ONLY: Readonly<Record<string, string | null>> = {
  config: null,
  // A file would open the gate for the addresses in it.
  'allow-remote':
    'a file cannot permit itself other machines than this one. Say --allow-remote on the command line, or PUSHBENCH_ALLOW_REMOTE=1.',
};
