import { isUtf8 } from 'node:buffer';
import { expect, it } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { isUtf8Text, Utf8Check } from './utf8.js';

it('agrees with Node on every sequence of one to three bytes, and four beyond an F', () => {
  const bytes = Buffer.alloc(4);
  for (let first = 0; first < 256; first++) {
    bytes[0] = first;
    for (let second = 0; second < 256; second++) {
      bytes[1] = second;
      for (const third of [0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff]) {
        bytes[2] = third;
        for (const fourth of [0x7f, 0x80, 0xbf, 0xc0]) {
          bytes[3] = fourth;
          for (let length = 1; length <= 4; length++) {
            const part = bytes.subarray(0, length);
            if (isUtf8Text(part) !== isUtf8(part)) throw new Error(part.toString('hex'));
          }
        }
      }
    }
  }
});

it('says no at the first byte that no text can have there, however it is cut', () => {
  const random = createRandom(1, 'utf8');
  const parts = ['a', 'é', '€', '𝄞', '\u{10ffff}', '\ud7ff', '\ue000'].map((part) => Buffer.from(part));
  for (let round = 0; round < 500; round++) {
    const text = Buffer.concat(Array.from({ length: 12 }, () => parts[Math.floor(random() * parts.length)]!));
    const at = Math.floor(random() * text.length);
    text[at] = Math.floor(random() * 256);
    // No byte can follow that makes a text of the first n bytes: that is what "wrong" means.
    const canGoOn = (length: number): boolean => {
      const beginning = text.subarray(0, length);
      const ends = [
        '',
        '80',
        '8080',
        '808080',
        'bf',
        'bf80',
        '8f80',
        '9fbf',
        '9080',
        'a0',
        'a080',
        '90',
        '9f',
        '8f',
        '80bf',
        'bfbf',
        'bf8080',
        '908080',
        '8f8080',
      ];
      return ends.some((end) => isUtf8(Buffer.concat([beginning, Buffer.from(end, 'hex')])));
    };
    const check = new Utf8Check();
    let good = 0;
    while (good < text.length && check.eat(text, good, good + 1)) good++;
    expect(canGoOn(good)).toBe(true);
    if (good < text.length) expect(canGoOn(good + 1)).toBe(false);
    else expect(check.complete).toBe(isUtf8(text));
  }
});
