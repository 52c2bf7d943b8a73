import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleOutcome } from '../reports/testing/sample-gate.js';
import { runCli } from './cli.js';
import { type GateOutputValues, openGateOutputs } from './gate-outputs.js';
import { fakeTerminal } from './testing/fake-terminal.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-outputs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NONE: GateOutputValues = {
  junit: undefined,
  summary: undefined,
  annotations: undefined,
  github: undefined,
};
const FAILED = sampleOutcome('fail', ['pass', 'fail']);

async function write(values: Partial<GateOutputValues>, env: Record<string, string> = {}): Promise<string> {
  const terminal = fakeTerminal(env);
  const outputs = openGateOutputs({ ...NONE, ...values }, terminal);
  expect(outputs.mistakes).toEqual([]);
  await outputs.write(FAILED);
  expect(terminal.out()).toBe('');
  return terminal.err();
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('openGateOutputs', () => {
  it('writes nothing unless asked', async () => {
    expect(await write({}, { GITHUB_STEP_SUMMARY: join(folder, 'job.md') })).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes JUnit and summary, and makes their folders', async () => {
    const err = await write({ junit: join(folder, 'a/junit.xml'), summary: join(folder, 'b/c/gate.md') });
    expect(err).toBe('');
    expect(read('a/junit.xml')).toContain('<failure ');
    expect(read('b/c/gate.md')).toContain('The gate fails.');
    expect(readdirSync(join(folder, 'a'))).toEqual(['junit.xml']);
  });

  it('annotates in GitHub Actions, or when told to, and not when told not to', async () => {
    const annotated = /^::error title=[^\n]+\n$/u;
    expect(await write({}, { GITHUB_ACTIONS: 'true' })).toMatch(annotated);
    expect(await write({ annotations: true })).toMatch(annotated);
    expect(await write({ github: true })).toMatch(annotated);
    expect(await write({ annotations: false }, { GITHUB_ACTIONS: 'true' })).toBe('');
    expect(await write({}, { GITHUB_ACTIONS: 'false' })).toBe('');
  });

  it('adds to the summary of the job, and leaves what stands there', async () => {
    const job = join(folder, 'job.md');
    writeFileSync(job, 'before, without a line break');
    await write({ github: true }, { GITHUB_STEP_SUMMARY: job });
    expect(read('job.md')).toMatch(/^before, without a line break\n## pushbench: The gate fails\.\n/u);
  });

  it('keeps the whole summary of the job within 1 MiB, whoever wrote the rest', async () => {
    const job = join(folder, 'job.md');
    writeFileSync(job, 'x'.repeat(1024 * 1024 - 50));
    await write({ github: true }, { GITHUB_STEP_SUMMARY: job });
    expect(read('job.md')).toHaveLength(1024 * 1024 - 50);
  });

  it('names every file that cannot be written, and leaves no folder behind', () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'dir'));
    const values = { junit: join(folder, 'file/x.xml'), summary: join(folder, 'dir'), github: true };
    const outputs = openGateOutputs({ ...NONE, ...values }, fakeTerminal());
    expect(outputs.mistakes).toEqual([
      `--junit: "${values.junit}" cannot be written: a part of the path is a file.`,
      `--summary: "${values.summary}" is a folder; it must be a file.`,
    ]);
    const good = openGateOutputs({ ...NONE, junit: join(folder, 'new/j.xml') }, fakeTerminal());
    good.undo();
    const job = openGateOutputs(
      { ...NONE, github: true },
      fakeTerminal({ GITHUB_STEP_SUMMARY: '/proc/nonesuch/x' }),
    );
    expect(job.mistakes).toEqual([
      expect.stringMatching(/^GITHUB_STEP_SUMMARY: .+cannot be written: .+\.$/u),
    ]);
    expect(readdirSync(folder).sort()).toEqual(['dir', 'file']);
  });
});

describe('compare', () => {
  const ARMS = ['--base', 'scenario:sse', '--head', 'scenario:sse'];

  it('refuses to write verdicts where it is not told to judge', async () => {
    const terminal = fakeTerminal();
    const argv = ['compare', ...ARMS, '--junit', join(folder, 'j.xml'), '--github'];
    expect(await runCli(argv, terminal, '1.2.3')).toBe(2);
    expect(terminal.err()).toContain(
      '--junit needs --gate: without it a comparison ends without a verdict.\n',
    );
    expect(terminal.err()).toContain('--github needs --gate');
  });

  it('tells before it starts which of them cannot be written, and leaves nothing behind', async () => {
    writeFileSync(join(folder, 'file'), '');
    const files = ['--junit', join(folder, 'file/j.xml'), '--summary', join(folder, 'new/s.md')];
    const terminal = fakeTerminal();
    const argv = ['compare', '--gate', ...ARMS, ...files, '--out', join(folder, 'out')];
    expect(await runCli(argv, terminal, '1.2.3')).toBe(2);
    expect(terminal.err()).toMatch(
      /^pushbench: --junit: .+: a part of the path is a file\.\nNothing was started/u,
    );
    expect(await runCli([...argv.slice(0, 6), ...files.slice(2), '--dry-run'], fakeTerminal(), '1.2.3')).toBe(
      0,
    );
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
