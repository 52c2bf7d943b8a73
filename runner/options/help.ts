import type { OptionTable } from './option.js';

/** A command as `--help` shows it. */
export interface CommandHelp {
  /** Synopsis: `pushbench serve <scenario> [options]`. */
  readonly usage: string;
  readonly options: OptionTable;
  readonly epilogue: string;
}

/** The help page of a command, without a trailing newline. `width` in columns. */
export async function helpText(help: CommandHelp, width: number): Promise<string> {
  // Needed for this page only.
  const { default: yargs } = await import('yargs');
  const page = yargs([])
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .usage(help.usage)
    .wrap(Math.max(60, Math.min(width, 110)))
    .parserConfiguration({ 'camel-case-expansion': false, 'boolean-negation': false })
    .epilogue(help.epilogue);
  for (const [name, option] of Object.entries(help.options)) {
    const fallback = option.kind === 'flag' ? undefined : option.fallback;
    const shown = option.kind === 'flag' ? '' : `<${option.placeholder}> `;
    page.option(name, {
      describe: `${shown}${option.describe}${fallback === undefined ? '' : ` [default: ${fallback}]`}`,
    });
  }
  page.option('help', { describe: 'this page' }).option('version', { describe: 'name and version' });
  return page.getHelp();
}
