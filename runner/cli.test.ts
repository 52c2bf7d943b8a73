import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import type { DryRun } from './dry-run.js';
import type { Option } from './options/option.js';
import { benchOptions } from './options/tables.js';
import { type FakeTerminal, fakeTerminal } from './testing/fake-terminal.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; terminal: FakeTerminal }> {
  const terminal = fakeTerminal(env);
  return { code: await runCli(argv, terminal, '1.2.3'), terminal };
}

/** The mistakes that a run with these arguments is refused for, without the tool's name. */
async function mistakes(argv: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const { code, terminal } = await run(['--dry-run', '--out', join(folder, 'out'), ...argv], env);
  expect(code).toBe(2);
  expect(terminal.out()).toBe('');
  const lines = terminal.err().trimEnd().split('\n');
  expect(lines.pop()).toBe('Nothing was started. See pushbench --help.');
  return lines.map((line) => line.replace(/^pushbench: /, ''));
}

/** What a dry run with these arguments resolves to. */
async function resolved(argv: readonly string[], env: Record<string, string> = {}): Promise<DryRun> {
  const { code, terminal } = await run(['--dry-run', '--json', '--out', join(folder, 'out'), ...argv], env);
  expect(terminal.err()).toBe('');
  expect(code).toBe(0);
  return JSON.parse(terminal.out()) as DryRun;
}

