import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrendDocument } from '../reports/history/contract.js';
import type { Result } from '../reports/result.js';
import { sampleResult } from '../reports/testing/sample-result.js';
import { runTool } from './support/tool.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-ci-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOTHING = 'Nothing was started. See pushbench --help.\n';

describe('report writes a result for other tools', () => {
  it('as CSV, for github-action-benchmark and for Bencher, into folders that it makes', async () => {
    writeFileSync(join(folder, 'results.json'), JSON.stringify(sampleResult({ trials: 2, hostile: true })));
    const files = ['--csv', 'a/trials.csv', '--benchmark-json', 'b.json', '--bencher', 'c.json'];
    const { code, out, err } = await runTool(folder, ['report', 'results.json', ...files]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`CSV: ${join(folder, 'a/trials.csv')}`);
    expect(readFileSync(join(folder, 'a/trials.csv'), 'utf8').split('\r\n')).toHaveLength(1 + 10 + 1);
    expect(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8'))).toBeInstanceOf(Array);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, 'c.json'), 'utf8')))).toHaveLength(5);
    expect(readdirSync(folder).sort()).toEqual([
      ...['a', 'b.json', 'c.json', 'report.html', 'results.json', 'summary.md'],
    ]);
  });

  it('but writes nothing at all where one of the files cannot be', async () => {
    writeFileSync(join(folder, 'results.json'), JSON.stringify(sampleResult({ trials: 1 })));
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'dir'));
    const argv = ['report', 'results.json', '--csv', 'file/x.csv', '--benchmark-json', 'dir'];
    const { code, out, err } = await runTool(folder, [...argv, '--bencher', 'new/b.json']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe(
      'pushbench: --csv: "file/x.csv" cannot be written: a part of the path is a file.\n' +
        `pushbench: --benchmark-json: "dir" is a folder; it must be a file.\n${NOTHING}`,
    );
    expect(readdirSync(folder).sort()).toEqual(['dir', 'file', 'results.json']);
  });
});

/** A result a day; the lateness of sse steps up by a fifth. */
function writeHistory(days: number, stepAt: number): void {
  const base = sampleResult({ trials: 1, scenarios: ['sse'] });
  for (let day = 0; day < days; day++) {
    const result: Result = structuredClone(base);
    result.startedAt = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    result.plan.seed = day;
    const [trial] = result.trials;
    if (trial?.status !== 'completed') throw new Error('the sample has no completed trial');
    trial.measurements.latencyUs.p50 = 5_000 + ((day * 37) % 11) + (day < stepAt ? 0 : 1_000);
    mkdirSync(join(folder, 'runs', `day-${day}`), { recursive: true });
    writeFileSync(join(folder, 'runs', `day-${day}`, 'results.json'), JSON.stringify(result));
  }
}

describe('trend', () => {
  it('reads what is below a folder, marks the step, names what it skipped, and ends with 0', async () => {
    writeHistory(16, 9);
    const runs = join(folder, 'runs');
    const one = readFileSync(join(runs, 'day-3/results.json'), 'utf8');
    writeFileSync(join(runs, 'truncated.json'), one.slice(0, -200));
    writeFileSync(join(runs, 'copy.json'), one);
    writeFileSync(join(runs, 'other.json'), '{"schema":"other@1"}');
    writeFileSync(join(runs, 'notes.txt'), 'no JSON');
    // A circle, and something outside.
    symlinkSync(runs, join(runs, 'circle'));
    symlinkSync('/etc', join(runs, 'etc'));
    const { code, out, err } = await runTool(folder, ['trend', 'runs']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /sse, broadcast, 1,000 clients: latencyUs\.p50 went from 5(?:\.0\d)?\u00a0ms to 6(?:\.0\d)?\u00a0ms/u,
    );
    expect(out).toContain('2026-01-10 00:00');
    expect(out).toContain('3 files were skipped:');
    expect(out).toContain('truncated.json cannot be read as a result: it is truncated.');
    expect(out).toContain('day-3/results.json is not used: it is the same run as copy.json.');
    expect(readFileSync(join(runs, 'trend.html'), 'utf8')).toMatch(/<\/html>\n$/u);
  });

  it('prints the document and nothing else, of the metrics asked for', async () => {
    writeHistory(3, 9);
    const argv = [
      'trend',
      'runs',
      '--json',
      '--out',
      'page/t.html',
      '--metric',
      'connect.p99Us,latencyUs.p90',
    ];
    const { code, out } = await runTool(folder, argv);
    expect(code).toBe(0);
    const document = JSON.parse(out) as TrendDocument;
    expect(document).toMatchObject({
      schema: 'pushbench/trend@1',
      results: 3,
      skipped: [],
      metrics: ['connect.p99Us', 'latencyUs.p90'],
    });
    expect(document.groups[0]!.series.map(({ metric }) => metric)).toEqual([
      'connect.p99Us',
      'latencyUs.p90',
    ]);
    expect(readdirSync(join(folder, 'page'))).toEqual(['t.html']);
    expect(readdirSync(join(folder, 'runs'))).not.toContain('trend.html');
  });

  it('ends with 0 in a folder without results, as the first run of a pipeline has it', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, out } = await runTool(folder, ['trend', 'empty']);
    expect(code).toBe(0);
    expect(out).toContain('There is no result to draw a trend of.');
  });

  it.each([
    [
      'a folder that is not there',
      ['nonesuch'],
      '"nonesuch" is not there; trend reads the results below a folder.',
    ],
    ['a file', ['file'], '"file" is a file; trend reads the results below a folder.'],
    ['no folder', [], 'trend needs <folder>: pushbench trend <folder>.'],
    [
      'a metric that no result has',
      ['runs', '--metric', 'latencyUs.p95'],
      '--metric: "latencyUs.p95" is no metric of these results. Did you mean "latencyUs.p90"?',
    ],
    [
      'a page that cannot be written',
      ['runs', '--out', 'file/x.html'],
      '--out: "file/x.html" cannot be written: a part of the path is a file.',
    ],
  ])('refuses %s', async (_title, argv, sentence) => {
    writeHistory(1, 9);
    writeFileSync(join(folder, 'file'), '');
    expect(await runTool(folder, ['trend', ...argv])).toEqual({
      code: 2,
      out: '',
      err: `pushbench: ${sentence}\n${NOTHING}`,
    });
    expect(readdirSync(folder).sort()).toEqual(['file', 'runs']);
    expect(readdirSync(join(folder, 'runs'))).toEqual(['day-0']);
  });
});
