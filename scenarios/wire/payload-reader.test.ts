import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENTS, decodeSequence, encodePayload, textBytes } from '../../protocol/payload.js';
import { PayloadReader } from './payload-reader.js';

/** Feeds the bytes in the pieces that the cuts make. */
function read(base64: boolean, bytes: Uint8Array, cuts: readonly number[]) {
  const reader = new PayloadReader(base64);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    // Each piece stands in the middle of a buffer, as in a shared read buffer.
    const shared = Buffer.concat([Buffer.from('=9A'), bytes.subarray(from, to), Buffer.from('==A')]);
    reader.eat(shared, 3, 3 + to - from);
    from = to;
  }
  const { sequence, bytes: useful, length } = reader;
  return { sequence, useful, length };
}

const cutsOf = (bytes: Uint8Array) =>
  fc.array(fc.nat(bytes.length), { maxLength: 8 }).map((cuts) => cuts.sort((a, b) => a - b));
const cut = (bytes: Uint8Array) => cutsOf(bytes).map((cuts) => [bytes, cuts] as const);

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(fc.integer({ min: 0, max: 9_999_999_999 }), fc.uint8Array({ maxLength: 30 }))
    .map(([number, rest]) => Buffer.concat([Buffer.from(String(number).padStart(10, '0')), rest])),
);

describe('PayloadReader', () => {
  it('reads number and length of whatever comes as text, wherever it is cut', () => {
    fc.assert(
      fc.property(anyBytes.chain(cut), ([bytes, cuts]) => {
        expect(read(false, bytes, cuts)).toEqual({
          sequence: decodeSequence(bytes),
          useful: bytes.length,
          length: bytes.length,
        });
      }),
    );
  });

  it('reads number and length of whatever comes as base64, as if it had decoded it', () => {
    const encoded = anyBytes.map((bytes) => Buffer.from(Buffer.from(bytes).toString('base64'), 'latin1'));
    fc.assert(
      fc.property(encoded.chain(cut), ([text, cuts]) => {
        const bytes = Buffer.from(Buffer.from(text).toString('latin1'), 'base64');
        expect(read(true, text, cuts)).toEqual({
          sequence: decodeSequence(bytes),
          useful: bytes.length,
          length: text.length,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('reads what is no base64 the same wherever it is cut', () => {
    const text = fc
      .array(fc.constantFrom('M', 'D', 'A', 'w', '=', '=', '+', '/', '!', '\0', '\xff'), { maxLength: 24 })
      .map((characters) => Buffer.from(characters.join(''), 'latin1'));
    fc.assert(
      fc.property(text.chain(cut), ([bytes, cuts]) => {
        expect(read(true, bytes, cuts)).toEqual(read(true, bytes, []));
      }),
      { numRuns: 500 },
    );
  });

  it.each(CONTENTS)('reads every %s payload of this tool', (content) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_147_483_647 }),
        fc.integer({ min: 10, max: 300 }),
        (number, n) => {
          const payload = encodePayload(number, n, content);
          const isBinary = content === 'binary';
          const wire = isBinary ? Buffer.from(payload.toString('base64')) : payload;
          expect(wire.length).toBe(textBytes(n, content));
          expect(read(isBinary, wire, [])).toEqual({ sequence: number, useful: n, length: wire.length });
        },
      ),
    );
  });

  it('gives no number to base64 that is cut short, or to bytes that were never base64', () => {
    const whole = Buffer.from(encodePayload(7, 30, 'binary').toString('base64'));
    expect(read(true, whole, []).sequence).toBe(7);
    for (const missing of [1, 2, 3]) expect(read(true, whole.subarray(missing), []).sequence).toBe(-1);
    expect(read(true, whole.subarray(0, -1), []).sequence).toBe(-1);
    expect(read(true, encodePayload(7, 32, 'binary'), []).sequence).toBe(-1);
    expect(read(true, encodePayload(7, 32), []).sequence).toBe(-1);
  });

  it('starts anew when it is cleared', () => {
    for (const base64 of [false, true]) {
      const reader = new PayloadReader(base64);
      const wire = (number: number): Buffer => {
        const payload = encodePayload(number, 20, 'binary');
        return base64 ? Buffer.from(payload.toString('base64')) : payload;
      };
      reader.eat(wire(1), 0, 13);
      reader.clear();
      reader.eat(wire(2), 0, wire(2).length);
      expect([reader.sequence, reader.bytes]).toEqual([2, 20]);
    }
  });
});
