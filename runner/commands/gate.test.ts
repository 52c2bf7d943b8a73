import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateOutcome } from '../../reports/gate/contract.js';
import { sampleComparison, slower } from '../../reports/gate/testing/sample-comparison.js';
import { HOSTILE, sampleResult } from '../../reports/testing/sample-result.js';
import { parseXml } from '../../reports/testing/xml-elements.js';
import { runCli } from '../cli.js';
import { fakeTerminal } from '../testing/fake-terminal.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const write = (name: string, content: unknown): void =>
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-test-'));
  const small = { scenarios: ['sse', 'polling'], trials: 2, durationSeconds: 2 };
  const old = sampleResult({ ...small, seed: 1 });
  write('old.json', old);
  write('new.json', sampleResult({ ...small, seed: 2 }));
  write('losing.json', sampleResult({ ...small, seed: 2, lost: { sse: 1 } }));
  write('faster.json', sampleResult({ ...small, ratePerSecond: 20 }));
  write('hostile.json', sampleResult({ ...small, hostile: true, lost: { sse: 1 } }));
  write('cut.json', JSON.stringify(old).slice(0, 5_000));
  write('other.json', { ...old, schema: 'somebody/else@3' });
  write('list.json', [1, 2, 3]);
  write('same.json', sampleComparison());
  write('slow.json', sampleComparison({ head: slower(1.2) }));
  write('noisy.json', sampleComparison({ again: slower(1.3) }));
  write('lenient.json', {
    clients: 5,
    gate: { rules: [{ metric: 'latencyUs.p50', level: 'noisy', tolerance: 90 }] },
  });
  write('wrong.json', { gate: { rules: [{ metric: 'latencyUs.p5O', level: 'noisy', tolerance: 5 }] } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function gate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({ COLUMNS: '80' });
  const full = args.map((arg) => (arg.endsWith('.json') ? at(arg) : arg));
  const code = await runCli(['gate', ...full], terminal, '1.2.3');
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('pushbench gate', () => {
  test.each<[number, string, string[]]>([
    [0, 'a run like its baseline', ['--baseline', 'old.json', 'new.json']],
    [1, 'a run that lost a message', ['--baseline', 'old.json', 'losing.json']],
    [0, 'a comparison without a change', ['same.json']],
    [1, 'a slower head', ['slow.json']],
    [3, 'a base that differs from itself', ['noisy.json']],
    [0, 'a slower head within a tolerance of the configuration', ['--config', 'lenient.json', 'slow.json']],
  ])('ends with %i for %s', async (expected, _what, args) => {
    const { code, out, err } = await gate(...args);
    expect(err).toBe('');
    expect(code, out).toBe(expected);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(
      { 0: /^Gate: pass/, 1: /^Gate: FAIL/, 3: /^Gate: inconclusive/ }[expected]!,
    );
  });

  test('prints every verdict with all its values as JSON, and nothing else', async () => {
    const { code, out } = await gate('--json', '--baseline', 'old.json', 'losing.json');
    const outcome = JSON.parse(out) as GateOutcome;
    expect(code).toBe(1);
    expect(outcome.outcome).toBe('fail');
    const lost = outcome.rules.find(
      ({ rule, scenario }) => rule.metric === 'messages.lost' && scenario === 'sse',
    );
    expect(lost).toMatchObject({ verdict: 'fail', base: [0, 0], head: [1, 1] });
  });

  test.each<[string, string[], RegExp]>([
    [
      'another plan',
      ['--baseline', 'old.json', 'faster.json'],
      /The plans differ in ratePerSecond: 10 in the baseline, 20 in the new result\./,
    ],
    [
      'a truncated file',
      ['--baseline', 'cut.json', 'new.json'],
      /--baseline: .*cut\.json cannot be read as a result: it is truncated\./,
    ],
    [
      'another schema',
      ['--baseline', 'old.json', 'other.json'],
      /its schema is 'somebody\/else@3' instead of 'pushbench\/result@1'/,
    ],
    ['what is no document', ['--baseline', 'list.json', 'new.json'], /list\.json cannot be read as a result/],
    [
      'a missing file',
      ['--baseline', 'gone.json', 'new.json'],
      /gone\.json cannot be read as a result: there is no such file/,
    ],
    [
      'no baseline',
      ['new.json'],
      /new\.json holds no comparison, so that there is nothing to judge it by: give --baseline <results\.json>\./,
    ],
    [
      'a comparison with a baseline',
      ['--baseline', 'old.json', 'same.json'],
      /same\.json holds a comparison, which has its base within/,
    ],
    ['no file', ['--baseline', 'old.json'], /gate needs <results\.json>/],
    [
      'a wrong rule',
      ['--config', 'wrong.json', 'same.json'],
      /gate\.rules\[0\] in wrong\.json: "latencyUs\.p5O" is not a metric\. Did you mean "latencyUs\.p50"\?/,
    ],
    [
      'a hostile file of another plan',
      ['--baseline', 'old.json', 'hostile.json'],
      /The plans differ in scenarios/,
    ],
  ])('ends with 2 for %s, in a sentence', async (_what, args, sentence) => {
    const { code, out, err } = await gate(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(sentence);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(err).not.toMatch(/[\u001b\u009b\u202e]/u);
  });

  test('tells all mistakes at once', async () => {
    const { err } = await gate('--baseline', 'cut.json', '--config', 'wrong.json', 'other.json');
    expect(err.trimEnd().split('\n')).toHaveLength(4);
  });

  test('takes a hostile baseline of the same plan, and escapes it', async () => {
    const { code, out } = await gate('--baseline', 'hostile.json', 'hostile.json');
    expect(code).toBe(0);
    expect(out).not.toContain(HOSTILE);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(out).not.toMatch(/[\u001b\u009b\u202e]/u);
  });

  test('writes its verdicts beside the terminal, whatever they are', async () => {
    const files = ['--junit', at('out/junit.xml'), '--summary', at('out/gate.md'), '--annotations'];
    const { code, out, err } = await gate('slow.json', ...files, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'fail' });
    expect(err).toMatch(/^(::(error|warning) title=[^\n]+\n)+$/u);
    expect(readdirSync(at('out')).sort()).toEqual(['gate.md', 'junit.xml']);
    expect(parseXml(readFileSync(at('out/junit.xml'), 'utf8')).attributes.failures).not.toBe('0');
    expect(readFileSync(at('out/gate.md'), 'utf8')).toContain('The gate fails.');
  });

  test('writes nothing where one of the files cannot be written, or nothing is judged', async () => {
    const unwritable = await gate(
      'slow.json',
      '--junit',
      at('other.json/j.xml'),
      '--summary',
      at('new/gate.md'),
    );
    expect([unwritable.code, unwritable.out]).toEqual([2, '']);
    expect(unwritable.err).toContain('cannot be written: a part of the path is a file.');
    const unlike = await gate('--baseline', 'old.json', 'faster.json', '--junit', at('new/j.xml'));
    expect(unlike.code).toBe(2);
    expect(readdirSync(folder)).not.toContain('new');
  });
});
