import { describe, expect, it } from 'vitest';
import { titleFits } from './charts/frame.js';
import { claims } from './claims.js';
import type { Conclusion, Text } from './contract.js';
import { ClaimDataError } from './define-claim.js';
import { samples } from './testing/samples.js';

const cases = claims.flatMap((claim) =>
  (samples[claim.id] ?? []).map((sample) => ({ id: claim.id, claim, ...sample })),
);

describe('the verdict', () => {
  it.each(cases)('of $id is "$verdict" when $because', ({ claim, verdict, data }) => {
    expect(claim.conclude(data).verdict).toBe(verdict);
  });

  it.each(claims)('of $id can be each of the four, and its data show both sides of every one', ({ id }) => {
    expect(new Set(samples[id]!.map(({ verdict }) => verdict))).toEqual(
      new Set(['holds', 'condition', 'fails', 'open']),
    );
  });

  it.each(claims)('of $id is not drawn from data that are something else', (claim) => {
    expect(() => claim.conclude({})).toThrow(ClaimDataError);
    expect(() => claim.conclude(null)).toThrow(/^[a-z-]+: data\./);
  });
});

/** Every text that a conclusion shows, with where it stands. */
function textsOf(conclusion: Conclusion): [string, Text][] {
  const { figure, method, sentences, tables, charts } = conclusion;
  return [
    ['figure', figure],
    ['method', method],
    ...sentences.map((each, at): [string, Text] => [`sentence ${at}`, each]),
    ...tables.flatMap(({ heads, rows }) =>
      [...heads, ...rows.flat()].map((each): [string, Text] => ['table', each]),
    ),
    ...charts.flatMap((chart): [string, Text][] => [
      ['chart', chart.title],
      ...(chart.kind === 'bars'
        ? chart.bars.flatMap((bar): [string, Text][] => [
            ['bar', bar.label],
            ['bar', bar.shown],
          ])
        : chart.lines.map((line): [string, Text] => ['line', line.name])),
    ]),
  ];
}

const numbersIn = (text: string): string[] => (text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).sort();

describe('the two languages', () => {
  it.each(cases)('have the same numbers, with $id when $because', ({ claim, data }) => {
    const conclusion = claim.conclude(data);
    for (const [where, { en, zh }] of textsOf(conclusion)) {
      expect(numbersIn(zh), `${where}: ${en}\n${zh}`).toEqual(numbersIn(en));
    }
  });

  it.each(claims)(
    'have the same numbers and links in the rule and the notes of $id',
    ({ title, rule, plainCondition, notes }) => {
      const links = (text: string): string[] =>
        [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]!);
      for (const { en, zh } of [title, rule.holds, rule.condition, plainCondition, ...notes]) {
        expect(numbersIn(zh), `${en}\n${zh}`).toEqual(numbersIn(en));
        expect(links(zh)).toEqual(links(en));
      }
    },
  );

  it.each(claims)('are both there in every text of $id: Chinese is Chinese, English is not', (claim) => {
    const conclusion = claim.conclude(samples[claim.id]![0]!.data);
    const own = [
      claim.title,
      claim.rule.holds,
      claim.rule.condition,
      claim.plainCondition,
      ...claim.notes,
      ...conclusion.sentences,
    ];
    for (const { en, zh } of [...own, conclusion.method]) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      // A sentence of Chinese ends and pauses in its own way.
      expect(zh).not.toMatch(/\p{Script=Han}[,.;:?!]/u);
    }
  });
});

describe('the charts of a claim', () => {
  it.each(claims)('of $id have titles that fit', (claim) => {
    for (const { title } of claim.conclude(samples[claim.id]![0]!.data).charts) {
      expect([titleFits(title.en), titleFits(title.zh)], title.en).toEqual([true, true]);
    }
  });

  it.each(cases)('of $id are there also when $because', ({ claim, data }) => {
    expect(claim.conclude(data).charts.length).toBeGreaterThan(0);
  });
});
