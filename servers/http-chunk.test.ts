import { expect, it } from 'vitest';
import { encodeChunk } from './http-chunk.js';

it('a chunk is the length in lower-case hex, CRLF, the data, CRLF', () => {
  expect(encodeChunk(Buffer.from('hello')).toString('latin1')).toBe('5\r\nhello\r\n');
  expect(encodeChunk(Buffer.alloc(0xab, 0x78)).toString('latin1')).toBe(`ab\r\n${'x'.repeat(0xab)}\r\n`);
});

it('its framing is hexdigits + 4: 5 below 16 bytes, 6 below 256, 7 below 4096, 8 below 65536', () => {
  for (const [bytes, framing] of [
    [1, 5],
    [15, 5],
    [16, 6],
    [255, 6],
    [256, 7],
    [4095, 7],
    [4096, 8],
    [65_535, 8],
    [65_536, 9],
  ] as const) {
    expect(encodeChunk(Buffer.alloc(bytes)).length - bytes).toBe(framing);
  }
});

it('an empty chunk is refused, for it would end the response', () => {
  expect(() => encodeChunk(Buffer.alloc(0))).toThrow(RangeError);
});
