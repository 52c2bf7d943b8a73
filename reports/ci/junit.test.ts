import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOutcome, sampleVerdict } from '../testing/sample-gate.js';
import { HOSTILE } from '../testing/sample-result.js';
import { parseXml } from '../testing/xml-elements.js';
import { renderJunit } from './junit.js';

describe('renderJunit', () => {
  it('makes a suite a contestant and a case a rule, and counts them', () => {
    const outcome = sampleOutcome('fail', ['pass', 'fail', 'inconclusive', 'not judged'], {
      notes: ['Ten pairs.'],
    });
    const root = parseXml(
      renderJunit({ ...outcome, rules: [...outcome.rules, sampleVerdict({ scenario: 'longpoll' })] }),
    );
    expect(root.name).toBe('testsuites');
    expect(root.attributes).toMatchObject({ tests: '5', failures: '1', errors: '1', skipped: '1' });
    expect(root.children.map(({ attributes }) => attributes)).toMatchObject([
      { name: 'sse, broadcast, 1,000 clients', tests: '4', failures: '1', errors: '1', skipped: '1' },
      { name: 'longpoll, broadcast, 1,000 clients', tests: '1', failures: '0', errors: '0', skipped: '0' },
    ]);
    const [pass, fail, inconclusive, notJudged, notes] = root.children[0]!.children;
    expect(pass!.attributes).toMatchObject({ name: 'latencyUs.p50' });
    expect(pass!.children).toEqual([]);
    expect(fail!.children).toMatchObject([
      {
        name: 'failure',
        attributes: { message: 'This one is: fail.' },
        text: 'base: 1000, 1100; head: 1050, 1010',
      },
    ]);
    expect(inconclusive!.children).toMatchObject([{ name: 'error', attributes: { type: 'inconclusive' } }]);
    expect(notJudged!.children).toMatchObject([
      { name: 'skipped', attributes: { message: 'This one is: not judged.' } },
    ]);
    expect(notes).toMatchObject({ name: 'system-out', text: 'Ten pairs.' });
  });

  it('says in a case of its own what no rule says, so that nobody reads it as a pass', () => {
    const nothing = parseXml(
      renderJunit(sampleOutcome('inconclusive', ['not judged'], { notes: ['Only two pairs.'] })),
    );
    expect(nothing.children[0]!.children[0]).toMatchObject({
      attributes: { name: 'outcome' },
      children: [{ name: 'error', attributes: { message: 'Only two pairs.' } }],
    });
    expect(parseXml(renderJunit(sampleOutcome('fail', []))).attributes).toMatchObject({ failures: '1' });
    expect(parseXml(renderJunit(sampleOutcome('pass', []))).attributes).toMatchObject({ tests: '1' });
    expect(parseXml(renderJunit(sampleOutcome('fail', ['fail']))).attributes).toMatchObject({ tests: '1' });
  });

  it('stays well-formed whatever the texts hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      // Lone surrogates, noncharacters and controls, which XML cannot hold at all.
      fc
        .array(fc.constantFrom('\ud800', '\udc00', '\uffff', '\ufffe', '\0', '\x08', ']]>', '<!--', '&', '"'))
        .map((parts) => parts.join('')),
      fc.constant(HOSTILE),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('fail', 'inconclusive', 'not judged', 'pass'), (hostile, verdict) => {
        const rule = { ...sampleVerdict().rule, metric: hostile };
        const verdicts = [sampleVerdict({ rule, scenario: hostile, message: hostile, verdict })];
        const names = { base: hostile, head: hostile, notes: [hostile] };
        const root = parseXml(renderJunit({ ...sampleOutcome('fail', []), rules: verdicts, ...names }));
        expect(root.name).toBe('testsuites');
      }),
    );
  });
});
