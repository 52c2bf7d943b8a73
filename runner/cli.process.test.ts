import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE, sampleResult } from '../reports/testing/sample-result.js';

const MAIN = fileURLToPath(new URL('../dist/runner/main.js', import.meta.url));

let folder: string;
let started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-process-'));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
  rmSync(folder, { recursive: true, force: true });
});

/** The tool in a folder of its own, without this process's PUSHBENCH_ and CI settings. */
function start(argv: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PUSHBENCH_|CI$|NODE_OPTIONS$)/.test(name),
  );
  const child = spawn(process.execPath, [MAIN, ...argv], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function end(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Lets a trial pass on a machine that has other work: what is tested here is the exit code, not the machine. */
const LENIENT = ['generatorShareMs', 'publisherLagMs'].flatMap((name) => ['--limit', `${name}=100000`]);
for (const limit of ['generatorUtilization=1', 'stealPercent=100', 'foreignCpuPercent=100'])
  LENIENT.push('--limit', limit);

const run = (argv: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  end(start(argv, env));

/** Resolves once no process has this id any more; the test's own time limit is the deadline. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // A killed orphan stays a zombie until init reaps it.
    if (existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Processes whose parent is this one, after the list that Linux keeps. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // The name in parentheses may hold spaces; the parent is the second field after it.
        return readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[1] === String(pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('exit code 0', () => {
  it('for help, version, list and a dry run, with nothing on stderr and nothing written', async () => {
    for (const argv of [
      ['--help'],
      ['--version'],
      ['list'],
      ['list', '--json'],
      ['--dry-run'],
      ['--dry-run', '--json'],
    ]) {
      const { code, out, err } = await run(argv);
      expect([argv, code, err]).toEqual([argv, 0, '']);
      expect(out).not.toBe('');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('for a run, with nothing but the document on stdout when JSON is asked for', async () => {
    const argv = [
      '--scenario',
      'sse',
      '--clients',
      '5',
      '--duration',
      '0.5',
      '--warmup',
      '0',
      '--trials',
      '1',
    ];
    const { code, out, err } = await run([...argv, ...LENIENT, '--seed', '7', '--json', '--out', 'r']);
    expect([code, /1 trial; this will take about \d+ s\./.test(err)]).toEqual([0, true]);
    const result = JSON.parse(out) as {
      plan: { seed: number };
      trials: { status: string }[];
      command: string[];
    };
    expect(result.plan.seed).toBe(7);
    expect(result.trials).toHaveLength(1);
    expect(result.command).toEqual(expect.arrayContaining(['--seed', '7', '--scenario', 'sse']));
    expect(readdirSync(join(folder, 'r')).sort()).toEqual(['report.html', 'results.json', 'summary.md']);
  });

  it('for a run whose reader has left', async () => {
    const argv = [
      '--scenario',
      'sse',
      '--clients',
      '2',
      '--duration',
      '0.3',
      '--warmup',
      '0',
      '--trials',
      '1',
    ];
    const child = start([...argv, ...LENIENT, '--out', 'r', '--quiet']);
    child.stdout!.destroy();
    let err = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect([code, err]).toEqual([0, '']);
    expect(existsSync(join(folder, 'r', 'report.html'))).toBe(true);
  });

  it('for a report drawn again, beside its file or elsewhere, hostile strings and all', async () => {
    writeFileSync(join(folder, 'results.json'), JSON.stringify(sampleResult({ trials: 1, hostile: true })));
    const beside = await run(['report', 'results.json']);
    expect(beside.code).toBe(0);
    expect(beside.out).toContain(`Report: ${join(folder, 'report.html')}`);
    expect(beside.out).not.toContain('\u001b');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).not.toContain(HOSTILE.slice(0, 30));
    const elsewhere = await run(['report', 'results.json', '--out', 'x/y']);
    expect([elsewhere.code, readdirSync(join(folder, 'x/y')).sort()]).toEqual([
      0,
      ['report.html', 'summary.md'],
    ]);
  });
});

describe('exit code 2', () => {
  it.each([
    ['a wrong value', ['--clients', 'abc']],
    ['an unknown option', ['--nonsense']],
    ['a stray word', ['sse']],
    ['a folder that is a file', ['--out', 'file']],
    ['a folder below a file', ['--out', 'file/below']],
    ['a folder nobody can write', ['--out', '/proc/nonesuch/r']],
    ['more clients than the machine holds', ['--clients', '1000000', '--payload', '10']],
    ['a report of a file that is not there', ['report', 'nonesuch.json']],
    ['a report of a truncated file', ['report', 'truncated.json']],
    ['a report of another schema', ['report', 'other.json', '--out', 'new']],
    ['a report of a folder', ['report', '.']],
    ['a report without a file', ['report']],
    ['a server that does not exist', ['serve', 'grpc']],
    ['a wrong option of micro', ['micro', '--out', 'file']],
  ])('for %s: sentences on stderr, nothing on stdout, nothing written, no stack', async (_title, argv) => {
    writeFileSync(join(folder, 'file'), '');
    writeFileSync(join(folder, 'truncated.json'), JSON.stringify(sampleResult({ trials: 1 })).slice(0, -100));
    writeFileSync(join(folder, 'other.json'), '{"schema":"other@1"}');
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^(pushbench: .+[.?]\n)+Nothing was started\. See pushbench --help\.\n$/);
    expect(err).not.toMatch(/\bat .*:\d+:\d+|node:internal/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'other.json', 'truncated.json']);
  });
});

describe('exit code 3', () => {
  it('for a run that is left without a valid trial, with its report written all the same', async () => {
    // A hundred samples at least: of fewer, the percentile is a single one, which proves nothing.
    const argv = [
      ...['--scenario', 'sse', '--clients', '50', '--duration', '0.5', '--warmup', '0', '--trials', '1'],
    ];
    const strictRuler = ['--limit', 'generatorShareMs=0', '--limit', 'generatorSharePart=0'];
    const { code, out } = await run([...argv, ...strictRuler, '--out', 'r']);
    expect(code).toBe(3);
    expect(out).toContain('Report: ');
    const result = JSON.parse(readFileSync(join(folder, 'r', 'results.json'), 'utf8')) as {
      plan: { overridden: string[] };
      trials: { status: string }[];
    };
    expect(result.trials.map((trial) => trial.status)).toEqual(['void']);
    expect(result.plan.overridden).toEqual(['generatorShareMs', 'generatorSharePart']);
  });
});

describe('exit code 4', () => {
  it('for a port that is taken, in one sentence', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const { code, out, err } = await run(['serve', 'sse', '--port', String(port)]);
    holder.close();
    expect([code, out]).toEqual([4, '']);
    expect(err).toMatch(new RegExp(`^pushbench: .*${port}.*in use.*\\n$`));
  });

  it('for a served process that dies', async () => {
    const child = start(['serve', 'sse']);
    const ended = end(child);
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    process.kill((JSON.parse(line) as { pid: number }).pid, 'SIGKILL');
    const { code, err } = await ended;
    expect(code).toBe(4);
    expect(err).toMatch(/^pushbench: .*server process.*SIGKILL.*\n$/);
  });
});

describe('serve', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'says where it listens, publishes, and ends at %s with %d and no orphan',
    async (signal, expected) => {
      const child = start(['serve', 'longpoll', '--rate', '50', '--arrivals', 'constant', '--payload', '20']);
      const ended = end(child);
      const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
      const ready = JSON.parse(line) as { scenario: string; url: string; pid: number };
      expect(ready.scenario).toBe('longpoll');
      const answer = await fetch(`${ready.url}?since=0000000000`);
      expect(await answer.text()).toMatch(/^0000000001[a-z]{10}/);
      child.kill(signal);
      const { code, err } = await ended;
      expect([code, err]).toEqual([expected, '']);
      await gone(ready.pid);
    },
  );

  it('leaves no orphan when it is killed itself', async () => {
    const child = start(['serve', 'websocket', '--rate', '0']);
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    child.kill('SIGKILL');
    await gone((JSON.parse(line) as { pid: number }).pid);
  });
});

describe('an interrupted run', () => {
  const argv = [
    '--scenario',
    'sse',
    '--clients',
    '5',
    '--duration',
    '30',
    '--warmup',
    '0',
    '--trials',
    '2',
    '--out',
    'r',
  ];

  /** Starts a long run and waits until its window is open. */
  async function measuring(): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
    const child = start(argv);
    const ended = end(child);
    const lines = createInterface(child.stderr!);
    for await (const line of lines) if (line.includes(': measuring')) break;
    return { child, ended };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('at %s writes a partial result that says so and ends with %d', async (signal, expected) => {
    const { child, ended } = await measuring();
    child.kill(signal);
    const { code, out } = await ended;
    expect(code).toBe(expected);
    expect(out).toContain('Report: ');
    const result = JSON.parse(readFileSync(join(folder, 'r', 'results.json'), 'utf8')) as {
      interrupted: boolean;
    };
    expect(result.interrupted).toBe(true);
    expect(readdirSync(join(folder, 'r')).sort()).toEqual(['report.html', 'results.json', 'summary.md']);
  });

  it('leaves at once at the second signal, and takes its children along', async () => {
    const { child, ended } = await measuring();
    const children = childrenOf(child.pid!);
    expect(children).toHaveLength(2);
    child.kill('SIGINT');
    await once(child.stderr!, 'data');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    for (const pid of children) await gone(pid);
  });
});

describe('an output that cannot be written', () => {
  it('is a fault, for a table that never reached its file is lost', async () => {
    const child = spawn('sh', ['-c', 'exec "$0" "$1" list > /dev/full', process.execPath, MAIN], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    const { code, err } = await end(child);
    expect(code).toBe(4);
    expect(err).toMatch(/^pushbench: .*ENOSPC.*\n$/);
  });

  it("is nobody's fault when the reader has left", async () => {
    const child = spawn(
      'bash',
      ['-c', 'set -o pipefail; "$0" "$1" list --json | true', process.execPath, MAIN],
      {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    started.push(child);
    const { code, err } = await end(child);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
