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
import { marked } from '../testing/wire-format.js';
import { EventStreamParser } from './event-stream.js';

const MARK = '\xef\xbb\xbf';
const MOST_RETRY = 60_000;

/** Reads a stream; every byte is down in the ledger at every cut. */
function read(stream: Buffer, places: readonly number[] = []) {
  const sink = new RecordingSink();
  const parser = new EventStreamParser(sink);
  feed(stream, places, '\n:\r', (buffer, start, end, fed) => {
    parser.eat(buffer, start, end);
    if (sink.eaten !== fed) throw new Error(`${sink.eaten} of ${fed} bytes are in the ledger`);
    return true;
  });
  if (sink.faults.length > 0) throw new Error('an event stream cannot be at fault');
  return { sink, parser };
}

/** What must not depend on the cuts. */
function trace(stream: Buffer, places: readonly number[]) {
  const { sink, parser } = read(stream, places);
  const { lastEventId, retryMs, dispatched, idleBytes, spoke, atRest } = parser;
  return {
    messages: sink.messages,
    down: sink.down,
    lastEventId,
    retryMs,
    dispatched,
    idleBytes,
    spoke,
    atRest,
  };
}

function readAtEveryCut(text: string) {
  const stream = wire(text);
  return expectSameAtEveryCut(stream, (places) => trace(stream, places));
}

/** HTML Living Standard, 9.2.6, word by word on the whole text, every character a byte. */
function model(text: string) {
  const messages: Heard[] = [];
  let [data, type, idBuffer, lastEventId, payload, idle] = ['', '', '', '', 0, 0];
  let retryMs: number | null = null;
  const lines = (text.startsWith(MARK) ? text.slice(3) : text).split(/\r\n|\n|\r/);
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      lastEventId = idBuffer;
      if (data !== '' && (type === '' || type === 'message')) {
        const message = data.slice(0, -1);
        messages.push([/^\d{10}/.test(message) ? Number(message.slice(0, 10)) : -1, message.length]);
        payload += message.length;
      }
      [data, type] = ['', ''];
    } else if (line.startsWith(':')) {
      idle += line.length + 1;
    } else {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') type = value;
      else if (field === 'data') data += `${value}\n`;
      else if (field === 'id' && !value.includes('\0')) idBuffer = value;
      else if (field === 'retry' && /^\d+$/.test(value)) retryMs = Math.min(Number(value), MOST_RETRY);
    }
  }
  return {
    messages,
    lastEventId,
    retryMs,
    down: layers({ payload, idle, framing: text.length - payload - idle }),
  };
}

function expectAsInTheModel(text: string): ReturnType<typeof model> {
  const { messages, lastEventId, retryMs, down } = readAtEveryCut(text);
  expect({ messages, lastEventId, retryMs, down }).toEqual(model(text));
  return { messages, lastEventId, retryMs, down };
}

