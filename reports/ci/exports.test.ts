import { describe, expect, it } from 'vitest';
import type { Result } from '../result.js';
import { HOSTILE, sampleResult } from '../testing/sample-result.js';
import { renderBencher } from './bencher.js';
import { renderBenchmarkJson } from './benchmark-json.js';
import { renderCsv } from './csv.js';

/** Records and fields by RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  let field = '';
  for (const [, inQuotes, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    field = inQuotes === undefined ? plain! : inQuotes.replaceAll('""', '"');
    records.at(-1)!.push(field);
    if (end === '\r\n') records.push([]);
  }
  records.pop();
  return records;
}

function withScenarios(result: Result, name: string): Result {
  const rename = <T extends { scenario: string }>(each: T): T => ({ ...each, scenario: name });
  return { ...result, trials: result.trials.map(rename), summary: result.summary.map(rename) };
}

describe('renderCsv', () => {
  it('has a row a trial with all of its metrics, and empty cells for what it has not', () => {
    const result = sampleResult({ trials: 2, void: ['sse/2'], failed: ['websocket/1'] });
    const [head, ...rows] = parseCsv(renderCsv(result));
    expect(rows).toHaveLength(result.trials.length);
    for (const row of rows) expect(row).toHaveLength(head!.length);
    const cell = (row: readonly string[], name: string): string => row[head!.indexOf(name)]!;
    for (const [at, trial] of result.trials.entries()) {
      const row = rows[at]!;
      expect(cell(row, 'status')).toBe(trial.status);
      expect(cell(row, 'scenario')).toBe(trial.scenario);
      if (trial.status === 'completed' || trial.status === 'void') {
        expect(Number(cell(row, 'latencyUs.p50'))).toBe(trial.measurements.latencyUs.p50);
        expect(Number(cell(row, 'wire.perDelivery.down.total'))).toBe(
          trial.measurements.wire.perDelivery!.down.total,
        );
      } else {
        expect(cell(row, 'latencyUs.p50')).toBe('');
      }
    }
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\u200b=1', '\uff1d1'])(
    'keeps a spreadsheet from running %j',
    (name) => {
      const cells = parseCsv(renderCsv(withScenarios(sampleResult({ trials: 1 }), name))).map(
        (row) => row[1]!,
      );
      for (const cell of cells.slice(1)) expect(cell).toMatch(/^'[=+\-@\uff1d]/u);
    },
  );

  it('doubles quotes within a cell', () => {
    expect(renderCsv(withScenarios(sampleResult({ trials: 1 }), 'say "yes"'))).toContain(',"say ""yes""",');
  });

  it('keeps hostile texts in their cells, and negative numbers as numbers', () => {
    const result = sampleResult({ trials: 1, hostile: true, failed: ['sse/1'] });
    const trial = result.trials.find(({ status }) => status === 'completed')!;
    if (trial.status === 'completed') trial.measurements.memory.server.bytesPerClient = -12.5;
    const text = renderCsv(withScenarios(result, `a,"b"\r\n${HOSTILE}`));
    const rows = parseCsv(text);
    expect(rows).toHaveLength(result.trials.length + 1);
    for (const row of rows) expect(row).toHaveLength(rows[0]!.length);
    expect(rows.flat()).toContain('-12.5');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('renderBenchmarkJson', () => {
  it('is an array of name, unit, value and range of what is better when less', () => {
    const result = sampleResult({ trials: 5 });
    const entries = JSON.parse(renderBenchmarkJson(result)) as Record<string, unknown>[];
    expect(entries.length).toBeGreaterThan(5 * 5);
    for (const entry of entries) {
      expect(entry).toEqual({
        name: expect.any(String),
        unit: expect.any(String),
        value: expect.any(Number),
        range: expect.stringMatching(/^± [\d.e-]+$/u),
        extra: expect.stringContaining('5 trials'),
      });
    }
    const { metrics } = result.summary.find(({ scenario }) => scenario === 'sse')!;
    expect(entries.find(({ name }) => name === 'sse, broadcast, 1,000 clients: latencyUs.p50')).toMatchObject(
      {
        unit: 'us',
        value: metrics['latencyUs.p50']!.median,
      },
    );
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    expect(entries.some(({ name }) => String(name).includes('throughput'))).toBe(false);
  });

  it('is of the head alone where a base was run beside it, and so is Bencher', () => {
    const result = sampleResult({ trials: 2, scenarios: ['sse'] });
    const trials = result.trials.map((trial, at) => ({
      ...trial,
      arm: at === 0 ? ('base' as const) : ('head' as const),
    }));
    const head = trials[1]!;
    const value = head.status === 'completed' ? head.measurements.latencyUs.p50 : null;
    const [entry] = JSON.parse(renderBenchmarkJson({ ...result, trials })) as object[];
    expect(entry).toMatchObject({ value, extra: expect.stringContaining('1 trials') });
    const [benchmark] = Object.values(JSON.parse(renderBencher({ ...result, trials })) as object);
    expect(benchmark['latencyUs.p50']).toEqual({ value });
  });

  it('has no range below five trials', () => {
    const [first] = JSON.parse(renderBenchmarkJson(sampleResult({ trials: 1 }))) as object[];
    expect(first).not.toHaveProperty('range');
  });
});

describe('renderBencher', () => {
  it('maps a contestant to its measures, with the ends of the interval', () => {
    const result = sampleResult({ trials: 5 });
    const benchmarks = JSON.parse(renderBencher(result)) as Record<string, Record<string, object>>;
    expect(Object.keys(benchmarks)).toHaveLength(5);
    const { median, low, high } = result.summary[0]!.metrics['latencyUs.p99']!;
    expect(Object.values(benchmarks)[0]!['latencyUs.p99']).toEqual({
      value: median,
      lower_value: low,
      upper_value: high,
    });
    // Bencher takes names of 64 characters for measures and of 1,024 for benchmarks.
    for (const [name, measures] of Object.entries(benchmarks)) {
      expect(name.length).toBeLessThanOrEqual(1024);
      for (const measure of Object.keys(measures)) expect(measure.length).toBeLessThanOrEqual(64);
    }
  });

  it('leaves the interval out below five trials, and survives hostile names', () => {
    const result = withScenarios(sampleResult({ trials: 1 }), `__proto__${HOSTILE}`);
    const benchmarks = JSON.parse(renderBencher(result)) as Record<string, Record<string, object>>;
    expect(Object.values(benchmarks)[0]!['latencyUs.p50']).toEqual({ value: expect.any(Number) });
  });
});
