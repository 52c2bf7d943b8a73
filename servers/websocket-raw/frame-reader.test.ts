import { describe, expect, it } from 'vitest';
import { FrameReader, type FrameSink, MAX_FRAGMENTS } from './frame-reader.js';
import { binary, clientFrame, close, more, OP, ping, text } from './testing/client-frames.js';
import { pieces } from './testing/fake-connection.js';

/** Takes down what a reader reports, one line each. */
class Notes implements FrameSink {
  readonly told: string[] = [];
  constructor(readonly wantsMessages = true) {}

  message(opcode: number, payload: Buffer): boolean {
    this.told.push(`message ${opcode} ${payload.length > 99 ? payload.length : payload}`);
    return true;
  }
  control(opcode: number, payload: Buffer): boolean {
    this.told.push(`control ${opcode} ${payload.length > 99 ? payload.length : payload}`);
    return opcode !== OP.close;
  }
  violation(code: number, sentence: string): void {
    this.told.push(`${code} ${sentence}`);
  }
}

function read(frames: readonly Buffer[], notes = new Notes()): string[] {
  const reader = new FrameReader();
  reader.eat(Buffer.concat(frames), notes);
  return notes.told;
}

describe('a frame reader refuses', () => {
  it.each([
    ['a frame without mask', text('a', { mask: null }), '1002 a frame of a client is not masked'],
    ['an empty frame without mask', ping('', { mask: null }), '1002 a frame of a client is not masked'],
    [
      'a length of 125 in two bytes',
      text('a'.repeat(125), { lengthBytes: 3 }),
      '1002 a length is not in its shortest form',
    ],
    [
      'a length of 0 in eight bytes',
      text('', { lengthBytes: 9 }),
      '1002 a length is not in its shortest form',
    ],
    [
      'a length of 65,535 in eight bytes',
      text('', { lengthBytes: 9, length: 65_535n }),
      '1002 a length is not in its shortest form',
    ],
    [
      'a length with its first bit set',
      text('', { lengthBytes: 9, length: 2n ** 63n }),
      '1002 the first bit of a length is set',
    ],
    [
      'a long ping',
      ping('', { lengthBytes: 3, length: 126n }),
      '1002 a control frame is longer than 125 bytes',
    ],
    ['opcode 7', clientFrame({ opcode: 7 }), '1002 opcode 7 is reserved'],
    ['opcode 11', clientFrame({ opcode: 11 }), '1002 opcode 11 is reserved'],
  ])('%s', (_what, frame, told) => {
    expect(read([frame])).toEqual([told]);
  });

  it('a message that is too large as soon as a header says so, in one frame or in many', () => {
    const tooLarge = ['1009 a message is larger than 65536 bytes'];
    expect(read([text('', { length: 65_537n }).subarray(0, 10)])).toEqual(tooLarge);
    expect(read([text('', { length: 2n ** 62n }).subarray(0, 10)])).toEqual(tooLarge);
    const half = text('a'.repeat(40_000), { final: false });
    expect(read([half, more('', { length: 25_537n }).subarray(0, 4)])).toEqual(tooLarge);
    expect(read([half, more('a'.repeat(25_536))])).toEqual(['message 1 65536']);
  });

  it('a message in more fragments than one of the largest size can have', () => {
    const empty = Array.from({ length: MAX_FRAGMENTS }, (_, at) =>
      at === 0 ? text('', { final: false }) : more('', { final: false }),
    );
    expect(read([...empty, more('end')])).toEqual([
      `1008 a message has more than ${MAX_FRAGMENTS} fragments`,
    ]);
    expect(read([...empty.slice(0, -1), more('end')])).toEqual(['message 1 end']);
  });
});

describe('a frame reader', () => {
  it('reads nothing after what the sink wants to be the last', () => {
    expect(read([ping('a'), close(1000), ping('b')])).toEqual(['control 9 a', 'control 8 \x03\ufffd']);
  });

  it('checks messages that nobody wants, and keeps nothing of them', () => {
    const notes = new Notes(false);
    const reader = new FrameReader();
    for (const piece of pieces(binary('x'.repeat(60_000)), 100)) {
      reader.eat(piece, notes);
      expect(reader.heldBytes).toBe(0);
    }
    reader.eat(Buffer.concat([text('whole'), text(Buffer.from([0xff]))]), notes);
    expect(notes.told).toEqual(['message 2 ', 'message 1 ', '1007 a text is not UTF-8']);
  });

  it('holds what has arrived, not what a header announces', () => {
    const reader = new FrameReader();
    const notes = new Notes();
    const frame = binary('x'.repeat(65_536));
    reader.eat(Buffer.from(frame.subarray(0, 14)), notes);
    expect(reader.heldBytes).toBe(0);
    reader.eat(Buffer.from(frame.subarray(14, 114)), notes);
    expect(reader.heldBytes).toBeLessThanOrEqual(256);
    for (const piece of pieces(frame.subarray(114), 1000)) reader.eat(piece, notes);
    expect(notes.told).toEqual(['message 2 65536']);
    expect([reader.heldBytes, reader.atRest]).toEqual([0, true]);
  });

  it('is at rest only between messages', () => {
    const reader = new FrameReader();
    const notes = new Notes();
    const rests = [text('a', { final: false }), ping('b'), more('c'), text('d').subarray(0, 1)].map(
      (bytes) => {
        reader.eat(Buffer.from(bytes), notes);
        return reader.atRest;
      },
    );
    expect(rests).toEqual([false, false, true, false]);
  });
});
