import { describe, expect, it } from 'vitest';
import {
  below,
  cuts,
  drawing,
  expectSame,
  expectSameAtEveryCut,
  expectSameAtSomeCuts,
  feed,
  hurt,
  noise,
  oneOf,
  wire,
} from '../testing/pieces.js';
import { type Heard, layers, RecordingSink } from '../testing/recording-sink.js';
import { frame, marked } from '../testing/wire-format.js';
import { encodeClientControl, FrameParser, OPCODE } from './frames.js';

const MOST = 32 * 1024 * 1024;

/** Reads frames up to the first fault; every byte is down in the ledger at every cut. */
function read(stream: Buffer, places: readonly number[] = []) {
  const sink = new RecordingSink();
  const parser = new FrameParser(sink);
  feed(stream, places, '\x81\x01', (buffer, start, end, fed) => {
    const good = parser.eat(buffer, start, end);
    if (sink.eaten !== fed) throw new Error(`${sink.eaten} of ${fed} bytes are in the ledger`);
    if (good !== (sink.faults.length === 0)) throw new Error('a fault and the answer do not agree');
    return good;
  });
  return sink;
}

/** What must not depend on the cuts. At a fault a ledger may hold more or less of what came after it. */
function trace(stream: Buffer, places: readonly number[]) {
  const { messages, controls, faults, down } = read(stream, places);
  return { messages, controls, faults, down: faults.length === 0 ? down : null };
}

function expectFault(stream: string, about: RegExp): void {
  const bytes = wire(stream);
  const whole = expectSameAtEveryCut(bytes, (places) => trace(bytes, places));
  expect(whole.faults).toHaveLength(1);
  expect(whole.faults[0]).toMatch(about);
}