/** Limits of every numeric option as design and help state them, written out here a second time on purpose. */
const NUMBERS: Record<string, { min: number; max: number; whole: boolean }> = {
  clients: { min: 1, max: 1_000_000, whole: true },
  rate: { min: 0.001, max: 100_000, whole: false },
  payload: { min: 10, max: 16_777_216, whole: true },
  cookie: { min: 1, max: 8_192, whole: true },
  duration: { min: 0.1, max: 86_400, whole: false },
  warmup: { min: 0, max: 3_600, whole: false },
  trials: { min: 1, max: 1_000, whole: true },
  'poll-interval': { min: 10, max: 3_600_000, whole: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
};
const NOT_NUMBERS = [
  '',
  ' ',
  'abc',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '1e3',
  '5 5',
  '+5',
  '1_000',
  '٣',
  '--',
];
const CHOICES = ['scenario', 'workload', 'arrivals', 'content', 'headers', 'calibrate'];

const wrongValues = [
  ...Object.entries(NUMBERS).flatMap(([name, { min, max, whole }]) =>
    [...NOT_NUMBERS, String(min - 1), String(max + 1), ...(whole ? ['10.5', '10.0'] : ['1.2.3', '1.'])].map(
      (value) => [name, value] as const,
    ),
  ),
  ...CHOICES.flatMap((name) =>
    ['', 'nonesuch', '5', 'constructor', '__proto__'].map((value) => [name, value] as const),
  ),
  ...[
    '',
    'nonesuch=1',
    'stealPercent',
    'stealPercent=',
    'stealPercent=abc',
    'stealPercent=101',
    'generatorUtilization=2',
  ].map((value) => ['limit', value] as const),
  ['config', ''] as const,
  ['config', 'nonesuch.json'] as const,
  ['config', 'nonesuch.yaml'] as const,
];

describe('a wrong value', () => {
  it.each(wrongValues)(
    '--%s=%j is refused by a sentence that names the flag and the value',
    async (name, value) => {
      const found = await mistakes([`--${name}=${value}`]);
      expect(found).toHaveLength(1);
      const label = name === 'config' ? `--config:` : `--${name}: "`;
      expect(found[0]).toContain(label);
      expect(found[0]).toContain(value.trim() === value ? `"${value}"` : '"');
      expect(found[0]).toMatch(/[.?]$/);
      const range = NUMBERS[name];
      if (range !== undefined) {
        expect(found[0]).toContain(
          `from ${range.min.toLocaleString('en-US')} to ${range.max.toLocaleString('en-US')}`,
        );
      }
    },
  );

  it.each(Object.entries(NUMBERS))(
    'the limits of --%s themselves are accepted',
    async (name, { min, max }) => {
      if (name === 'clients') max = 18_000;
      const companions: Record<string, string[]> = {
        rate: ['--duration', '500', '--warmup', '0'],
        duration: ['--rate', '10'],
        warmup: ['--rate', '10'],
      };
      for (const value of name === 'rate' ? [min, 0.5] : [min, max]) {
        const rest = name === 'duration' && value === max ? ['--rate', '1'] : (companions[name] ?? []);
        await resolved([`--${name}`, String(value), ...rest]);
      }
    },
  );

  it('may begin with a dash and is still a wrong value of its flag', async () => {
    expect(await mistakes(['--clients', '-5', '--rate', '-Infinity'])).toEqual([
      '--clients: "-5" is not a whole number from 1 to 1,000,000.',
      '--rate: "-Infinity" is not a number from 0.001 to 100,000.',
    ]);
  });

  it('that means a number in another notation is offered in ours', async () => {
    expect(await mistakes(['--rate', '1e3'])).toEqual([
      '--rate: "1e3" is not a number from 0.001 to 100,000. Did you mean 1000?',
    ]);
  });

  it('cannot steer the terminal that shows it', async () => {
    const { terminal } = await run(['--scenario', '\u001b[2J\nfake', '--dry-run']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(terminal.err()).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(terminal.err().split('\n')).toHaveLength(3);
  });
});

describe('a flag', () => {
  const options = Object.entries(benchOptions as Record<string, Option>);
  const valued = options.filter(([, option]) => option.kind !== 'flag').map(([name]) => name);
  const bare = options.filter(([, option]) => option.kind === 'flag').map(([name]) => name);
  const scalars = options.filter(([, option]) => option.kind === 'scalar').map(([name]) => name);

  it.each(valued)('--%s without a value is a mistake, at the end and before another flag', async (name) => {
    expect(await mistakes([`--${name}`])).toContain(`--${name} needs a value.`);
    expect(await mistakes([`--${name}`, '--quiet'])).toContain(`--${name} needs a value.`);
  });

  it.each(bare)('--%s with a value is a mistake', async (name) => {
    expect(await mistakes([`--${name}=yes`])).toEqual([
      `--${name}: "yes" is too much; the option takes no value.`,
    ]);
  });

  it.each(scalars.filter((name) => name !== 'out'))('--%s given twice is a mistake', async (name) => {
    const found = await mistakes([`--${name}=10`, `--${name}=11`]);
    expect(found.join()).toContain(`--${name} was given 2 times ("10" and "11"); it takes one value.`);
  });

  it.each(options.map(([name]) => name))('--%s with a slip of the finger is recognised', async (name) => {
    const slip = name.length > 3 ? name.slice(0, -1) : `${name}s`;
    expect(await mistakes([`--${slip}`])).toEqual([`--${slip} is not an option. Did you mean --${name}?`]);
  });

  it('with one dash is an unknown option, not a group of letters', async () => {
    expect(await mistakes(['-clients', '5'])).toEqual(['-clients is not an option. Did you mean --clients?']);
  });

  it('of another command says so', async () => {
    expect(await mistakes(['--port', '80'])).toEqual(['--port does not belong to a run. See --help.']);
  });
});

describe('the command line', () => {
  it('tells all mistakes at once, whatever their kind', async () => {
    const argv = [
      '--clients',
      'x',
      '--client',
      '5',
      '--trials',
      '--rate',
      '0',
      'sse',
      '--out',
      join(folder, 'out'),
    ];
    writeFileSync(join(folder, 'wrong.json'), '{"warmup":-1}');
    const found = await mistakes([...argv, '--config', join(folder, 'wrong.json')], {
      PUSHBENCH_HEADERS: 'none',
      PUSHBENCH_SCENARIOS: 'sse',
    });
    for (const part of [
      '--clients: "x"',
      '--client is not',
      '--trials needs',
      '--rate: "0"',
      '"sse" is not a command',
      'PUSHBENCH_HEADERS: "none"',
      'PUSHBENCH_SCENARIOS is not a setting. Did you mean PUSHBENCH_SCENARIO?',
      'warmup in wrong.json: "-1"',
      '--out was given 2 times',
    ]) {
      expect(found.filter((sentence) => sentence.includes(part))).toHaveLength(1);
    }
    expect(found).toHaveLength(9);
  });

  it('refuses words that belong to nothing', async () => {
    expect(await mistakes(['lst'])).toEqual(['"lst" is not a command. Did you mean "list"?']);
    expect((await mistakes(['--', '--clients']))[0]).toContain('"--clients" is not a command.');
    expect((await mistakes(['bench', 'sse']))[0]).toContain('"sse" is one word too many.');
  });

  it('prints help and version on stdout and ends with 0', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const name of Object.keys(benchOptions)) expect(help.terminal.out()).toContain(`--${name} `);
    const version = await run(['--version', '--nonsense']);
    expect([version.code, version.terminal.out()]).toEqual([0, 'pushbench 1.2.3\n']);
    expect((await run(['serve', '-h'])).terminal.out()).toContain('--port');
  });
});

