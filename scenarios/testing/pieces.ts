import { expect } from 'vitest';
import { createRandom, type Random } from '../../protocol/random.js';

/** Bytes as they are on the wire, from text in which every character is one byte. */
export function wire(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Numbers that follow from a seed: tests that draw are repeatable. */
export function drawing(seed: number): Random {
  return createRandom(seed, 'tests');
}

/** A whole number from 0 to `below` - 1. */
export function below(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of several. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[below(random, choices.length)]!;
}

/** Up to `most` places at which to cut `length` bytes, ascending; two may coincide. */
export function cuts(random: Random, length: number, most: number): number[] {
  return Array.from({ length: below(random, most + 1) }, () => below(random, length + 1)).sort(
    (a, b) => a - b,
  );
}

/**
 * Hands `bytes` on in the pieces that `cuts` makes, each in the middle of a buffer full of `around`, as reads of a
 * shared buffer leave what was there before: a parser that looks outside its span finds what it is looking for.
 *
 * @param eat returns false to be fed no more
 */
export function feed(
  bytes: Buffer,
  cuts: readonly number[],
  around: string,
  eat: (buffer: Buffer, start: number, end: number, fedSoFar: number) => boolean,
): void {
  const margin = 8;
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    if (to === from) continue;
    const length = to - from;
    const shared = Buffer.alloc(length + 2 * margin, around, 'latin1');
    bytes.copy(shared, margin, from, to);
    from = to;
    if (!eat(shared, margin, margin + length, to)) return;
  }
}

/** A copy of a byte stream, hurt in one to three places: bytes changed, cut out, put in, repeated or lost at the end. */
export function hurt(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + below(random, 3); times > 0; times--) {
    const at = below(random, result.length + 1);
    const span = below(random, 8);
    switch (below(random, 5)) {
      case 0:
        if (at < result.length) result[at] = below(random, 256);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + span)]);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), noise(random, span), result.subarray(at)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at + span), result.subarray(at)]);
        break;
      default:
        result = Buffer.from(result.subarray(0, at));
    }
  }
  return result;
}

/** Bytes drawn at random, half of them from those that mean something to one of the parsers. */
export function noise(random: Random, length: number): Buffer {
  const telling = '\r\n :;<>"0123456789abcdefHTTP/1.datidevretry\0\x80\x81\x7e\x7f\xef\xbb\xbf';
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) {
    bytes[at] = random() < 0.5 ? below(random, 256) : telling.charCodeAt(below(random, telling.length));
  }
  return bytes;
}

/** Checks that reading does not depend on where the bytes are cut: `read` is called for each single cut there is. */
export function expectSameAtEveryCut<T>(bytes: Buffer, read: (cuts: readonly number[]) => T): T {
  const whole = read([]);
  for (let cut = 1; cut < bytes.length; cut++) expectSame(read([cut]), whole, `cut at ${cut}`);
  expectSame(read(Array.from({ length: bytes.length }, (_, at) => at)), whole, 'byte by byte');
  return whole;
}

/** As `expectSameAtEveryCut` for streams too long for that: a hundred draws of several cuts. */
export function expectSameAtSomeCuts<T>(
  random: Random,
  bytes: Buffer,
  read: (cuts: readonly number[]) => T,
): T {
  const whole = read([]);
  for (let times = 0; times < 100; times++) {
    const places = cuts(random, bytes.length, 12);
    expectSame(read(places), whole, `cut at ${places}`);
  }
  return whole;
}

/** Far cheaper than `expect` where all is well, which is nearly always. */
export function expectSame(found: unknown, wanted: unknown, where: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, where).toEqual(wanted);
}