describe('FrameParser', () => {
  it('reads text and binary messages', () => {
    const stream = wire(frame(1, marked(1, 10)) + frame(2, marked(2, 33)));
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole).toEqual({
      messages: [
        [1, 10],
        [2, 33],
      ],
      controls: [],
      faults: [],
      down: layers({ payload: 43, framing: 4 }),
    });
  });

  it.each([
    [10, 2],
    [11, 2],
    [125, 2],
    [126, 4],
    [127, 4],
    [65_535, 4],
    [65_536, 10],
    [1_048_576, 10],
  ])('finds a payload of %i bytes behind a header of %i bytes', (bytes, header) => {
    const stream = wire(frame(2, marked(1, bytes)) + frame(2, marked(2, bytes)));
    const read = (places: readonly number[]) => trace(stream, places);
    const whole =
      bytes < 200 ? expectSameAtEveryCut(stream, read) : expectSameAtSomeCuts(drawing(bytes), stream, read);
    expect(whole.messages).toEqual([
      [1, bytes],
      [2, bytes],
    ]);
    expect(whole.down).toEqual(layers({ payload: 2 * bytes, framing: 2 * header }));
  });

  it('reads a frame whose length is written longer than it need be', () => {
    const stream = wire(`\x81\x7e\0\x0a${marked(1, 10)}\x81\x7f\0\0\0\0\0\0\0\x0a${marked(2, 10)}`);
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole).toMatchObject({ faults: [], down: layers({ payload: 20, framing: 14 }) });
  });

  it('puts the fragments of a message together, the marker included', () => {
    const text = marked(12, 20);
    const stream = wire(
      frame(1, text.slice(0, 4), false) +
        frame(0, '', false) +
        frame(0, text.slice(4, 13), false) +
        frame(0, text.slice(13)),
    );
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole).toMatchObject({ messages: [[12, 20]], down: layers({ payload: 20, framing: 8 }) });
  });

  it('reads control frames between the fragments of a message and puts them down as idle', () => {
    const text = marked(3, 15);
    const stream = wire(
      frame(9, 'are you there?') +
        frame(1, text.slice(0, 6), false) +
        frame(9, '') +
        frame(10, 'x') +
        frame(0, text.slice(6)),
    );
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole).toEqual({
      messages: [[3, 15]],
      controls: [
        { opcode: OPCODE.ping, payload: 'are you there?' },
        { opcode: OPCODE.ping, payload: '' },
        { opcode: OPCODE.pong, payload: 'x' },
      ],
      faults: [],
      down: layers({ payload: 15, framing: 4, idle: 16 + 2 + 3 }),
    });
  });

  it('hands on a close frame with its code and reason, and a control frame of 125 bytes', () => {
    const stream = wire(frame(9, 'p'.repeat(125)) + frame(8, '\x03\xe8bye'));
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole.controls).toEqual([
      { opcode: OPCODE.ping, payload: 'p'.repeat(125) },
      { opcode: OPCODE.close, payload: '\x03\xe8bye' },
    ]);
    expect(whole.down).toEqual(layers({ idle: 127 + 7 }));
  });

  it('reads an empty message and one too short for a marker as having no number', () => {
    const stream = wire(
      frame(1, '') + frame(1, '123456789') + frame(1, '12345678x0') + frame(1, '', false) + frame(0, ''),
    );
    const whole = expectSameAtEveryCut(stream, (places) => trace(stream, places));
    expect(whole.messages).toEqual([
      [-1, 0],
      [-1, 9],
      [-1, 10],
      [-1, 0],
    ]);
  });

  it('puts a half-read payload down as framing until its message is whole', () => {
    const stream = wire(frame(1, marked(1, 40)));
    expect(read(stream.subarray(0, 30)).down).toEqual(layers({ framing: 30 }));
    expect(read(stream).down).toEqual(layers({ payload: 40, framing: 2 }));
  });

  it('refuses masked frames, empty ones too', () => {
    expectFault('\x81\x8a\0\0\0\x00000000001', /masked/);
    expectFault('\x89\x80\0\0\0\0', /masked/);
  });

  it('refuses each reserved bit', () => {
    for (const bit of [0x40, 0x20, 0x10])
      expectFault(`${String.fromCharCode(0x81 | bit)}\x00`, /reserved bits/);
  });

  it('refuses every reserved opcode, and only those', () => {
    for (let opcode = 0; opcode < 16; opcode++) {
      const stream = opcode === 0 ? frame(1, '', false) + frame(0, '') : frame(opcode, '');
      if ([0, 1, 2, 8, 9, 10].includes(opcode)) expect(read(wire(stream)).faults).toEqual([]);
      else expectFault(stream, new RegExp(`reserved opcode ${opcode}$`));
    }
  });

  it('refuses control frames that are fragmented or longer than 125 bytes', () => {
    for (const opcode of [8, 9, 10]) {
      expectFault(frame(opcode, '', false), /control frame is fragmented/);
      expectFault(frame(opcode, 'x'.repeat(126)), /longer than 125/);
      expectFault(`${String.fromCharCode(0x80 | opcode)}\x7f`, /longer than 125/);
    }
  });

  it('refuses a continuation of nothing and a message inside a message', () => {
    expectFault(frame(0, 'x'), /outside a message/);
    expectFault(frame(1, 'x') + frame(0, 'y'), /outside a message/);
    expectFault(frame(1, 'x', false) + frame(1, 'y'), /inside a fragmented one/);
    expectFault(frame(2, '', false) + frame(9, '') + frame(2, ''), /inside a fragmented one/);
  });

  it('refuses a message larger than 32 MiB from its header on, fragments added up', () => {
    const header = (first: number, bytes: number) => {
      const frame = Buffer.alloc(10);
      frame.writeUInt16BE((first << 8) | 127);
      frame.writeBigUInt64BE(BigInt(bytes), 2);
      return frame.toString('latin1');
    };
    expect(read(wire(header(0x82, MOST))).faults).toEqual([]);
    expectFault(header(0x82, MOST + 1), /larger than/);
    expectFault(frame(2, 'x', false) + header(0x80, MOST), /larger than/);
    expectFault('\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff', /larger than/);
    expectFault('\x82\x7f\x80\0\0\0\0\0\0\0', /larger than/);
  });

  it('delivers what came before a fault in the same read', () => {
    const sink = read(wire(`${frame(1, marked(1, 10))}\xff`));
    expect(sink.messages).toEqual([[1, 10]]);
    expect(sink.faults).toHaveLength(1);
  });

  it('starts afresh after a reset, whatever was half-read', () => {
    const text = marked(7, 300);
    const half = wire(
      frame(9, 'ping') + frame(1, text.slice(0, 20), false) + frame(9, 'pong') + frame(0, text.slice(20)),
    );
    const fresh = wire(frame(1, marked(8, 12)));
    for (let length = 1; length < half.length; length++) {
      const sink = new RecordingSink();
      const parser = new FrameParser(sink);
      parser.eat(half, 0, length);
      parser.reset();
      expect(parser.eat(fresh, 0, fresh.length)).toBe(true);
      expect(sink.messages).toEqual([[8, 12]]);
    }
  });

  it('reads 3,000 random streams of good frames as they were made, at any cut', () => {
    const random = drawing(3);
    for (let times = 0; times < 3000; times++) {
      const made = conversation(random);
      const stream = wire(made.stream);
      const { messages, controls, down } = trace(stream, cuts(random, stream.length, 6));
      expectSame(
        { messages, controls, down },
        { messages: made.messages, controls: made.controls, down: made.down },
        made.stream,
      );
    }
  });

  it('survives 25,000 random and damaged streams, reading them the same at every draw of cuts', () => {
    const random = drawing(4);
    let faults = 0;
    for (let times = 0; times < 25_000; times++) {
      const stream =
        times % 3 === 0
          ? noise(random, below(random, 60))
          : hurt(random, wire(conversation(random, 3).stream));
      const whole = trace(stream, []);
      expectSame(trace(stream, cuts(random, stream.length, 4)), whole, stream.toString('hex'));
      faults += whole.faults.length;
    }
    expect(faults).toBeGreaterThan(5000);
    expect(faults).toBeLessThan(24_000);
  });
});