describe('resolution', () => {
  it('takes the defaults of the manual when nothing is given', async () => {
    const { plan } = await resolved([]);
    expect(plan).toMatchObject({
      scenarios: ['polling', 'longpoll', 'iframe', 'sse', 'websocket'],
      workload: 'broadcast',
      clients: [1000],
      ratePerSecond: 10,
      arrivals: 'poisson',
      payloadBytes: 10,
      durationSeconds: 10,
      warmupSeconds: 1,
      trials: 3,
      pollIntervalMs: 1000,
      headers: 'minimal',
      pin: true,
      overridden: [],
    });
    expect(plan.seed).toBeGreaterThanOrEqual(0);
    expect(plan.seed).toBeLessThan(2 ** 32);
  });

  it('goes flag, environment, configuration file, default', async () => {
    const config = join(folder, 'all.json');
    writeFileSync(config, JSON.stringify({ clients: 30, rate: 3, trials: 4, 'poll-interval': 333 }));
    const { plan } = await resolved(['--clients', '10', '--config', config], {
      PUSHBENCH_CLIENTS: '20',
      PUSHBENCH_RATE: '2',
      PUSHBENCH_DURATION: '',
    });
    expect(plan).toMatchObject({
      clients: [10],
      ratePerSecond: 2,
      trials: 4,
      pollIntervalMs: 333,
      durationSeconds: 10,
    });
  });

  it('finds the configuration file in the environment as well, and reads an MJS module', async () => {
    const config = join(folder, 'config.mjs');
    writeFileSync(
      config,
      'export default { pollInterval: 500, limit: { stealPercent: 7 }, clients: [1, 2] };',
    );
    const { plan } = await resolved([], { PUSHBENCH_CONFIG: config });
    expect(plan).toMatchObject({ pollIntervalMs: 500, clients: [1, 2], overridden: ['stealPercent'] });
    expect(plan.limits.stealPercent).toBe(7);
  });

  it('lets no configuration file permit itself other machines, in neither spelling; the environment may', async () => {
    for (const key of ['allow-remote', 'allowRemote']) {
      const config = join(folder, 'open.json');
      writeFileSync(config, JSON.stringify({ [key]: true }));
      expect(await mistakes(['--config', config])).toEqual([
        'allow-remote in open.json: a file cannot permit itself other machines than this one. Say --allow-remote on the ' +
          'command line, or PUSHBENCH_ALLOW_REMOTE=1.',
      ]);
    }
    expect((await resolved([], { PUSHBENCH_ALLOW_REMOTE: '1' })).plan.clients).toEqual([1000]);
  });

  it('joins lists by comma and repetition and removes duplicates', async () => {
    const { plan } = await resolved([
      '--scenario',
      'sse,all',
      '--scenario',
      'sse',
      '--clients',
      '5, 7,5',
      '--clients=6',
    ]);
    expect(plan.scenarios).toEqual(['sse', 'polling', 'longpoll', 'iframe', 'websocket']);
    expect(plan.clients).toEqual([5, 7, 6]);
  });

  it('records a command that resolves to the same plan', async () => {
    const first = await resolved([
      ...['--scenario', 'polling,sse', '--workload', 'broadcast', '--clients', '3,4', '--rate', '2.5'],
      ...[
        '--arrivals',
        'constant',
        '--payload',
        '126',
        '--duration',
        '1.5',
        '--warmup',
        '0',
        '--trials',
        '2',
      ],
      ...['--poll-interval', '250', '--headers', 'browser', '--limit', 'stealPercent=9', '--no-pin'],
    ]);
    const second = await resolved(first.command);
    expect(second.plan).toEqual(first.plan);
    expect(second.order).toEqual(first.order);
  });

  it('records content and cookie in the plan and in its command', async () => {
    const { plan, command } = await resolved(['--content', 'binary', '--cookie', '36', '--payload', '20']);
    expect(plan).toMatchObject({ content: 'binary', cookieBytes: 36 });
    expect((await resolved(command)).plan).toEqual(plan);
    expect((await resolved([])).plan).toMatchObject({ content: 'text', cookieBytes: 0 });
    expect((await resolved([])).command.join(' ')).not.toMatch(/--content|--cookie/);
  });

  it('refuses Unicode that has no room, naming the least payload, and cookies out of range', async () => {
    expect(await mistakes(['--content', 'unicode', '--payload', '18'])).toEqual([
      '--content unicode: a payload of 18 bytes has no room for a character of two, three and four bytes behind its ' +
        'number. Use --payload 19 or more.',
    ]);
    await resolved(['--content', 'unicode', '--payload', '19']);
    for (const bytes of ['0', '8193', '1.5'])
      expect((await mistakes(['--cookie', bytes]))[0]).toContain('from 1 to 8,192');
  });

  it('refuses a schedule of none, but not for the idle workload, which has one message whatever the rate', async () => {
    expect((await mistakes(['--rate', '0.1', '--duration', '4']))[0]).toContain('schedules no message');
    const idle = await resolved(['--rate', '0.1', '--duration', '4', '--workload', 'idle']);
    expect(idle.notes[0]).toContain('--rate is not used');
  });

  it('refuses more messages than a process can hold instants for', async () => {
    await resolved(['--rate', '100000', '--duration', '199', '--warmup', '1']);
    expect((await mistakes(['--rate', '100000', '--duration', '200', '--warmup', '1']))[0]).toContain(
      '20,100,000',
    );
  });
});

