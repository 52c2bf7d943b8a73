import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateOutcome } from '../gate/contract.js';
import { sampleOutcome, sampleVerdict } from '../testing/sample-gate.js';
import { renderAnnotations } from './annotations.js';

describe('renderAnnotations', () => {
  it('makes an error of what failed, a warning of what is inconclusive, and nothing of the rest', () => {
    expect(renderAnnotations(sampleOutcome('fail', ['pass', 'fail', 'inconclusive', 'not judged']))).toEqual([
      '::error title=pushbench%3A latencyUs.p50 of sse%2C broadcast%2C 1%2C000 clients::This one is: fail.',
      '::warning title=pushbench%3A latencyUs.p50 of sse%2C broadcast%2C 1%2C000 clients::This one is: inconclusive.',
    ]);
    expect(renderAnnotations(sampleOutcome('pass', ['pass', 'not judged']))).toEqual([]);
  });

  it('escapes what would end a title or a message', () => {
    const verdict = sampleVerdict({
      verdict: 'fail',
      scenario: 'a::b,c%0A',
      message: '50 % more\r\n::stop-commands::x',
    });
    expect(renderAnnotations({ ...sampleOutcome('fail', []), rules: [verdict] })).toEqual([
      '::error title=pushbench%3A latencyUs.p50 of a%3A%3Ab%2Cc%250A%2C broadcast%2C 1%2C000 clients::50 %25 more ::stop-commands::x',
    ]);
  });

  it('is one command a line whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const verdict = sampleVerdict({ verdict: 'fail', scenario: text, message: text });
        const lines = renderAnnotations({ ...sampleOutcome('fail', []), rules: [verdict] });
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^::error title=[^:,\r\n]+::[^\r\n]*$/u);
      }),
    );
  });

  it('says once what several rules of a contestant say', () => {
    const [lines, ...rest] = renderAnnotations(sampleOutcome('fail', ['fail', 'fail', 'fail']));
    expect(rest).toEqual([]);
    expect(lines).toContain('title=pushbench%3A latencyUs.p50 and 2 more of sse%2C');
  });

  it('stops at ten of a kind, as GitHub does, and says how many are left', () => {
    const failed = (count: number): GateOutcome => ({
      ...sampleOutcome('fail', []),
      rules: Array.from({ length: count }, (_, at) =>
        sampleVerdict({ verdict: 'fail', message: `It is ${at}.` }),
      ),
    });
    const lines = renderAnnotations(failed(25));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=pushbench::16 more rules failed; the job summary has them all.');
    expect(renderAnnotations(failed(10))).toHaveLength(10);
    expect(renderAnnotations(failed(10)).at(-1)).toMatch(/It is 9\.$/u);
  });

  it('tells of what passes and is certainly worse, and leaves the exit to others', () => {
    const passing = sampleVerdict({ word: 'worse', message: '+4.0 % (+3.0 to +5.0 %).' });
    expect(renderAnnotations({ ...sampleOutcome('pass', []), rules: [passing] })).toEqual([
      '::notice title=pushbench%3A latencyUs.p50 of sse%2C broadcast%2C 1%2C000 clients::Worse, within the tolerance: +4.0 %25 (+3.0 to +5.0 %25).',
    ]);
    const lines = renderAnnotations({
      ...sampleOutcome('inconclusive', []),
      rules: [passing],
      notes: ['Few.'],
    });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['::warning', '::notice']);
  });

  it('tells an outcome that no rule tells', () => {
    expect(renderAnnotations(sampleOutcome('inconclusive', [], { notes: ['Only two pairs.'] }))).toEqual([
      '::warning title=pushbench::Only two pairs.',
    ]);
  });
});