/** What a server might say, and what must be heard of it. */
function conversation(random: () => number, most = 6) {
  let stream = '';
  const messages: Heard[] = [];
  const controls: { opcode: number; payload: string }[] = [];
  const down = { payload: 0, header: 0, framing: 0, handshake: 0, idle: 0 };
  for (let left = below(random, most); left > 0; left--) {
    const bytes = oneOf(random, [0, 9, 10, 11, 60, 125, 126, 130]);
    const sequence = below(random, 1e6);
    const text = marked(sequence, bytes);
    const places = random() < 0.5 ? [] : cuts(random, bytes, 3);
    [0, ...places].forEach((from, k) => {
      const part = text.slice(from, places[k] ?? bytes);
      stream += frame(k === 0 ? 1 : 0, part, k === places.length);
      down.framing += part.length < 126 ? 2 : 4;
      if (random() < 0.3) {
        const control = { opcode: oneOf(random, [8, 9, 10]), payload: 'c'.repeat(below(random, 126)) };
        stream += frame(control.opcode, control.payload);
        controls.push(control);
        down.idle += 2 + control.payload.length;
      }
    });
    down.payload += bytes;
    messages.push([bytes < 10 ? -1 : sequence, bytes]);
  }
  return { stream, messages, controls, down };
}

describe('encodeClientControl', () => {
  it("masks as RFC 6455's example of a pong would", () => {
    // Section 5.7: a masked "Hello" with this key reads 7f 9f 4d 51 58.
    const frame = encodeClientControl(OPCODE.pong, Buffer.from('Hello'), 0x37fa213d);
    expect(frame.toString('hex')).toBe('8a8537fa213d7f9f4d5158');
  });

  it('adds six bytes to any payload that a control frame can have, and unmasks to it', () => {
    for (let length = 0; length <= 125; length++) {
      const payload = Buffer.from(marked(length, length));
      const frame = encodeClientControl(OPCODE.close, payload, 0xf00dface);
      expect(frame.length).toBe(length + 6);
      expect([frame[0], frame[1]]).toEqual([0x88, 0x80 | length]);
      const mask = frame.subarray(2, 6);
      expect(Buffer.from(frame.subarray(6).map((byte, at) => byte ^ mask[at % 4]!))).toEqual(payload);
    }
  });

  it('takes a mask with its highest bit set', () => {
    expect(encodeClientControl(OPCODE.pong, Buffer.alloc(4), 0xffffffff).toString('hex')).toBe(
      '8a84ffffffffffffffff',
    );
  });
});
