import { describe, expect, it } from 'vitest';
import { DOWN } from '../ledger.js';
import { feed, wire } from '../testing/pieces.js';
import { layers, RecordingSink } from '../testing/recording-sink.js';
import { chunk, frame, marked, response, script } from '../testing/wire-format.js';
import { EventStreamParser } from './event-stream.js';
import { FrameParser } from './frames.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';
import { ScriptStreamParser } from './script-stream.js';

/** Bytes that a chunk adds to m bytes: its size in hexadecimal and two line ends. */
function chunkOverhead(m: number): number {
  if (m < 16) return 5;
  if (m < 256) return 6;
  if (m < 4096) return 7;
  return m < 65_536 ? 8 : 9;
}

/** A response whose chunked body a stream parser reads, as a streaming client wires them. */
class Stream extends RecordingSink implements ResponseSink {
  readonly http = new HttpResponseParser(this, DOWN.handshake);
  readonly parser: ScriptStreamParser | EventStreamParser;

  constructor(Parser: typeof ScriptStreamParser | typeof EventStreamParser) {
    super();
    this.parser = new Parser(this);
  }

  head(): void {}
  body(buffer: Buffer, start: number, end: number): void {
    this.parser.eat(buffer, start, end);
  }
  chunkEnd(): void {}
  end(): void {}
}

/** The framing of one event, sent as one chunk, at several cuts. */
function framingOf(
  Parser: typeof ScriptStreamParser | typeof EventStreamParser,
  data: string,
  payload: number,
) {
  const head = response('200 OK', ['Transfer-Encoding: chunked']);
  const bytes = wire(head + chunk(data));
  const found = new Set<number>();
  for (const cuts of [
    [],
    [head.length + 1],
    [head.length + 5, head.length + 12],
    [bytes.length - 3, bytes.length - 1],
  ]) {
    const stream = new Stream(Parser);
    feed(bytes, cuts, '\n<"', (buffer, start, end) => stream.http.eat(buffer, start, end) === end - start);
    expect(stream.messages).toHaveLength(1);
    expect(stream.down).toEqual(layers({ handshake: head.length, payload, framing: stream.down.framing }));
    expect(stream.eaten).toBe(bytes.length);
    found.add(stream.down.framing);
  }
  expect(found.size).toBe(1);
  return [...found][0];
}

const SIZES = [10, 11, 125, 126, 247, 248, 4087, 4088, 65_527, 65_528, 65_535, 65_536];

describe('the framing of a message in the ledger', () => {
  it.each([1, 7, 8, ...SIZES])('is 8 + chunk(n + 8) for an SSE event of n = %i bytes', (n) => {
    expect(framingOf(EventStreamParser, `data: ${marked(1, n)}\n\n`, n)).toBe(8 + chunkOverhead(n + 8));
  });

  it('of an SSE event changes at n = 7|8 and 247|248', () => {
    const of = (n: number) => framingOf(EventStreamParser, `data: ${marked(1, n)}\n\n`, n);
    expect([7, 8, 247, 248].map(of)).toEqual([13, 14, 14, 15]);
  });

  it.each(['1', '123456', '0000000001'])('grows by the length of an SSE id, here %s, and five', (id) => {
    for (const n of SIZES) {
      const line = id.length + 5;
      const found = framingOf(EventStreamParser, `id: ${id}\ndata: ${marked(1, n)}\n\n`, n);
      expect(found).toBe(8 + line + chunkOverhead(n + 8 + line));
    }
  });

  it('grows by six for every newline in an SSE payload', () => {
    for (const newlines of [1, 2, 10]) {
      const payload = marked(1, 40) + '\nmore'.repeat(newlines);
      const event = `${payload.replaceAll(/^/gm, 'data: ')}\n\n`;
      const n = payload.length;
      expect(event.length).toBe(n + 8 + 6 * newlines);
      expect(framingOf(EventStreamParser, event, n)).toBe(8 + 6 * newlines + chunkOverhead(event.length));
    }
  });

  it.each(SIZES)("is the iframe's wrapper of 29 bytes and a chunk line for %i bytes", (n) => {
    expect(framingOf(ScriptStreamParser, script(marked(1, n)), n)).toBe(29 + chunkOverhead(n + 29));
  });

  it.each([
    [10, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
    [1_048_576, 10],
  ])('of a WebSocket message of %i bytes is %i', (n, framing) => {
    const sink = new RecordingSink();
    const bytes = wire(frame(1, marked(1, n)));
    new FrameParser(sink).eat(bytes, 0, bytes.length);
    expect(sink.down).toEqual(layers({ payload: n, framing }));
  });
});
