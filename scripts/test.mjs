// Does all set-up for the tests and runs them: npm test [-- [--allow-missing] [filters and options for vitest]]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './fingerprint.mjs';
import { findProgram, installPackages, SYSTEM_NEEDS } from './system.mjs';
import { readReport } from './test-report.mjs';

const STEP_LIMIT_MS = 1_800_000;
/** Where a process that does nothing takes longer to start, tests that start many starve each other: seen at 130 ms. */
const QUICK_START_MS = 80;
const UNDER_CI = Boolean(process.env.CI) && process.env.CI !== 'false' && process.env.CI !== '0';

/** Projects of vitest.config.ts that run as one. */
const PARTS = { unit: ['unit', 'unit-alone'] };

const args = process.argv.slice(2);
const mayMiss = args.includes('--allow-missing') && !UNDER_CI;
const filters = args.filter((arg) => arg !== '--allow-missing');

const require = createRequire(import.meta.url);
const tool = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);
const reports = mkdtempSync(join(tmpdir(), 'pushbench-test-'));

let passed = 0;
/** One sentence each. */
const failures = [];
/** One sentence each: what did not run, and what to do about it. */
const missing = [];
const times = [];

const withheld = setUp();
const [built] = await Promise.all([
  step('build', [join(ROOT, 'scripts/build.mjs'), '--if-needed']),
  ...(filters.length === 0 ? check() : []),
]);
if (built !== 0) failures.push('The build failed.');

// The pure tests take all of the machine, and not for long. Those with processes mostly wait, and none of them asserts how long
// anything took: they share it where processes start quickly. What measures runs by itself.
const isQuick = startMs() < QUICK_START_MS;
// Read by vitest.config.ts.
process.env.PROCESS_TEST_FILES = isQuick ? '5' : '3';
const sharing = isQuick ? [['process', 'wire', 'browser']] : [['wire', 'browser'], ['process']];
for (const together of [['unit'], ...sharing, ['measure']]) {
  const able = together.filter((project) => built === 0 || project === 'unit');
  await Promise.all(able.filter((project) => !withheld.has(project)).map(test));
  for (const project of together.filter((project) => !able.includes(project)))
    missing.push(`The ${project} tests did not run: they start the built program, and the build failed.`);
}
rmSync(reports, { recursive: true, force: true });
if (filters.length > 0 && passed + failures.length === 0)
  failures.push(`No test matches ${filters.join(' ')}.`);
tellResult();

/** Finds or installs system programs. Returns the projects that cannot run without one. */
function setUp() {
  const without = new Set();
  const files = [];
  for (const { name, programs, ask, packages, project, tests, variable } of SYSTEM_NEEDS) {
    let path = findProgram(programs, ask);
    let why = null;
    if (!path) {
      process.stderr.write(`Installing ${packages.join(' and ')} ...\n`);
      why = installPackages(packages);
      path = findProgram(programs, ask);
    }
    if (path) {
      if (variable) process.env[variable] = path;
      continue;
    }
    if (project) without.add(project);
    else files.push(tests);
    missing.push(
      `The ${project ?? name} tests did not run: ${name} is not installed${why ? ` (${why})` : ''}. ` +
        `Install the package ${packages[0]}, or pass --allow-missing to go without these tests.`,
    );
  }
  // Read by vitest.config.ts.
  process.env.WITHHELD_TESTS = files.join(',');
  return without;
}

/** How long a process that does nothing takes, milliseconds: the least of three. */
function startMs() {
  const times = [1, 2, 3].map(() => {
    const startedMs = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - startedMs;
  });
  return Math.min(...times);
}

function check() {
  const tsc = tool('typescript', 'bin/tsc');
  const checks = [
    ['typecheck', [tsc, '-p', 'tsconfig.json']],
    ['typecheck of the page', [tsc, '-p', 'tsconfig.page.json']],
    ['lint', [tool('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  ];
  return checks.map(async ([name, command]) => {
    if ((await step(name, command)) !== 0) failures.push(`The ${name} failed.`);
  });
}

async function test(project) {
  const file = join(reports, `${project}.json`);
  const code = await step(`${project} tests`, [
    tool('vitest', 'vitest.mjs'),
    'run',
    ...(PARTS[project] ?? [project]).map((part) => `--project=${part}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...(filters.length > 0 ? ['--passWithNoTests'] : []),
    ...filters,
  ]);
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {}
  const report = readReport(text, project, code);
  passed += report.passed;
  failures.push(...report.failures);
  // With a filter, the tests it left out count as skipped.
  if (filters.length === 0) missing.push(...report.skipped);
}

/** Runs one program to its end, without standard input. Resolves to its exit code, or 1 when it was ended by a signal. */
function step(name, command) {
  const started = performance.now();
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: STEP_LIMIT_MS,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => {
      times.push(`${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
      resolve(code ?? 1);
    });
  });
}

function tellResult() {
  const failed = failures.length + (mayMiss ? 0 : missing.length);
  const say = (line) => process.stdout.write(`${line}\n`);
  say(`\nTime: ${times.join(', ')}.`);
  if (failures.length > 0) say(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  if (missing.length > 0) say(`\nNot tested:\n${missing.map((line) => `  ${line}`).join('\n')}`);
  say(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