describe('a dry run', () => {
  it('leaves nothing behind, nor does a refused run', async () => {
    const out = join(folder, 'a', 'b');
    expect((await run(['--dry-run', '--out', out])).terminal.out()).toContain('Nothing was started.');
    expect((await run(['--clients', 'x', '--out', out])).code).toBe(2);
    expect(readdirSync(folder)).not.toContain('a');
  });
});

describe('list', () => {
  it('names every scenario and workload, for people and machines', async () => {
    const people = await run(['list']);
    expect(people.terminal.out()).toMatch(/^ {2}longpoll +Long polling/m);
    const machines = JSON.parse((await run(['list', '--json'])).terminal.out()) as {
      scenarios: { id: string }[];
    };
    expect(machines.scenarios.map((each) => each.id)).toContain('websocket');
  });
});

describe('serve', () => {
  it('refuses a missing or unknown scenario and foreign options, all at once', async () => {
    const { code, terminal } = await run(['serve', 'ss', '--trials', '5', '--port', '65536']);
    expect(code).toBe(2);
    expect(terminal.err()).toContain('Did you mean "sse"?');
    expect(terminal.err()).toContain('--trials does not belong to "serve"');
    expect(terminal.err()).toContain('--port: "65536" is not a whole number from 0 to 65,535.');
    expect((await run(['serve'])).terminal.err()).toContain('serve needs <scenario>');
  });
});
