import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSequence,
  encodePayload,
  FIRST_SEQUENCE,
  formatSequence,
  MARKER_BYTES,
  MAX_PAYLOAD_BYTES,
  MAX_SEQUENCE,
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
