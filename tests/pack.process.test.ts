import { type ExecFileException, execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchema } from '../reports/result.js';
import { ROOT } from './project-files.js';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end in a folder, without the variables that npm gave the test run. */
function run(cwd: string, command: string, args: readonly string[]): Promise<Outcome> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|VITEST|PUSHBENCH_)/i.test(name),
    ),
  );
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { cwd, env, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 },
      (error: ExecFileException | null, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

describe('the packed tarball', () => {
  const work = mkdtempSync(join(tmpdir(), 'pushbench-pack-'));
  const home = join(work, 'home');
  let files: string[] = [];

  beforeAll(async () => {
    mkdirSync(home);
    const packed = await run(ROOT, 'npm', ['pack', '--json', '--pack-destination', work]);
    expect(packed, packed.stderr).toMatchObject({ code: 0 });
    files = JSON.parse(packed.stdout)[0].files.map((file: { path: string }) => file.path);
    const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'))!;
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    const installed = await run(home, 'npm', [
      'install',
      join(work, tarball),
      '--omit=dev',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
    ]);
    expect(installed, installed.stderr).toMatchObject({ code: 0 });
  }, 240_000);

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('holds the program, its pages and what a user should read', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'dist/runner/main.js',
        'dist/servers/host.js',
        'docs/config.d.ts',
        'docs/config.schema.json',
        'docs/result.schema.json',
      ]),
    );
    for (const name of ['page.js', 'page.css']) expect(files).toContain(`dist/reports/page/${name}`);
    for (const name of ['index.html', 'page.js', 'page.css']) {
      expect(files).toContain(`dist/runner/demo/page/${name}`);
    }
  });

  it('holds no sources, no tests and no benchmarks of the tool itself', () => {
    const stray =
      /(?<!\.d)\.ts$|\.test\.|(^|\/)testing\/|^(dist\/)?(bench|tests)\/|^scripts\/|^\.|\/\.|\.tgz$/;
    expect(files.filter((file) => stray.test(file))).toEqual([]);
  });

  it('says its version in an empty folder', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const outcome = await run(home, 'npx', ['--no-install', 'pushbench', '--version']);
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining(version) });
  });

  it('takes the bare command of the README in an empty folder', async () => {
    const outcome = await run(home, 'npx', ['--no-install', 'pushbench', '--scenario', 'sse', '--dry-run']);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(readdirSync(home)).not.toContain('results');
  });

  it('measures SSE in an empty folder and writes a result that its own schema accepts, and a report', async () => {
    const outcome = await run(home, 'npx', [
      ...['--no-install', 'pushbench', '--scenario', 'sse', '--clients', '10', '--rate', '20'],
      ...['--duration', '1', '--warmup', '0', '--trials', '1', '--out', 'out'],
      // Whether this machine is quiet enough to measure on is not the question here.
      ...[
        '--limit',
        'generatorShareMs=1000',
        '--limit',
        'publisherLagMs=1000',
        '--limit',
        'generatorUtilization=1',
        '--limit',
        'stealPercent=100',
        '--limit',
        'foreignCpuPercent=100',
      ],
    ]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stdout).toMatch(/sse|server-sent/i);
    const result = resultSchema.parse(JSON.parse(readFileSync(join(home, 'out/results.json'), 'utf8')));
    expect(result.trials).toMatchObject([
      {
        scenario: 'sse',
        status: 'completed',
        measurements: { messages: { published: 20, expected: 200, delivered: 200, lost: 0 } },
      },
    ]);
    expect(readFileSync(join(home, 'out/report.html'), 'utf8')).toMatch(/<\/html>\s*$/i);
    expect(existsSync(join(home, 'out/summary.md'))).toBe(true);
  });
});
