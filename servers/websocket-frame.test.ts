import { expect, it } from 'vitest';
import * as ws from 'ws';
import { encodeTextFrame, PING_FRAME } from './websocket-frame.js';

// Exported by the package, not by its types.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

it('a header takes 2 bytes up to 125, 4 up to 65,535 and 10 above', () => {
  for (const [bytes, header] of [
    [0, 2],
    [10, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
    [16 * 1024 * 1024, 10],
  ] as const) {
    expect(encodeTextFrame(Buffer.alloc(bytes)).length - bytes).toBe(header);
  }
});

it('a frame is byte for byte what ws sends', () => {
  for (const bytes of [0, 1, 125, 126, 127, 255, 256, 65_535, 65_536, 70_000]) {
    const payload = Buffer.alloc(bytes, 'abc');
    const parts = Sender.frame(payload, { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true });
    expect(encodeTextFrame(payload).equals(Buffer.concat(parts))).toBe(true);
  }
});

it('a ping is two bytes', () => {
  expect([...PING_FRAME]).toEqual([0x89, 0x00]);
});
