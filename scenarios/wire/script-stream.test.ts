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
import { layers, RecordingSink } from '../testing/recording-sink.js';
import { marked, script } from '../testing/wire-format.js';
import { ScriptStreamParser } from './script-stream.js';

/** Reads a page up to its first fault; every byte is down in the ledger at every cut. */
function read(page: Buffer, places: readonly number[] = []) {
  const sink = new RecordingSink();
  const parser = new ScriptStreamParser(sink);
  feed(page, places, '"<', (buffer, start, end, fed) => {
    parser.eat(buffer, start, end);
    if (sink.eaten !== fed) throw new Error(`${sink.eaten} of ${fed} bytes are in the ledger`);
    return sink.faults.length === 0;
  });
  return { sink, parser };
}

/** What must not depend on the cuts. */
function trace(page: Buffer, places: readonly number[]) {
  const { sink, parser } = read(page, places);
  if (sink.faults.length > 0) return { faults: 1 };
  return { messages: sink.messages, down: sink.down, atRest: parser.atRest, dispatched: parser.dispatched };
}

describe('ScriptStreamParser', () => {
  it('reads the calls of a page; all but the payload is framing', () => {
    const page = wire(
      `<!doctype html><body>${' '.repeat(20)}\n${script(marked(1, 10))}${script(marked(2, 30))}`,
    );
    const whole = expectSameAtEveryCut(page, (places) => trace(page, places));
    expect(whole).toEqual({
      messages: [
        [1, 10],
        [2, 30],
      ],
      down: layers({ payload: 40, framing: page.length - 40 }),
      atRest: true,
      dispatched: 2,
    });
  });

  it("adds exactly the wrapper's 29 bytes to a message", () => {
    const { sink } = read(wire(script(marked(1, 10))));
    expect(sink.down).toEqual(layers({ payload: 10, framing: '<script>parent.m("")</script>'.length }));
    expect(sink.down.framing).toBe(29);
  });

  it('delivers at the last byte of the closing tag, as a browser would run it', () => {
    const page = script(marked(5, 12));
    for (let length = 0; length < page.length; length++) {
      const { sink, parser } = read(wire(page.slice(0, length)));
      expect(sink.messages).toEqual([]);
      expect(parser.atRest).toBe(length === 0);
    }
    expect(read(wire(page)).sink.messages).toEqual([[5, 12]]);
  });

  it('skips padding, other elements and beginnings that lead nowhere', () => {
    const page = wire(`<<script><script>parent.<script>parent.m(<${script(marked(9, 10))}<br><scr</script>`);
    const whole = expectSameAtEveryCut(page, (places) => trace(page, places));
    expect(whole).toMatchObject({
      messages: [[9, 10]],
      down: layers({ payload: 10, framing: page.length - 10 }),
    });
  });

  it('gives no number to what is shorter than a marker or has other than digits in it', () => {
    const page = wire(
      `${script('')}${script('12')}${script('00000000x1')}${script('<script>pa')}${script(marked(3, 10))}`,
    );
    const whole = expectSameAtEveryCut(page, (places) => trace(page, places));
    expect(whole).toMatchObject({
      messages: [
        [-1, 0],
        [-1, 2],
        [-1, 10],
        [-1, 10],
        [3, 10],
      ],
    });
  });

  it('calls it a fault when a call does not close as announced', () => {
    for (const wrong of ['")</script', '" )</script>', '");</script>', '"</script>', '"")</script>']) {
      const page = wire(`<script>parent.m("${marked(1, 10)}${wrong}<`);
      expect(expectSameAtEveryCut(page, (places) => trace(page, places))).toEqual({ faults: 1 });
      expect(read(page).sink.messages).toEqual([]);
    }
  });

  it.each([10, 11, 125, 126, 65_535, 65_536, 1_048_576])('reads messages of %i bytes at any cut', (bytes) => {
    const page = wire(script(marked(1, bytes)) + script(marked(2, bytes)));
    const whole = expectSameAtSomeCuts(drawing(bytes), page, (places) => trace(page, places));
    expect(whole).toMatchObject({
      messages: [
        [1, bytes],
        [2, bytes],
      ],
      down: layers({ payload: 2 * bytes, framing: 58 }),
    });
  });

  it('starts afresh after a reset, whatever was half-read', () => {
    const half = script(marked(1, 20));
    for (let length = 1; length < half.length; length++) {
      const { sink, parser } = read(wire(half.slice(0, length)));
      parser.reset();
      expect(parser.atRest).toBe(true);
      const page = wire(script(marked(2, 10)));
      parser.eat(page, 0, page.length);
      expect(sink.messages).toEqual([[2, 10]]);
    }
  });

  it('reads 25,000 random and damaged pages the same at every draw of cuts, without losing a byte', () => {
    const random = drawing(2);
    const parts = [
      () => script(marked(below(random, 1000), below(random, 40))),
      () => oneOf(random, ['<', '<script>', '<script>parent.m("', '")</script>', '"', ' ', 'x', '\n<p>']),
      () => noise(random, below(random, 10)).toString('latin1'),
    ];
    let faults = 0;
    let messages = 0;
    for (let times = 0; times < 25_000; times++) {
      let page = wire(Array.from({ length: below(random, 4) }, () => oneOf(random, parts)()).join(''));
      if (times % 2 === 0) page = hurt(random, page);
      const whole = trace(page, []);
      expectSame(trace(page, cuts(random, page.length, 4)), whole, JSON.stringify(page.toString('latin1')));
      if ('faults' in whole) {
        faults++;
        continue;
      }
      const wanted = [...page.toString('latin1').matchAll(/<script>parent\.m\("([^"]*)"\)<\/script>/g)].map(
        ([, text]) => [/^\d{10}/.test(text!) ? Number(text!.slice(0, 10)) : -1, text!.length],
      );
      expectSame(whole.messages, wanted, JSON.stringify(page.toString('latin1')));
      messages += wanted.length;
    }
    expect(faults).toBeGreaterThan(100);
    expect(messages).toBeGreaterThan(5000);
  });
});
