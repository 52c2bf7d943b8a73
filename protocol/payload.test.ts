import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTENTS,
  decodeSequence,
  encodePayload,
  FIRST_SEQUENCE,
  formatSequence,
  isPayload,
  MARKER_BYTES,
  MAX_PAYLOAD_BYTES,
  MAX_SEQUENCE,
  MIN_UNICODE_BYTES,
  textBytes,
} from './payload.js';

const sequences = fc.integer({ min: FIRST_SEQUENCE, max: MAX_SEQUENCE });

describe('a payload', () => {
  it('gives back the sequence number it was made from, at any size', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: MARKER_BYTES, max: 2000 }), (sequence, bytes) => {
        const payload = encodePayload(sequence, bytes);
        expect(payload.length).toBe(bytes);
        expect(decodeSequence(payload)).toBe(sequence);
      }),
    );
  });

  it('is the ten digits and nothing else at ten bytes', () => {
    expect(encodePayload(7, 10).toString()).toBe('0000000007');
    expect(encodePayload(MAX_SEQUENCE, 10).toString()).toBe('2147483647');
  });

  it('needs escaping on no transport: its filler is lower-case letters only', () => {
    expect(encodePayload(1, 500).toString()).toMatch(/^0000000001[a-z]{490}$/);
  });

  it('reaches 16 MiB', () => {
    const payload = encodePayload(3, MAX_PAYLOAD_BYTES);
    expect(payload.length).toBe(16 * 1024 * 1024);
    expect(payload.subarray(-26).toString()).toMatch(/^[a-z]{26}$/);
  });

  it('owns its memory: two payloads never share a pool', () => {
    const [a, b] = [encodePayload(1, 20), encodePayload(2, 20)];
    expect(a.buffer).not.toBe(b.buffer);
  });
});

describe('a payload of other content', () => {
  it('has the length that was asked for and its number in front', () => {
    fc.assert(
      fc.property(
        sequences,
        fc.integer({ min: MARKER_BYTES, max: 2000 }),
        fc.constantFrom(...CONTENTS),
        (sequence, bytes, content) => {
          const payload = encodePayload(sequence, bytes, content);
          expect(payload.length).toBe(bytes);
          expect(decodeSequence(payload)).toBe(sequence);
          expect(isPayload(payload, content)).toBe(true);
        },
      ),
    );
  });

  it('is whole UTF-8 at any length when it is unicode, with characters of two, three and four bytes', () => {
    for (let bytes = MARKER_BYTES; bytes < 120; bytes++) {
      const payload = encodePayload(1, bytes, 'unicode');
      const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
      expect(Buffer.from(text)).toEqual(payload);
      const lengths = new Set([...text].map((character) => Buffer.byteLength(character)));
      if (bytes >= MIN_UNICODE_BYTES) expect([...lengths].sort()).toEqual([1, 2, 3, 4]);
      // ASCII stands only where no further character fits.
      expect(text.slice(10)).toMatch(/^[^\0-\x7f]*[a-c]{0,3}$/u);
    }
  });

  it('needs no escaping when it is unicode: in JSON, HTML and a line it stands as it is', () => {
    const text = encodePayload(1, 1000, 'unicode').toString();
    expect(JSON.stringify(text)).toBe(`"${text}"`);
    expect(text).not.toMatch(/[<>&'"\\\u2028\u2029\p{Cc}]/u);
  });

  it('has every byte there is when it is binary, the hard ones first', () => {
    const filler = encodePayload(1, MARKER_BYTES + 256, 'binary').subarray(MARKER_BYTES);
    expect(new Set(filler).size).toBe(256);
    for (const hard of [0, 10, 13, 34, 60, 255]) expect(filler.subarray(0, 6)).toContain(hard);
    expect(encodePayload(1, MAX_PAYLOAD_BYTES, 'binary').subarray(-1)[0]).toBe(
      filler[(MAX_PAYLOAD_BYTES - MARKER_BYTES - 1) % 256],
    );
  });

  it('is told from any other by isPayload', () => {
    const payload = encodePayload(7, 100, 'binary');
    expect(CONTENTS.filter((content) => isPayload(payload, content))).toEqual(['binary']);
    payload[99]! ^= 1;
    expect(isPayload(payload, 'binary')).toBe(false);
    expect(isPayload(Buffer.from('no number at all'), 'text')).toBe(false);
  });

  it('grows by a third as base64, padding contained', () => {
    for (let bytes = MARKER_BYTES; bytes < 100; bytes++) {
      expect(textBytes(bytes, 'text')).toBe(bytes);
      expect(textBytes(bytes, 'unicode')).toBe(bytes);
      expect(textBytes(bytes, 'binary')).toBe(encodePayload(1, bytes, 'binary').toString('base64').length);
    }
  });
});

describe('decodeSequence', () => {
  it('refuses what is shorter than a marker', () => {
    for (const text of ['', '1', '123456789']) expect(decodeSequence(Buffer.from(text))).toBe(-1);
  });

  it('refuses a marker with anything but digits, wherever it stands', () => {
    for (let at = 0; at < MARKER_BYTES; at++) {
      for (const wrong of ['/', ':', ' ', '-', '\n', 'a', '\u00ff']) {
        const text = `${'0'.repeat(at)}${wrong}${'0'.repeat(MARKER_BYTES - 1 - at)}rest`;
        expect(decodeSequence(Buffer.from(text, 'latin1'))).toBe(-1);
      }
    }
  });

  it('reads the first ten bytes only', () => {
    expect(decodeSequence(Buffer.from('00000000129'))).toBe(12);
  });
});

describe('formatSequence', () => {
  it('has ten digits for every number a trial can reach, and keeps their order', () => {
    fc.assert(
      fc.property(sequences, sequences, (a, b) => {
        expect(formatSequence(a)).toMatch(/^\d{10}$/);
        expect(formatSequence(a) < formatSequence(b)).toBe(a < b);
      }),
    );
    expect(formatSequence(0)).toBe('0000000000');
  });
});
