import { describe, expect, it } from 'vitest';
import { sampleOutcome, sampleVerdict } from '../testing/sample-gate.js';
import { HOSTILE } from '../testing/sample-result.js';
import { JOB_SUMMARY_BYTES, renderJobSummary } from './job-summary.js';

describe('renderJobSummary', () => {
  it('begins with the outcome and has a row a rule, what failed first', () => {
    const text = renderJobSummary(sampleOutcome('fail', ['not judged', 'pass', 'inconclusive', 'fail']));
    expect(text).toMatch(/^## pushbench: The gate fails\.\n/u);
    expect(text).toContain('Base: main; head: topic.');
    // Holm's procedure and the configuration choose the confidence; a note says it.
    expect(text).toContain('| change (interval) |');
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.includes(':---'));
    expect(rows.slice(1).map((row) => row.split(' | ')[0])).toEqual([
      '| **fail**',
      '| inconclusive',
      '| pass',
      '| not judged',
    ]);
    expect(rows[1]).toContain('| 1.05\u00a0ms | 1.03\u00a0ms | +2.0\u00a0% (-3.0 to +6.0\u00a0%) |');
  });

  it('shows values of an exact rule in all their digits', () => {
    const rule = { ...sampleVerdict().rule, metric: 'wire.perDelivery.down.total', level: 'exact' as const };
    const verdict = sampleVerdict({ rule, base: [1_234.5], head: [1_234.25], ratio: null });
    expect(renderJobSummary({ ...sampleOutcome('fail', []), rules: [verdict] })).toContain(
      '| 1,234.5\u00a0B | 1,234.25\u00a0B |',
    );
  });

  it('keeps hostile texts inside their cells: no markup, no mention, no new row', () => {
    const hostile = `${HOSTILE} @everyone | x \`code\` <details> [a](b)\n| fake | row |`;
    const rule = { ...sampleVerdict().rule, metric: hostile };
    const verdict = sampleVerdict({ scenario: hostile, message: hostile, rule, verdict: 'fail' });
    const text = renderJobSummary({
      ...sampleOutcome('fail', []),
      base: hostile,
      notes: [hostile],
      rules: [verdict],
    });
    expect(text).not.toMatch(/[<>`@]/u);
    expect(text).not.toContain('](');
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.split('|')).toHaveLength(9);
  });

  it('stays within the limit, in bytes, and says how many rows it left out', () => {
    const verdict = sampleVerdict({ message: 'ü'.repeat(400) });
    const rules = new Array(3_000).fill(verdict);
    const whole = { ...sampleOutcome('pass', []), rules, notes: new Array(5_000).fill('n'.repeat(400)) };
    for (const limit of [JOB_SUMMARY_BYTES, 100_000, 5_000]) {
      const text = renderJobSummary(whole, limit);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      const shown = text.split('\n').filter((line) => line.startsWith('| pass')).length;
      expect(shown).toBeGreaterThan(0);
      expect(text).toContain(`${(3_000 - shown).toLocaleString('en-US')} more rules are left out`);
      expect(text).toMatch(/more notes are left out/u);
    }
    expect(renderJobSummary(whole, 100)).toBe('');
  });

  it('shows a whole gate within the limit, and no sentence about rows left out', () => {
    expect(renderJobSummary(sampleOutcome('pass', new Array(100).fill('pass')))).not.toContain('left out');
  });
});
