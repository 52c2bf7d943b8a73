import { describe, expect, it } from 'vitest';
import {
  below,
  cuts,
  drawing,
  expectSame,
  expectSameAtEveryCut,
  expectSameAtSomeCuts,
  feed,
  noise,
  wire,
} from '../testing/pieces.js';
import { type Heard, layers, RecordingSink } from '../testing/recording-sink.js';
import { marked } from '../testing/wire-format.js';
import { BatchParser } from './batch.js';

/** Reads a body to its end; every byte is down in the ledger at every cut. */
function read(body: Buffer, places: readonly number[] = []) {
  const sink = new RecordingSink();
  const parser = new BatchParser(sink);
  feed(body, places, '0\n', (buffer, start, end, fed) => {
    parser.eat(buffer, start, end);
    if (sink.eaten !== fed) throw new Error(`${sink.eaten} of ${fed} bytes are in the ledger`);
    return true;
  });
  parser.end();
  if (parser.messages !== sink.messages.length) throw new Error('messages are counted wrongly');
  return { messages: sink.messages, down: sink.down };
}

/** The same by splitting the text, as a page's script would. */
function model(body: Buffer): Heard[] {
  const parts = body.toString('latin1').split('\n');
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => [/^\d{10}/.test(part) ? Number(part.slice(0, 10)) : -1, part.length]);
}

describe('BatchParser', () => {
  it('reads one message, with nothing but payload in the ledger', () => {
    expect(read(wire(marked(7, 10)))).toEqual({ messages: [[7, 10]], down: layers({ payload: 10 }) });
  });

  it('reads k messages joined by k - 1 line feeds, which are framing', () => {
    const body = wire([marked(1, 10), marked(2, 40), marked(3, 11)].join('\n'));
    const { messages, down } = expectSameAtEveryCut(body, (places) => read(body, places));
    expect(messages).toEqual([
      [1, 10],
      [2, 40],
      [3, 11],
    ]);
    expect(down).toEqual(layers({ payload: 61, framing: 2 }));
  });

  it('reads nothing in an empty body', () => {
    expect(read(wire(''))).toEqual({ messages: [], down: layers({}) });
  });

  it('gives no number to what is shorter than a marker or has other than digits in it', () => {
    const body = wire('123456789\n12345x7890 and more\n\n-000000001\n0000000008');
    const { messages } = expectSameAtEveryCut(body, (places) => read(body, places));
    expect(messages).toEqual([
      [-1, 9],
      [-1, 19],
      [-1, 0],
      [-1, 10],
      [8, 10],
    ]);
  });

  it('closes the last message once when the body ends with a line feed', () => {
    expect(read(wire(`${marked(4, 12)}\n`)).messages).toEqual([[4, 12]]);
  });

  it.each([10, 11, 125, 126, 65_535, 65_536, 1_048_576])('reads messages of %i bytes at any cut', (bytes) => {
    const body = wire(`${marked(1, bytes)}\n${marked(2, bytes)}`);
    const { messages, down } = expectSameAtSomeCuts(drawing(bytes), body, (places) => read(body, places));
    expect(messages).toEqual([
      [1, bytes],
      [2, bytes],
    ]);
    expect(down).toEqual(layers({ payload: 2 * bytes, framing: 1 }));
  });

  it('starts afresh after a reset, whatever was half-read', () => {
    const sink = new RecordingSink();
    const parser = new BatchParser(sink);
    parser.eat(wire('00000000'), 0, 8);
    parser.reset();
    expect(parser.messages).toBe(0);
    parser.end();
    parser.eat(wire('0000000005'), 0, 10);
    parser.end();
    expect(sink.messages).toEqual([[5, 10]]);
  });

  it('agrees with a split of the text on 25,000 bodies of random bytes, at random cuts', () => {
    const random = drawing(1);
    for (let times = 0; times < 25_000; times++) {
      const body = times % 2 === 0 ? noise(random, below(random, 60)) : mostlyGood();
      const { messages, down } = read(body, cuts(random, body.length, 4));
      const wanted = model(body);
      expectSame(messages, wanted, JSON.stringify(body.toString('latin1')));
      if (down.payload !== wanted.reduce((sum, [, bytes]) => sum + bytes, 0))
        throw new Error('payload is wrong');
    }

    function mostlyGood(): Buffer {
      const parts = Array.from({ length: below(random, 4) }, (_, k) =>
        random() < 0.1 ? noise(random, 12).toString('latin1') : marked(k, below(random, 30)),
      );
      return wire(parts.join('\n'));
    }
  });
});
