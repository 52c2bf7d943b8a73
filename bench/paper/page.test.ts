import { describe, expect, it } from 'vitest';
import { readProjectFile } from '../../tests/project-files.js';
import { compare } from './arithmetic.js';
import { claims } from './claims.js';
import { type ClaimRecord, PAPER_SCHEMA, type PaperDocument } from './contract.js';
import { withClaim } from './document.js';
import { paperPage } from './page.js';

const record: ClaimRecord = {
  id: 'kaazing',
  title: 'WebSocket takes 500 times less',
  mode: 'full',
  measuredAt: '2026-03-04T05:06:07.000Z',
  seconds: 55.4,
  environment: {
    node: 'v20.20.2',
    os: 'Linux',
    kernel: '6.18.0',
    cpuModel: 'Some CPU',
    cores: 4,
    allowedCores: 2,
    memoryBytes: 8 * 2 ** 30,
    pinned: true,
  },
  source: { name: 'A. Author, 2010', url: 'https://example.org/paper' },
  theirFigure: '6.6 Mbps.',
  theirWorkload: 'A calculation.',
  ourWorkload: 'A thousand clients.',
  comparisons: [
    compare('headers', 'Mbit/s', 6.6, 7.272),
    compare('with IP', 'Mbit/s', null, 8.688),
    compare('100,000 clients', 'Mbit/s', 665, 727.2, { origin: 'model' }),
    compare('median', 'ms', [2, 4], 3.1),
    compare('nothing', 'ms', 4, null),
  ],
  findings: ['Something was found.'],
  why: ['They count less.', 'Their units are larger.'],
  trials: [
    { options: '--scenario sse --clients 10', rules: 'in force', status: 'completed', reasons: [] },
    {
      options: '--scenario polling --clients 10',
      server: 'a server of its own',
      rules: 'off',
      status: 'void',
      reasons: ['generator-cpu', 'generator-cpu'],
    },
  ],
};

const page = (...records: readonly ClaimRecord[]): string =>
  paperPage({ schema: PAPER_SCHEMA, claims: records });

describe('the page of published figures', () => {
  it('sets theirs beside ours, with the ratio', () => {
    expect(page(record)).toContain('| headers | 6.6 Mbit/s | 7.27 Mbit/s | 1.10 |');
  });

  it('marks what is a model, what they do not give, what lies in their range and what has no trial', () => {
    const text = page(record);
    expect(text).toContain('| with IP | — | 8.69 Mbit/s | — |');
    expect(text).toContain('| 100,000 clients | 665 Mbit/s | 727 Mbit/s (model) | 1.09 |');
    expect(text).toContain('| median | 2 to 4 ms | 3.10 ms | within |');
    expect(text).toContain('| nothing | 4 ms | no valid trial | — |');
  });

  it('names source, workloads, reasons and the command that repeats it', () => {
    const text = page(record);
    for (const part of [
      '[A. Author, 2010](https://example.org/paper)',
      'A calculation.',
      'A thousand clients.',
      'Something was found.',
      '- They count less.\n- Their units are larger.',
      '2026-03-04, full run, 55 s; `npm run paper -- --only kaazing`',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('lists every trial with its plan and status, and says what was left out', () => {
    const text = page(record);
    expect(text).toContain('2 trials, 1 completed; left out: 1 void');
    expect(text).toContain(
      '- `--scenario polling --clients 10`: against a server of its own; health rules off; void (generator-cpu)',
    );
  });

  it('tells the machine once, and which one where there are several', () => {
    expect(page(record).match(/Some CPU/g)).toHaveLength(1);
    const other = { ...record, id: 'hpbn', environment: { ...record.environment, cpuModel: 'Other CPU' } };
    const text = page(record, other);
    expect(text).toContain('Machine 1: Some CPU');
    expect(text).toContain('Machine 2: Other CPU');
    expect(text).toContain('full run, 55 s, machine 2;');
  });

  it('warns above everything when a claim comes from a quick run, and only then', () => {
    expect(page(record)).not.toContain('Quick run');
    const text = page({ ...record, mode: 'quick' });
    expect(text.indexOf('**Quick run.**')).toBeGreaterThan(0);
    expect(text.indexOf('**Quick run.**')).toBeLessThan(text.indexOf('| claim |'));
    expect(text).toContain('`npm run paper -- --quick --only kaazing`');
  });

  it('links each row of the summary to a heading that is there', () => {
    const text = page(record);
    expect(text).toContain('(#websocket-takes-500-times-less)');
    expect(text).toContain('\n## WebSocket takes 500 times less\n');
  });
});

describe('a record', () => {
  it('takes the place of its earlier one and keeps the order of the page', () => {
    const empty: PaperDocument = { schema: PAPER_SCHEMA, claims: [] };
    const order = ['kaazing', 'transits', 'hpbn'];
    const ids = (document: PaperDocument) => document.claims.map(({ id, seconds }) => [id, seconds]);
    const one = withClaim(empty, { ...record, id: 'hpbn', seconds: 1 }, order);
    const two = withClaim(one, { ...record, id: 'kaazing', seconds: 2 }, order);
    expect(ids(two)).toEqual([
      ['kaazing', 2],
      ['hpbn', 1],
    ]);
    expect(ids(withClaim(two, { ...record, id: 'hpbn', seconds: 3 }, order))).toEqual([
      ['kaazing', 2],
      ['hpbn', 3],
    ]);
  });
});

describe('docs/paper-vs-ours.md', () => {
  const document = JSON.parse(readProjectFile('docs/paper-vs-ours.json')) as PaperDocument;

  it('is the rendering of docs/paper-vs-ours.json; draw it with npm run paper -- --render', () => {
    expect(readProjectFile('docs/paper-vs-ours.md')).toBe(paperPage(document));
  });

  it('has every claim that the program measures, in its order', () => {
    expect(document.claims.map(({ id }) => id)).toEqual(claims.map(({ id }) => id));
  });

  it('tells nothing of where it was made', () => {
    expect(JSON.stringify(document)).not.toMatch(/\/(home|tmp|work|root|usr)\//);
  });
});
