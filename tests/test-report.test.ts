import { describe, expect, it } from 'vitest';
import { readReport } from '../scripts/test-report.mjs';

function report(...files: object[]): string {
  return JSON.stringify({ testResults: files });
}

const good = { status: 'passed', fullName: 'adds up' };
const bad = { status: 'failed', fullName: 'subtracts' };

describe('readReport', () => {
  it('counts what passed', () => {
    const text = report({ status: 'passed', name: 'a.test.ts', assertionResults: [good, good] });
    expect(readReport(text, 'unit', 0)).toEqual({ passed: 2, failures: [], skipped: [] });
  });

  it('names each failed test once, although its file failed too', () => {
    const text = report({ status: 'failed', name: 'a.test.ts', message: '', assertionResults: [good, bad] });
    expect(readReport(text, 'unit', 1)).toEqual({ passed: 1, failures: ['unit: subtracts'], skipped: [] });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const text = report({
      status: 'failed',
      name: 'a.test.ts',
      message: 'Cannot find ./b.js\n  at',
      assertionResults: [],
    });
    expect(readReport(text, 'unit', 1).failures).toEqual(['unit: a.test.ts: Cannot find ./b.js']);
  });

  it('lists a skipped test, because it vanished', () => {
    const text = report({
      status: 'passed',
      name: 'a.test.ts',
      assertionResults: [{ status: 'skipped', fullName: 'waits' }],
    });
    expect(readReport(text, 'browser', 0).skipped).toEqual(['Skipped in browser: waits']);
  });

  it.each([
    ['an error outside of any test', report({ status: 'passed', name: 'a', assertionResults: [good] })],
    ['a report that was not written', ''],
    ['a report that was cut off', '{"testResults":[{"stat'],
  ])('counts %s as a failure', (_, text) => {
    expect(readReport(text, 'process', 1).failures).toEqual([
      'process: vitest ended with exit code 1 without a failed test.',
    ]);
  });
});
