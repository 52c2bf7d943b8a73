import { describe, expect, it } from 'vitest';
import { DOWN, Ledger, sumLayers } from '../ledger.js';
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
import { layers } from '../testing/recording-sink.js';
import { chunk, response } from '../testing/wire-format.js';
import { HttpResponseParser, type ResponseSink } from './http-response.js';

/** A response as the sink heard of it. */
interface Seen {
  status: number;
  head: number;
  closes: boolean;
  accept: string;
  body: string;
  /** Framing of each chunk. */
  chunks: number[];
  complete: boolean;
}

class RecordingResponses implements ResponseSink {
  readonly ledger = new Ledger();
  readonly seen: Seen[] = [];
  readonly faults: string[] = [];
  readonly parser = new HttpResponseParser(this, DOWN.header);

  private get last(): Seen {
    return this.seen.at(-1)!;
  }

  head(): void {
    const { status, headBytes: head, closes, accept } = this.parser;
    this.seen.push({ status, head, closes, accept, body: '', chunks: [], complete: false });
  }

  body(buffer: Buffer, start: number, end: number): void {
    if (end <= start) throw new Error('an empty span of a body');
    this.ledger.put(DOWN.payload, end - start);
    this.last.body += buffer.toString('latin1', start, end);
  }

  chunkEnd(framing: number): void {
    this.last.chunks.push(framing);
  }

  end(): void {
    if (this.parser.status !== this.last.status || this.parser.headBytes !== this.last.head)
      throw new Error('status and head length are gone at the end');
    this.last.complete = true;
  }

  fault(message: string): void {
    this.faults.push(message);
  }

  get down() {
    return this.ledger.snapshot().down;
  }
}

/** Reads responses until the parser eats no more; what it ate is down in the ledger at every cut. */
function read(stream: Buffer, places: readonly number[] = []) {
  const sink = new RecordingResponses();
  let total = 0;
  feed(stream, places, ':\n0\r', (buffer, start, end) => {
    const eaten = sink.parser.eat(buffer, start, end);
    total += eaten;
    const sum = sumLayers(sink.down);
    if (sum !== total) throw new Error(`${sum} of ${total} bytes are in the ledger`);
    if (eaten > end - start) throw new Error('more was eaten than fed');
    return eaten === end - start && sink.faults.length === 0;
  });
  if (sink.faults.length > 1) throw new Error('one broken stream was called a fault twice');
  return { sink, eaten: total };
}

/** What must not depend on the cuts. */
function trace(stream: Buffer, places: readonly number[]) {
  const { sink, eaten } = read(stream, places);
  const { seen, faults, down, parser } = sink;
  return { seen, faults, down, eaten, status: parser.status, midway: parser.midway };
}

function readAtEveryCut(text: string) {
  const stream = wire(text);
  return expectSameAtEveryCut(stream, (places) => trace(stream, places));
}

const HEAD = response('200 OK', ['Content-Length: 5']);
const CHUNKED = response('200 OK', ['Transfer-Encoding: chunked']);

