import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readProjectFile } from '../../tests/project-files.js';
import { claims } from './claims.js';
import { CLAIMS_SCHEMA, type ClaimsDocument } from './contract.js';
import { claimsFiles } from './page.js';
import { samples } from './testing/samples.js';

const document: ClaimsDocument = {
  schema: CLAIMS_SCHEMA,
  tool: { name: 'pushbench', version: '1.2.3' },
  mode: 'full',
  seed: 7,
  measuredAt: '2026-03-04T05:06:07.000Z',
  seconds: 431.4,
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
  claims: claims.map(({ id }, at) => ({ id, data: samples[id]![at % 2]!.data, trials: [0, 1] })),
  trials: [
    { options: '--scenario sse --clients 10', rules: 'in force', status: 'completed', reasons: [] },
    { options: '--scenario polling', rules: 'off', status: 'void', reasons: ['steal', 'steal'] },
  ],
};

const pages = (changes: Partial<ClaimsDocument> = {}) => {
  const files = claimsFiles({ ...document, ...changes });
  return { files, en: files.get('claims.md')!, zh: files.get('claims.zh.md')! };
};

describe('the page of claims', () => {
  it('has a row, a section, a verdict and a chart for every claim, in both languages', () => {
    const { files, en, zh } = pages();
    for (const { id, title } of claims) {
      expect(en).toContain(`| [${title.en}](#${id}) | `);
      expect(en).toContain(`<a id="${id}"></a>\n\n## ${title.en}\n\n**Verdict: `);
      expect(zh).toContain(`<a id="${id}"></a>\n\n## ${title.zh}\n\n**结论：`);
      expect(en).toContain(`(claims/${id}.svg)`);
      expect(zh).toContain(`(claims/${id}.zh.svg)`);
    }
    const shown = (text: string): string[] =>
      [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((match) => match[1]!);
    expect([...shown(en), ...shown(zh)].sort()).toEqual(
      [...files.keys()].filter((name) => name.endsWith('.svg')).sort(),
    );
  });

  it('has the same numbers and verdicts in both languages', () => {
    const { en, zh } = pages();
    const numbers = (text: string): string[] => (text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).sort();
    // File names apart, which hold none.
    expect(numbers(zh)).toEqual(numbers(en));
    const count = (text: string, word: string): number => text.split(`**${word}**`).length - 1;
    expect(count(en, 'holds')).toBe(count(zh, '成立'));
    expect(count(en, 'holds with a condition')).toBe(count(zh, '有条件成立'));
    expect(count(en, 'holds')).toBeGreaterThan(0);
    expect(count(en, 'holds with a condition')).toBeGreaterThan(0);
  });

  it('tells machine, version, seed and the command that repeats the run', () => {
    const { en, zh } = pages();
    expect(en).toContain(
      'Some CPU, 4 cores (2 allowed); 8 GiB; Linux 6.18.0; Node v20.20.2; server and generators pinned apart.',
    );
    expect(en).toContain(
      'pushbench 1.2.3, 2026-03-04, 2 trials in 431 s, seed 7 (`npm run claims -- --seed 7`).',
    );
    expect(zh).toContain('（`npm run claims -- --seed 7`）');
  });

  it('lists the trials of a claim and says which were left out, and why', () => {
    const { en, zh } = pages();
    expect(en).toContain('<summary>2 trials, 1 completed; left out: 1 void</summary>');
    expect(en).toContain('- `--scenario polling`: void (steal); health rules off');
    expect(zh).toContain('<summary>2 次试验，完成 1；不计入：作废 1</summary>');
  });

  it('says that a claim was not judged when a trial it rests on was not valid', () => {
    const open = samples.frames!.find(({ verdict }) => verdict === 'open')!;
    const { en, zh } = pages({ claims: [{ id: 'frames', data: open.data, trials: [1] }] });
    expect(en).toContain('**Verdict: not judged: a trial it rests on was not valid**.');
    expect(zh).toContain('**结论：未判定：所依据的试验无效**。');
  });

  it('says which condition a verdict has, in the table and in the section, and only there', () => {
    const of = (verdict: string) => ({
      id: 'resume',
      data: samples.resume!.find((each) => each.verdict === verdict)!.data,
      trials: [],
    });
    const { en, zh } = pages({ claims: [of('condition')] });
    expect(en.split('**holds with a condition**: as long as the log outlives the server |')).toHaveLength(2);
    expect(en).toContain('**Verdict: holds with a condition**: as long as the log outlives the server. ');
    expect(zh).toContain('**结论：有条件成立**：前提是日志不随服务器消失。');
    expect(pages({ claims: [of('holds')] }).en).not.toContain('as long as the log outlives the server');
  });

  it('warns above everything when it comes from a quick run, and only then', () => {
    expect(pages().en).not.toContain('Quick run');
    const { en, zh } = pages({ mode: 'quick' });
    expect(en.indexOf('**Quick run.**')).toBeGreaterThan(0);
    expect(en.indexOf('**Quick run.**')).toBeLessThan(en.indexOf('| claim |'));
    expect(en).toContain('`npm run claims -- --quick --seed 7`');
    expect(zh).toContain('**快速运行。**');
  });

  it('links to the other language', () => {
    expect(pages().en).toContain('[中文](claims.zh.md)');
    expect(pages().zh).toContain('[English](claims.md)');
  });

  it('is not broken by hostile strings in its document', () => {
    const hostile = '<script>x</script> | `a` [b](c)\n# d';
    const { en } = pages({
      environment: { ...document.environment, cpuModel: hostile, os: hostile, node: hostile },
      trials: [{ options: hostile, rules: 'off', status: 'void', reasons: [hostile] }],
    });
    // Only in the code of the trial's options, which shows it as it is.
    expect(en.replaceAll(/`[^`\n]*`/g, '')).not.toContain('<script');
    expect(en).not.toContain('\n# d');
  });

  it('refuses a claim that is not there and data that are not a claim’s', () => {
    expect(() => pages({ claims: [{ id: 'nothing', data: {}, trials: [] }] })).toThrow('no claim "nothing"');
    expect(() => pages({ claims: [{ id: 'frames', data: { rows: 3 }, trials: [] }] })).toThrow(
      /^frames: data\.rows:/,
    );
  });
});

describe('docs/claims.md and docs/claims.zh.md', () => {
  const kept = JSON.parse(readProjectFile('docs/claims.json')) as ClaimsDocument;

  it('and their charts are the rendering of docs/claims.json; npm run claims -- --from docs/claims.json draws them', () => {
    for (const [name, content] of claimsFiles(kept)) {
      expect(existsSync(join(ROOT, 'docs', name)), name).toBe(true);
      expect(readProjectFile(`docs/${name}`), name).toBe(content);
    }
  });

  it('have no chart beside them that no claim shows', () => {
    const drawn = [...claimsFiles(kept).keys()].map((name) => name.replace('claims/', ''));
    expect(readdirSync(join(ROOT, 'docs/claims')).filter((name) => !drawn.includes(name))).toEqual([]);
  });

  it('have every claim that the program measures, in its order', () => {
    expect(kept.claims.map(({ id }) => id)).toEqual(claims.map(({ id }) => id));
  });

  it('tell nothing of where they were made', () => {
    expect(JSON.stringify(kept)).not.toMatch(/\/(home|tmp|work|root|usr)\//);
  });
});
