import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENTS, type Content, encodePayload, textBytes } from '../../protocol/payload.js';
import { cuts, drawing, expectSame, expectSameAtEveryCut, feed } from '../testing/pieces.js';
import { type Heard, layers, RecordingSink } from '../testing/recording-sink.js';
import { BatchParser } from './batch.js';
import { EventStreamParser } from './event-stream.js';
import { FrameParser, OPCODE } from './frames.js';
import { ScriptStreamParser } from './script-stream.js';

interface Format {
  readonly name: string;
  /** Carries bytes that are no text as they are. */
  readonly isBinary: boolean;
  /** Some messages as they stand on the wire, a payload each. */
  write(payloads: readonly Buffer[], content: Content): Buffer;
  reader(sink: RecordingSink): { eat(buffer: Buffer, start: number, end: number): unknown; end?(): void };
}

const join = (parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

function frame(opcode: number, payload: Buffer, final = true): Buffer {
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, ...size]), payload]);
}

/** Each format by the shortest way: what a page of the article would be sent. */
const FORMATS: readonly Format[] = [
  {
    name: 'the answer to a poll',
    isBinary: false,
    write: (payloads) => join(payloads.flatMap((payload, at) => (at === 0 ? [payload] : ['\n', payload]))),
    reader: (sink) => new BatchParser(sink),
  },
  {
    name: 'an event stream',
    isBinary: false,
    write: (payloads) => join(payloads.flatMap((payload) => ['id: 5\ndata: ', payload, '\n\n'])),
    reader: (sink) => new EventStreamParser(sink),
  },
  {
    name: "an iframe's page",
    isBinary: false,
    write: (payloads) =>
      join(payloads.flatMap((payload) => ['<script>parent.m("', payload, '")</script>\n'])),
    reader: (sink) => new ScriptStreamParser(sink),
  },
  {
    name: 'frames of a socket',
    isBinary: true,
    write: (payloads, content) =>
      join(payloads.map((payload) => frame(content === 'binary' ? OPCODE.binary : OPCODE.text, payload))),
    reader: (sink) => new FrameParser(sink, sink.content === 'binary' ? OPCODE.binary : undefined),
  },
];

/** Reads a stream to its end; every byte is down in the ledger at every cut. */
function read(format: Format, content: Content, stream: Buffer, places: readonly number[]) {
  const sink = new RecordingSink(content);
  const reader = format.reader(sink);
  feed(stream, places, '=\n"0', (buffer, start, end, fed) => {
    reader.eat(buffer, start, end);
    if (sink.eaten !== fed) throw new Error(`${sink.eaten} of ${fed} bytes are in the ledger`);
    return sink.faults.length === 0;
  });
  reader.end?.();
  const { messages, faults, down } = sink;
  return { messages, faults, down, growth: sink.ledger.snapshot().ofWhich.growth };
}

describe.each(FORMATS)('$name', (format) => {
  const onWire = (payload: Buffer, content: Content): Buffer =>
    content === 'binary' && !format.isBinary ? Buffer.from(payload.toString('base64')) : payload;

  /** What must come of messages of these lengths, by arithmetic. */
  const expected = (sizes: readonly number[], content: Content, stream: Buffer) => {
    const payload = sizes.reduce((sum, n) => sum + n, 0);
    const carried = format.isBinary ? payload : sizes.reduce((sum, n) => sum + textBytes(n, content), 0);
    return {
      messages: sizes.map((n, at): Heard => [at + 1, n]),
      faults: [],
      down: layers({ payload, framing: stream.length - payload }),
      growth: carried - payload,
    };
  };

  it.each(CONTENTS)(
    'is read the same at every cut with %s content, and only useful bytes are payload',
    (content) => {
      const sizes = [10, 11, 12, 13, 28, 47];
      const payloads = sizes.map((n, at) => onWire(encodePayload(at + 1, n, content), content));
      const stream = format.write(payloads, content);
      const whole = expectSameAtEveryCut(stream, (places) => read(format, content, stream, places));
      expect(whole).toEqual(expected(sizes, content, stream));
    },
  );

  it.each(CONTENTS)('is read the same with several cuts and any sizes of %s content', (content) => {
    const random = drawing(CONTENTS.indexOf(content));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 600 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const payloads = sizes.map((n, at) => onWire(encodePayload(at + 1, n, content), content));
        const stream = format.write(payloads, content);
        const wanted = expected(sizes, content, stream);
        for (let times = 0; times < 10; times++) {
          const places = cuts(random, stream.length, 10);
          expectSame(read(format, content, stream, places), wanted, `cut at ${places}`);
        }
      }),
    );
  });

  it('gives no number to binary content that does not come as it should', () => {
    const payload = encodePayload(1, 31, 'binary');
    const wrong = format.isBinary
      ? frame(OPCODE.text, payload)
      : format.write([Buffer.from(encodePayload(1, 31))], 'binary');
    const [message] = read(format, 'binary', wrong, []).messages;
    expect(message?.[0]).toBe(-1);
  });
});

it('a binary message in fragments is known by the opcode of its first frame', () => {
  const payload = encodePayload(4, 40, 'binary');
  for (const [opcode, number] of [
    [OPCODE.binary, 4],
    [OPCODE.text, -1],
  ] as const) {
    const stream = join([
      frame(opcode, payload.subarray(0, 7), false),
      frame(OPCODE.ping, Buffer.from('?')),
      frame(OPCODE.continuation, payload.subarray(7)),
    ]);
    const whole = expectSameAtEveryCut(stream, (places) => read(FORMATS.at(-1)!, 'binary', stream, places));
    expect(whole.messages).toEqual([[number, 40]]);
  }
});