describe('HttpResponseParser', () => {
  it('reads a body by its Content-Length; the head is put down as header', () => {
    const { seen, down, midway } = readAtEveryCut(`${HEAD}hello`);
    expect(seen).toEqual([
      {
        status: 200,
        head: HEAD.length,
        closes: false,
        accept: '',
        body: 'hello',
        chunks: [],
        complete: true,
      },
    ]);
    expect(down).toEqual(layers({ header: HEAD.length, payload: 5 }));
    expect(midway).toBe(false);
  });

  it('puts the head down where its owner says', () => {
    const sink = new RecordingResponses();
    const parser = new HttpResponseParser(Object.assign(sink, { end() {} }), DOWN.handshake);
    const head = wire(response('204 No Content', []));
    parser.eat(head, 0, head.length);
    expect(sink.down).toEqual(layers({ handshake: head.length }));
  });

  it('knows field names and values in any case, with any white space around them, among other fields', () => {
    const fields = ['Date: x', 'cOnTeNt-LeNgTh: \t 3 \t', 'X: content-length: 9', 'CONNECTION:Close', 'Y:'];
    const { seen, faults } = readAtEveryCut(response('200 OK', fields, 'abc'));
    expect(faults).toEqual([]);
    expect(seen).toMatchObject([{ status: 200, closes: true, body: 'abc', complete: true }]);
  });

  it('reads status lines with any reason, and with none', () => {
    for (const status of ['200 OK', '200 ', '200', '404 Not Found at all: \xe9']) {
      const { seen } = readAtEveryCut(response(status, ['Content-Length: 0']));
      expect(seen).toMatchObject([{ status: Number(status.slice(0, 3)), body: '', complete: true }]);
    }
  });

  it('takes bare line feeds as line ends (RFC 9112, 2.2)', () => {
    const { seen, faults } = readAtEveryCut('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n');
    expect(faults).toEqual([]);
    expect(seen).toMatchObject([{ body: 'abc', complete: true }]);
  });

  it('reads no body after 204 and 304, whatever the head announces', () => {
    for (const status of ['204 No Content', '304 Not Modified']) {
      for (const fields of [[], ['Content-Length: 12'], ['Transfer-Encoding: chunked']]) {
        const { seen } = readAtEveryCut(`${response(status, fields)}${HEAD}hello`);
        expect(seen.map(({ body, complete }) => [body, complete])).toEqual([
          ['', true],
          ['hello', true],
        ]);
      }
    }
  });

  it('passes over interim responses, whose heads count as header', () => {
    const interim =
      response('100 Continue', []) +
      response('103 Early Hints', ['Link: </x>', 'Content-Length: 7']) +
      response('102 x', ['Transfer-Encoding: chunked', 'Connection: close']);
    const { seen, down } = readAtEveryCut(`${interim}${HEAD}hello`);
    expect(seen).toMatchObject([
      { status: 200, head: HEAD.length, closes: false, body: 'hello', complete: true },
    ]);
    expect(down).toEqual(layers({ header: interim.length + HEAD.length, payload: 5 }));
  });

  it('reads a body without a length until the connection closes', () => {
    const stream = wire(response('200 OK', ['Content-Type: text/plain'], 'all that\r\ncomes\n'));
    const { sink } = read(stream, [20, 60]);
    expect(sink.seen).toMatchObject([{ closes: true, body: 'all that\r\ncomes\n', complete: false }]);
    expect(sink.parser.close()).toBe(true);
    expect(sink.seen).toMatchObject([{ complete: true }]);
    expect(sink.parser.midway).toBe(false);
    expect(sink.parser.close()).toBe(false);
  });

  it('does not take a cut-off response for a whole one when the connection closes', () => {
    const stream = `${HEAD}hello${CHUNKED}${chunk('abc')}0\r\n\r\n`;
    const whole = new Set([0, HEAD.length + 5, stream.length]);
    for (let length = 0; length <= stream.length; length++) {
      const { sink } = read(wire(stream.slice(0, length)));
      expect(sink.parser.midway).toBe(!whole.has(length));
      expect(sink.parser.close()).toBe(false);
    }
  });

  it('reads several responses on one connection, each as it was sent', () => {
    const stream = `${HEAD}hello${response('204 No', [])}${CHUNKED}${chunk('a')}${chunk('bc')}0\r\n\r\n${response('500 Oh', ['Connection: close', 'Content-Length: 2'], 'no')}${HEAD}HELLO`;
    const { seen, faults } = readAtEveryCut(stream);
    expect(faults).toEqual([]);
    expect(seen.map(({ status, body, closes, complete }) => [status, body, closes, complete])).toEqual([
      [200, 'hello', false, true],
      [204, '', false, true],
      [200, 'abc', false, true],
      [500, 'no', true, true],
      [200, 'HELLO', false, true],
    ]);
  });

  it('stops eating after a 101 and leaves the rest to the caller', () => {
    const head = response('101 Switching Protocols', [
      'Upgrade: websocket',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ]);
    const { seen, eaten, down } = readAtEveryCut(`${head}\x81\x0a0000000001`);
    expect(seen).toMatchObject([{ status: 101, accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }]);
    expect(eaten).toBe(head.length);
    expect(down).toEqual(layers({ header: head.length }));
    const { sink } = read(wire(head));
    expect(sink.parser.eat(wire('more'), 0, 4)).toBe(0);
  });

  it('starts afresh after a reset, whatever was half-read', () => {
    const half = `${response('100 x', ['A: b'])}${response('200 OK', ['Connection: close', 'Transfer-Encoding: chunked', 'Sec-WebSocket-Accept: x'])}${chunk('abcdef', ';e')}0\r\nT: u\r\n\r\n`;
    const fresh = wire(`${HEAD}hello`);
    for (let length = 1; length <= half.length; length++) {
      const { sink } = read(wire(half.slice(0, length)));
      sink.parser.reset();
      expect(sink.parser.midway).toBe(false);
      expect(sink.parser.eat(fresh, 0, fresh.length)).toBe(fresh.length);
      expect(sink.seen.at(-1)).toEqual({
        status: 200,
        head: HEAD.length,
        closes: false,
        accept: '',
        body: 'hello',
        chunks: [],
        complete: true,
      });
    }
  });
});

