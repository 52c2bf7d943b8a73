import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeClientMessage } from './client-frame.js';
import { OPCODE } from './frames.js';

it.each([
  [0, 6],
  [125, 6],
  [126, 8],
  [65_535, 8],
  [65_536, 14],
])('has a header and a mask of the shortest form: %i bytes cost %i more', (payload, more) => {
  expect(encodeClientMessage(OPCODE.text, Buffer.alloc(payload), 1).length).toBe(payload + more);
});

it('is the example of RFC 6455, section 5.7', () => {
  const frame = encodeClientMessage(OPCODE.text, Buffer.from('Hello'), 0x37fa213d);
  expect(frame.toString('hex')).toBe('818537fa213d7f9f4d5158');
});

it('is read again by anybody who unmasks it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (bytes, mask) => {
        const payload = Buffer.from(bytes);
        const frame = encodeClientMessage(OPCODE.binary, payload, mask);
        const start = frame.length - payload.length;
        expect([frame[0], frame[1]! >> 7]).toEqual([0x82, 1]);
        expect(frame.readUInt32BE(start - 4)).toBe(mask);
        const read = frame.subarray(start).map((byte, at) => byte ^ frame[start - 4 + (at & 3)]!);
        expect(Buffer.from(read).equals(payload)).toBe(true);
      },
    ),
  );
});
