import { describe, expect, it } from 'vitest';
import { encodeMarked, FOREIGN_MARKER_BYTES } from '../../protocol/marker.js';
import { ours, RUN, theirs } from '../testing/foreign-spec.js';
import {
  below,
  cuts,
  drawing,
  expectSame,
  expectSameAtEveryCut,
  expectSameAtSomeCuts,
  feed,
  hurt,
  oneOf,
  wire,
} from '../testing/pieces.js';
import { MarkerFinder } from './marker-finder.js';

/** Everything a finder reports of a text, in its order: `ours 3 40`, `strange`. */
function find(text: string | Buffer, places: readonly number[] = [], payloadBytes = 40): string[] {
  const found: string[] = [];
  const finder = new MarkerFinder(
    {
      marked: (sequence, bytes) => found.push(`ours ${sequence} ${bytes}`),
      stranger: () => found.push('strange'),
    },
    RUN,
    payloadBytes,
  );
  const bytes = typeof text === 'string' ? wire(text) : text;
  feed(bytes, places, '~pb0123abcd0000000001~abc', (buffer, start, end) => {
    finder.eat(buffer, start, end);
    return true;
  });
  finder.end();
  if (!finder.atRest) found.push('not at rest');
  return found;
}

/** The same by the shortest way: a regular expression over the whole text. */
function findAll(text: string, payloadBytes: number): string[] {
  const found: string[] = [];
  const pattern = /~pb([0-9a-f]{8})([0-9]{10})~/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[1] !== RUN) {
      found.push('strange');
      continue;
    }
    const sequence = Number(match[2]);
    const wanted = encodeMarked(RUN, sequence, payloadBytes);
    let bytes = FOREIGN_MARKER_BYTES;
    while (bytes < payloadBytes && text[match.index + bytes] === wanted[bytes]) bytes++;
    found.push(`ours ${sequence} ${bytes}`);
    pattern.lastIndex = match.index + bytes;
  }
  return found;
}

describe('a finder of markers', () => {
  it.each([
    ['alone', ours(1), ['ours 1 40']],
    ['inside JSON', `{"text":"${ours(12)}","by":"~pb"}`, ['ours 12 40']],
    ['several, one after another', ours(1) + ours(2) + ours(3), ['ours 1 40', 'ours 2 40', 'ours 3 40']],
    ['with more filler than planned', `${ours(1, 60)}`, ['ours 1 40']],
    ['of another run', `<${theirs(5)}>${ours(6)}`, ['strange', 'ours 6 40']],
    ['cut short by the end', ours(1).slice(0, -1), ['ours 1 39']],
    ['cut short by another', ours(1).slice(0, 30) + ours(2), ['ours 1 30', 'ours 2 40']],
    ['altered', ours(1).replace('cde', 'cDe'), ['ours 1 25']],
    ['of a number beyond all schedules', ours(1).replace('0000000001', '9999999999'), ['ours 9999999999 40']],
    ['of no number', ours(1).replace('0000000001', '000000001x'), []],
    ['of upper-case digits', ours(1).replace('abcd', 'ABCD'), []],
    ['without its end', ours(1).replace('1~', '1-'), []],
    ['begun again and again', `~p~pb~~pb0123~pb0123abc~pb0123abcd000000000${ours(7)}`, ['ours 7 40']],
    ['with a tilde before it', `~~~${ours(7)}~`, ['ours 7 40']],
    ['nowhere', 'the quick brown fox ~ p b', []],
    ['in nothing', '', []],
  ])('finds it %s, wherever the text is cut', (_where, text, wanted) => {
    expect(find(text)).toEqual(wanted);
    expectSameAtEveryCut(wire(text), (places) => find(text, places));
  });

  it('finds markers that are the whole payload', () => {
    const text = ours(1, 22) + ours(2, 22);
    expect(expectSameAtEveryCut(wire(text), (places) => find(text, places, 22))).toEqual([
      'ours 1 22',
      'ours 2 22',
    ]);
  });

  it('finds what a regular expression finds, in texts made to mislead it', () => {
    const random = drawing(5);
    for (let times = 0; times < 3000; times++) {
      const payloadBytes = oneOf(random, [22, 23, 40, 70]);
      const pieces = [
        '~',
        '~p',
        '~pb',
        RUN,
        'ffff0000',
        '0000000001',
        '1',
        'abc',
        'a',
        '"',
        '~pb0123abcd',
        ' ',
      ];
      let text = '';
      for (let n = below(random, 12); n > 0; n--) {
        const whole = encodeMarked(oneOf(random, [RUN, 'ffff0000']), 1 + below(random, 99), payloadBytes);
        text +=
          random() < 0.3
            ? whole
            : random() < 0.5
              ? whole.slice(0, below(random, whole.length))
              : oneOf(random, pieces);
      }
      if (random() < 0.5) text = hurt(random, wire(text)).toString('latin1');
      const wanted = findAll(text, payloadBytes);
      expectSame(find(text, [], payloadBytes), wanted, JSON.stringify(text));
      expectSame(find(text, cuts(random, text.length, 6), payloadBytes), wanted, JSON.stringify(text));
    }
  });

  it('reads long payloads in any pieces', () => {
    const text = `${ours(1, 100_000)}"${ours(2, 100_000)}`;
    expect(expectSameAtSomeCuts(drawing(6), wire(text), (places) => find(text, places, 100_000))).toEqual([
      'ours 1 100000',
      'ours 2 100000',
    ]);
  });
});