describe('a chunked body', () => {
  it.each([
    [1, 5],
    [7, 5],
    [15, 5],
    [16, 6],
    [255, 6],
    [256, 7],
    [4095, 7],
    [4096, 8],
    [65_535, 8],
    [65_536, 9],
    [1_048_576, 10],
  ])('of one chunk of %i bytes has %i bytes of framing for it, and five at its end', (bytes, framing) => {
    const stream = wire(`${CHUNKED}${chunk('x'.repeat(bytes))}0\r\n\r\n`);
    const read = (places: readonly number[]) => {
      const { seen, down } = trace(stream, places);
      return { chunks: seen[0]?.chunks, complete: seen[0]?.complete, bytes: seen[0]?.body.length, down };
    };
    const whole =
      bytes < 300 ? expectSameAtEveryCut(stream, read) : expectSameAtSomeCuts(drawing(bytes), stream, read);
    expect(whole).toEqual({
      chunks: [framing, 5],
      complete: true,
      bytes,
      down: layers({ header: CHUNKED.length, payload: bytes, framing: framing + 5 }),
    });
  });

  it('may have extensions, trailers, capital digits and leading zeros', () => {
    const stream = `${CHUNKED}3;a=b;c="d e"\r\nabc\r\n00A ; x\r\n0123456789\r\n0;last\r\nExpires: never\r\nX: y\r\n\r\n`;
    const { seen, down, faults } = readAtEveryCut(stream);
    expect(faults).toEqual([]);
    expect(seen).toMatchObject([{ body: 'abc0123456789', chunks: [17, 11, 32], complete: true }]);
    expect(down).toEqual(
      layers({ header: CHUNKED.length, payload: 13, framing: stream.length - CHUNKED.length - 13 }),
    );
  });

  it('may hold what looks like its own framing', () => {
    const body = '\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n';
    const { seen } = readAtEveryCut(`${CHUNKED}${chunk(body)}0\r\n\r\n`);
    expect(seen).toMatchObject([{ body, complete: true }]);
  });

  it('overrides a Content-Length (RFC 9112, 6.3)', () => {
    for (const fields of [
      ['Content-Length: 3', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 30'],
    ]) {
      const { seen } = readAtEveryCut(`${response('200 OK', fields)}${chunk('12345678')}0\r\n\r\n`);
      expect(seen).toMatchObject([{ body: '12345678', complete: true }]);
    }
  });
});

describe('a response that breaks the protocol', () => {
  const limit = 64 * 1024;

  it.each([
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['is HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['is a request', 'GET / HTTP/1.1\r\n\r\n'],
    ['begins with a blank line', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['has no status', 'HTTP/1.1\r\n\r\n'],
    ['has a status of two digits', 'HTTP/1.1 20\r\n\r\n'],
    ['has a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['has a status that is no number', 'HTTP/1.1 OK! OK\r\n\r\n'],
    ['has a status under 100', 'HTTP/1.1 099 Odd\r\n\r\n'],
    ['has no space before its status', 'HTTP/1.1:200 OK\r\n\r\n'],
    ['has no minor version', 'HTTP/1.x 200 OK\r\n\r\n'],
    ['has a field without a colon', 'HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n'],
    ['folds a line', 'HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n'],
    ['has a carriage return without a line feed', 'HTTP/1.1 200 OK\r\n\rA: b\r\n\r\n'],
    ['has an empty Content-Length', response('200 OK', ['Content-Length: '], 'x')],
    ['has a negative Content-Length', response('200 OK', ['Content-Length: -1'], 'x')],
    ['has a Content-Length in hexadecimal', response('200 OK', ['Content-Length: 0x5'], 'x')],
    ['has a list for a Content-Length', response('200 OK', ['Content-Length: 1, 2'], 'x')],
    ['has a Content-Length of two words', response('200 OK', ['Content-Length: 1 2'], 'x')],
    ['has two unlike Content-Lengths', response('200 OK', ['Content-Length: 1', 'Content-Length: 2'], 'x')],
    ['has a Content-Length of 13 digits', response('200 OK', [`Content-Length: ${'1'.repeat(13)}`])],
    ['is compressed', response('200 OK', ['Transfer-Encoding: gzip, chunked'], 'x')],
    ['has a chunk without a size', `${CHUNKED}\r\nabc\r\n`],
    ['has a chunk whose size is not hexadecimal', `${CHUNKED}3g\r\nabc\r\n`],
    ['has a chunk of negative size', `${CHUNKED}-3\r\nabc\r\n`],
    ['has a chunk size of nine digits', `${CHUNKED}100000000\r\n`],
    ['has a chunk longer than its size', `${CHUNKED}3\r\nabcd\r\n`],
    ['has a chunk shorter than its size', `${CHUNKED}5\r\nabc\r\n5\r\nabcde\r\n0\r\n\r\n`],
  ])('is a fault when it %s', (_what, text) => {
    const { faults } = readAtEveryCut(text);
    expect(faults).toHaveLength(1);
  });

  it('delivers what came whole before it, and eats nothing after it', () => {
    const { sink, eaten } = read(wire(`${HEAD}helloSMTP and then some`));
    expect(sink.seen).toMatchObject([{ body: 'hello', complete: true }]);
    expect(sink.faults).toHaveLength(1);
    expect(eaten).toBe(HEAD.length + 'helloS'.length);
    expect(sink.parser.eat(wire(HEAD), 0, HEAD.length)).toBe(0);
    expect(sink.faults).toHaveLength(1);
  });

  it('may have a head of 64 KiB, and not of a byte more', () => {
    const room = limit - response('204 No', ['X: ']).length;
    expect(read(wire(response('204 No', [`X: ${'x'.repeat(room)}`]))).sink.faults).toEqual([]);
    for (const places of [[], [1000], [limit - 2, limit - 1, limit]]) {
      const { sink } = read(wire(response('204 No', [`X: ${'x'.repeat(room + 1)}`])), places);
      expect(sink.faults).toEqual(['a response head is larger than 65536 bytes']);
      expect(sink.seen).toEqual([]);
    }
  });

  it('is a fault as soon as its head is too large, whether or not it will end', () => {
    for (const start of [
      'HTTP/1.1 200 ',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 200 OK\r\nX: ',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: ',
    ]) {
      const endless = wire(start + 'x'.repeat(limit));
      expect(read(endless).sink.faults).toHaveLength(1);
      expect(read(endless, [1, 50, 40_000]).sink.faults).toHaveLength(1);
    }
  });

  it('is a fault when a chunk extension or a trailer goes on for more than 64 KiB', () => {
    for (const start of [`${CHUNKED}5;`, `${CHUNKED}0\r\nX: `]) {
      const endless = wire(start + 'x'.repeat(limit + 10));
      expect(read(endless).sink.faults).toHaveLength(1);
      expect(read(wire(start + 'x'.repeat(limit - 100))).sink.faults).toEqual([]);
    }
  });

  it('may have a Content-Length of 12 digits and a chunk size of 8', () => {
    const { sink } = read(wire(response('200 OK', ['Content-Length: 999999999999'], 'x')));
    expect(sink.faults).toEqual([]);
    const chunked = read(wire(`${CHUNKED}ffffffff\r\nabc`));
    expect(chunked.sink.faults).toEqual([]);
    expect(chunked.sink.seen).toMatchObject([{ body: 'abc', complete: false }]);
  });
});

describe('random streams of responses', () => {
  it('are read as they were made, at any cut', () => {
    const random = drawing(5);
    for (let times = 0; times < 3000; times++) {
      const made = exchange(random);
      const stream = wire(made.stream);
      const { seen, down } = trace(stream, cuts(random, stream.length, 6));
      const wanted = { heard: made.heard, down: made.down };
      expectSame({ heard: seen.map(({ status, body }) => [status, body]), down }, wanted, made.stream);
    }
  });

  it('are read the same at every draw of cuts when they are random or damaged, 25,000 times', () => {
    const random = drawing(6);
    let faults = 0;
    for (let times = 0; times < 25_000; times++) {
      const stream =
        times % 4 === 0
          ? Buffer.concat([
              wire(oneOf(random, ['', HEAD, CHUNKED, 'HTTP/1.1 200 '])),
              noise(random, below(random, 60)),
            ])
          : hurt(random, wire(exchange(random, 3).stream));
      const whole = trace(stream, []);
      expectSame(
        trace(stream, cuts(random, stream.length, 4)),
        whole,
        JSON.stringify(stream.toString('latin1')),
      );
      faults += whole.faults.length;
    }
    expect(faults).toBeGreaterThan(5000);
    expect(faults).toBeLessThan(24_000);
  });
});

/** What a server might say, and what must be heard of it. */
function exchange(random: () => number, most = 5) {
  let stream = '';
  const heard: [number, string][] = [];
  const down = { payload: 0, header: 0, framing: 0, handshake: 0, idle: 0 };
  const extra = () =>
    oneOf(random, [[], ['Date: Thu, 01 Jan 1970 00:00:00 GMT'], ['X-A: b', 'connection: keep-alive']]);
  for (let left = 1 + below(random, most); left > 0; left--) {
    if (random() < 0.2) {
      const interim = response('103 Early', extra());
      stream += interim;
      down.header += interim.length;
    }
    const parts = Array.from({ length: below(random, 4) }, () => 'b'.repeat(1 + below(random, 300)));
    const body = parts.join('');
    if (random() < 0.2) {
      const head = response('204 No Content', extra());
      stream += head;
      down.header += head.length;
      heard.push([204, '']);
    } else if (random() < 0.5) {
      const head = response('200 OK', [...extra(), `Content-Length: ${body.length}`]);
      stream += head + body;
      down.header += head.length;
      down.payload += body.length;
      heard.push([200, body]);
    } else {
      const head = response('200 OK', ['Transfer-Encoding: chunked', ...extra()]);
      const trailer = random() < 0.3 ? 'X-Sum: 12\r\n' : '';
      const chunks = parts.map((part) => chunk(part, random() < 0.2 ? ';n=v' : '')).join('');
      stream += `${head}${chunks}0\r\n${trailer}\r\n`;
      down.header += head.length;
      down.payload += body.length;
      down.framing += chunks.length - body.length + 5 + trailer.length;
      heard.push([200, body]);
    }
  }
  return { stream, heard, down };
}
