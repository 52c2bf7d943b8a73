import type { Command } from './commands/command.js';
import { commands } from './commands/registry.js';
import { EXIT } from './exit-code.js';
import { type Shape, takeApart } from './options/arguments.js';
import { environmentSource } from './options/environment-source.js';
import { helpText } from './options/help.js';
import type { Source } from './options/resolve.js';
import { nearest } from './options/suggest.js';
import { columnsOf, complain, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const commandNames = Object.keys(commands) as (keyof typeof commands)[];
const commandByName: Readonly<Record<string, Command>> = commands;

/**
 * Runs the command line and resolves to the exit code. Usage errors are printed, one sentence a line; any other error
 * is the caller's.
 */
export async function runCli(argv: readonly string[], terminal: Terminal, version: string): Promise<number> {
  try {
    return await dispatch(argv, terminal, version);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const mistake of error.mistakes) complain(terminal, mistake);
    terminal.stderr.write('Nothing was started. See pushbench --help.\n');
    return EXIT.usage;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const { given, words, mistakes } = takeApart(argv, allShapes());
  const [first, ...rest] = words;
  const named = first !== undefined && Object.hasOwn(commandByName, first);
  const name = named ? first : 'bench';
  const command = commandByName[name]!;
  if (given.has('help')) {
    terminal.stdout.write(`${await helpOf(name, command, columnsOf(terminal.stdout, terminal.env))}\n`);
    return EXIT.done;
  }
  if (given.has('version')) {
    terminal.stdout.write(`pushbench ${version}\n`);
    return EXIT.done;
  }
  const operands = named ? rest : words;
  const own = Object.keys(command.options);
  const environment = environmentSource(terminal.env, own, allOptions());
  const flags: Source = { label: (option) => `--${option}`, given };
  const all = [...mistakes, ...foreignOptions(name, command, given), ...environment.mistakes];
  const word = command.word === null ? null : (operands[0] ?? null);
  if (command.word !== null && word === null) {
    all.push(`${name} needs ${command.word}: pushbench ${name} ${command.word}.`);
  }
  all.push(...strayWords(name, named, command.word === null ? operands : operands.slice(1)));
  return command.run({ word, sources: [flags, environment.source], mistakes: all, terminal, version });
}

function allShapes(): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>([
    ['help', 'flag'],
    ['version', 'flag'],
  ]);
  for (const command of Object.values(commandByName)) {
    for (const [name, option] of Object.entries(command.options)) {
      shapes.set(name, option.kind === 'flag' ? 'flag' : 'value');
    }
  }
  return shapes;
}

function allOptions(): readonly string[] {
  return [...allShapes().keys()].filter((name) => name !== 'help' && name !== 'version');
}

function foreignOptions(
  name: string,
  command: Command,
  given: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return [...given.keys()]
    .filter((option) => !Object.hasOwn(command.options, option))
    .map(
      (option) => `--${option} does not belong to ${name === 'bench' ? 'a run' : `"${name}"`}. See --help.`,
    );
}

function strayWords(name: string, named: boolean, stray: readonly string[]): readonly string[] {
  return stray.map((word, at) => {
    if (at === 0 && !named) {
      const near = nearest(word, commandNames);
      const hint = near === null ? `Commands: ${commandNames.join(', ')}.` : `Did you mean "${near}"?`;
      return `"${word}" is not a command. ${hint}`;
    }
    const list = name === 'bench' ? ' Lists are joined by commas: --scenario sse,websocket.' : '';
    return `"${word}" is one word too many.${list}`;
  });
}

async function helpOf(name: string, command: Command, width: number): Promise<string> {
  const word = command.word === null ? '' : `${command.word} `;
  const isRun = name === 'bench';
  const longest = Math.max(...commandNames.map((each) => each.length));
  const list = commandNames.map((each) => `  ${each.padEnd(longest)}  ${commandByName[each]!.summary}`);
  return helpText(
    {
      usage: isRun
        ? 'pushbench [options]\n\nCompares the ways a web server gets news to its clients.'
        : `pushbench ${name} ${word}[options]\n\nDoes: ${command.summary}.`,
      options: command.options,
      epilogue:
        `${isRun ? `Commands:\n${list.join('\n')}\n\n` : ''}` +
        'Every option can also be set by an environment variable (PUSHBENCH_POLL_INTERVAL=500); a flag goes first.\n' +
        'Exit codes: 0 done, 1 a gate failed, 2 wrong usage, 3 no valid trial, 4 a fault, 130 and 143 interrupted.',
    },
    width,
  );
}