describe('EventStreamParser', () => {
  it('reads events of one data line', () => {
    const { messages, down } = expectAsInTheModel(`data: ${marked(1, 10)}\n\ndata:${marked(2, 30)}\n\n`);
    expect(messages).toEqual([
      [1, 10],
      [2, 30],
    ]);
    expect(down).toEqual(layers({ payload: 40, framing: 8 + 7 }));
  });

  it('takes LF, CR and CR LF as line ends, also mixed', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const text = `id: 7${end}data: ${marked(1, 12)}${end}${end}: x${end}data: ${marked(2, 12)}${end}${end}`;
      const { messages } = expectAsInTheModel(text);
      expect(messages.map(([sequence]) => sequence)).toEqual([1, 2]);
    }
    expectAsInTheModel(`data: a\r\ndata: b\rdata: c\n\r\rdata: d\r\n\ndata: e\n\r\n`);
  });

  it('dispatches at a CR at once, and does not take the LF after it for another line', () => {
    const stream = wire('data: 0000000001\r\r\ndata: 0000000002\r\n\r\n');
    expect(read(stream.subarray(0, 18)).sink.messages).toEqual([[1, 10]]);
    expect(read(stream).sink.messages).toEqual([
      [1, 10],
      [2, 10],
    ]);
  });

  it('reads the examples of the standard', () => {
    // A comment, an event with data and id, one that takes the id back, and one with a leading space.
    expectAsInTheModel(
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    );
    expect(expectAsInTheModel('data: YHOO\ndata: +2\ndata: 10\n\n').messages).toEqual([[-1, 10]]);
    // Two empty events, the second of two lines; the last has no blank line.
    expect(expectAsInTheModel('data\n\ndata\ndata\n\ndata:').messages).toEqual([
      [-1, 0],
      [-1, 1],
    ]);
    expect(expectAsInTheModel('data:test\n\ndata: test\n\n').messages).toEqual([
      [-1, 4],
      [-1, 4],
    ]);
  });

  it('joins the data lines of an event by LF, which is payload, and reads the marker across them', () => {
    const { messages, down } = expectAsInTheModel('data: 0000000003 a\ndata:\ndata: b\n\n');
    expect(messages).toEqual([[3, 12 + 1 + 1 + 1]]);
    expect(down.payload).toBe(15);
    expect(expectAsInTheModel('data: 00000\ndata: 00003\n\n').messages).toEqual([[-1, 11]]);
  });

  it('skips one byte order mark, at the very beginning only', () => {
    expect(expectAsInTheModel(`${MARK}data: 0000000001\n\n`).messages).toEqual([[1, 10]]);
    expect(expectAsInTheModel(`${MARK}${MARK}data: 0000000001\n\n`).messages).toEqual([]);
    expect(expectAsInTheModel(`\n${MARK}data: 0000000001\n\n`).messages).toEqual([]);
    expect(expectAsInTheModel(`data: 0000000001\n\n${MARK}data: 0000000002\n\n`).messages).toEqual([[1, 10]]);
  });

  it('does not skip the beginning of a byte order mark that is none', () => {
    expect(expectAsInTheModel('\xef\xbbdata: 0000000001\n\n').messages).toEqual([]);
    expect(expectAsInTheModel('\xefdata: 0000000001\n\n').messages).toEqual([]);
    expect(expectAsInTheModel('\xef: comment?\n\n').down.idle).toBe(0);
    expect(expectAsInTheModel('\xef\xbb\n\ndata: 0000000001\n\n').messages).toEqual([[1, 10]]);
  });

  it('puts comment lines down as idle', () => {
    const { down } = expectAsInTheModel(':\n: keep-alive\n\ndata: 0000000001\n:within\n\n');
    expect(down).toEqual(layers({ payload: 10, idle: 2 + 13 + 8, framing: 1 + 7 + 1 }));
  });

  it('ignores unknown fields, also those that begin like known ones or are written otherwise', () => {
    const names = [
      'dat',
      'datax',
      'Data',
      'data ',
      ' data',
      'i',
      'ids',
      'events',
      'retr',
      'retryy',
      'x',
      '\xef',
    ];
    const text = names.map((name) => `${name}: 0000000009\n${name}\n`).join('');
    expect(expectAsInTheModel(`${text}\n`)).toMatchObject({ messages: [], lastEventId: '', retryMs: null });
  });

  it('takes a line without a colon for a field with an empty value', () => {
    expect(expectAsInTheModel('data\n\n').messages).toEqual([[-1, 0]]);
    expect(expectAsInTheModel('id: 5\nid\ndata: 0000000001\n\n').lastEventId).toBe('');
    expect(expectAsInTheModel('event: x\nevent\ndata: 0000000001\n\n').messages).toEqual([[1, 10]]);
    expect(expectAsInTheModel('retry\n\n').retryMs).toBe(null);
  });

  it('strips one space after the colon, no more and no other white space', () => {
    expect(expectAsInTheModel('data:  x\n\ndata:\tx\n\ndata: \n\n').messages).toEqual([
      [-1, 2],
      [-1, 2],
      [-1, 0],
    ]);
  });

  it('remembers the last id once its event is dispatched, data or no data', () => {
    expect(expectAsInTheModel('id: 0000000012\ndata: 0000000012\n\n').lastEventId).toBe('0000000012');
    expect(expectAsInTheModel('id: 12\ndata: x\n').lastEventId).toBe('');
    expect(expectAsInTheModel('id: 12\n\n').lastEventId).toBe('12');
    expect(expectAsInTheModel('id: 12\n\nid: 13\ndata: x\n').lastEventId).toBe('12');
    expect(expectAsInTheModel('id: 12\n\ndata: x\n\n').lastEventId).toBe('12');
  });

  it('keeps ids as they are: zeros in front, letters, spaces, many digits', () => {
    for (const id of [
      '0',
      '007',
      '12a',
      'a12',
      ' 1',
      '1 ',
      '12 34',
      '123456789012345',
      '1234567890123456',
      '00000000000000000000007',
      '-1',
      '\xc3\xa9',
    ]) {
      expect(expectAsInTheModel(`id: ${id}\n\n`).lastEventId).toBe(id);
    }
  });

  it('ignores an id with NUL in it', () => {
    expect(expectAsInTheModel('id: 1\n\nid: 2\0\n\n').lastEventId).toBe('1');
    expect(expectAsInTheModel('id: 1\n\nid: \0\n\n').lastEventId).toBe('1');
    expect(expectAsInTheModel('id: 1\n\nid: a\0b\n\nid:\n\n').lastEventId).toBe('');
  });

  it('keeps the same beginning of an id that is too long to remember, wherever it is cut', () => {
    for (const id of ['y'.repeat(600), '9'.repeat(600), `12345${'z'.repeat(400)}`]) {
      const { lastEventId } = readAtEveryCut(`id: ${id}\n\n`);
      expect(lastEventId).toBe(id.slice(0, 256));
    }
  });

  it('obeys a retry of nothing but digits, up to a minute', () => {
    expect(expectAsInTheModel('retry: 2500\n\n').retryMs).toBe(2500);
    expect(expectAsInTheModel('retry: 0\n').retryMs).toBe(0);
    expect(expectAsInTheModel('retry:00100\n').retryMs).toBe(100);
    expect(expectAsInTheModel('retry: 999999\n').retryMs).toBe(MOST_RETRY);
    expect(expectAsInTheModel('retry: 1000\nretry: 99999999999999999999\n').retryMs).toBe(MOST_RETRY);
    for (const wrong of ['', ' 1', '1 ', '-1', '1.5', '1e3', 'x', '1x']) {
      expect(expectAsInTheModel(`retry: 1000\nretry: ${wrong}\n`).retryMs).toBe(1000);
    }
  });

  it('does not deliver events of another type, whose bytes stay framing', () => {
    const { messages, down } = expectAsInTheModel(
      'event: ping\ndata: 0000000001\n\nevent: message\ndata: 0000000002\n\nevent:\ndata: 0000000003\n\nevent: messages\ndata: 0000000004\n\ndata: 0000000005\n\n',
    );
    expect(messages.map(([sequence]) => sequence)).toEqual([2, 3, 5]);
    expect(down.payload).toBe(30);
  });

  it('does not deliver an event without its blank line', () => {
    const stream = 'data: 0000000001\n';
    for (let length = 0; length <= stream.length; length++) {
      const { sink, parser } = read(wire(stream.slice(0, length)));
      expect(sink.messages).toEqual([]);
      expect(parser.atRest).toBe(length === 0);
    }
  });

  it('tells what it read since its owner last looked', () => {
    const { sink, parser } = read(wire(': hello\n\n'));
    expect([parser.dispatched, parser.idleBytes, parser.spoke, parser.atRest]).toEqual([0, 8, false, true]);
    const rest = wire('retry: 5\n\n');
    parser.eat(rest, 0, rest.length);
    expect([parser.dispatched, parser.spoke, parser.atRest]).toEqual([0, true, true]);
    const event = wire('data: 0000000001\n\n');
    parser.eat(event, 0, event.length);
    expect([parser.dispatched, sink.messages.length]).toEqual([1, 1]);
  });

  it('keeps the last id and the retry time over a reset, and nothing half-read', () => {
    const half = `${MARK}: x\r\nretry: 77\r\nid: 41\r\ndata: 0000000041\r\n\r\nevent: other\r\nid: 42\r\ndata: 0000000042\r\n`;
    const fresh = wire(`${MARK}data: 0000000050\n\n`);
    for (let length = half.indexOf('event'); length <= half.length; length++) {
      const { sink, parser } = read(wire(half.slice(0, length)));
      parser.reset();
      expect([parser.atRest, parser.lastEventId, parser.retryMs]).toEqual([true, '41', 77]);
      parser.eat(fresh, 0, fresh.length);
      expect(sink.messages.at(-1)).toEqual([50, 10]);
      expect(parser.lastEventId).toBe('41');
    }
  });

  it.each([10, 11, 125, 126, 65_535, 65_536, 1_048_576])('reads messages of %i bytes at any cut', (bytes) => {
    const stream = wire(`data: ${marked(1, bytes)}\n\nid: 3\r\ndata: ${marked(2, bytes)}\r\n\r\n`);
    const { messages, down } = expectSameAtSomeCuts(drawing(bytes), stream, (places) =>
      trace(stream, places),
    );
    expect(messages).toEqual([
      [1, bytes],
      [2, bytes],
    ]);
    expect(down).toEqual(layers({ payload: 2 * bytes, framing: stream.length - 2 * bytes }));
  });

  it('agrees with the standard on 25,000 random and damaged streams, at random cuts', () => {
    const random = drawing(7);
    const end = () => oneOf(random, ['\n', '\n', '\r', '\r\n']);
    const value = () =>
      oneOf(random, [
        marked(below(random, 99), below(random, 25)),
        '',
        '5',
        '0123',
        ' x',
        'a\0b',
        'message',
        '99999999',
        '\xe9\xef',
      ]);
    const name = () =>
      oneOf(random, ['data', 'data', 'data', 'id', 'event', 'retry', 'dat', 'x', '', '\xef\xbb\xbfdata']);
    const line = () =>
      oneOf(random, [`${name()}: ${value()}`, `${name()}:${value()}`, `${name()}`, `: ${value()}`, '', '']);
    let heard = 0;
    for (let times = 0; times < 25_000; times++) {
      const start = random() < 0.1 ? MARK : '';
      const lines = Array.from({ length: below(random, 9) }, () => line() + end()).join('');
      let stream = wire(start + lines);
      if (times % 3 === 0) stream = hurt(random, stream);
      if (times % 7 === 0) stream = noise(random, below(random, 60));
      const text = stream.toString('latin1');
      const { messages, lastEventId, retryMs, down } = trace(stream, cuts(random, stream.length, 4));
      expectSame({ messages, lastEventId, retryMs, down }, model(text), JSON.stringify(text));
      heard += messages.length;
    }
    expect(heard).toBeGreaterThan(4000);
  });
});
