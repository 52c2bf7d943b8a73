import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePayload, formatSequence } from '../protocol/payload.js';
import { COMMENT, encodeEvent } from './event-stream-encoder.js';
import { encodeChunk } from './http-chunk.js';

/** UTF-8 has no lone surrogates. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const text = (...args: Parameters<typeof encodeEvent>): string => encodeEvent(...args).toString('utf8');
const chunkFraming = (bytes: number): number => bytes.toString(16).length + 4;

/** The dispatch algorithm of WHATWG HTML, 9.2.6, for whole streams. */
function parse(stream: string): { event: string; id: string; data: string }[] {
  const events: { event: string; id: string; data: string }[] = [];
  let event = '';
  let id = '';
  let data: string[] = [];
  for (const line of stream.split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data.length > 0) events.push({ event, id, data: data.join('\n') });
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return events;
}

describe('an event', () => {
  it('has its fields in the order retry, event, id, data, and an empty line at the end', () => {
    expect(text({ data: '7', id: '3', event: 'ready', retry: 500 })).toBe(
      'retry: 500\nevent: ready\nid: 3\ndata: 7\n\n',
    );
    expect(text({ data: Buffer.from('x') })).toBe('data: x\n\n');
    expect(text({ retry: 1 })).toBe('retry: 1\n\n');
  });

  it('carries each line of the data in a data line of its own', () => {
    expect(text({ data: 'a\nb' })).toBe('data: a\ndata: b\n\n');
    expect(text({ data: 'a\r\nb\rc' })).toBe('data: a\ndata: b\ndata: c\n\n');
    expect(text({ data: '\n' })).toBe('data: \ndata: \n\n');
    expect(text({ data: '' })).toBe('data: \n\n');
  });

  it('reaches a conforming parser as it was given, line ends as LF', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('a', '\n', '\r', ':', ' ')).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, fc.nat()), { minLength: 1 }), (events) => {
        const stream = events.map(([data, id]) => text({ data, id: String(id), event: 'e' })).join('');
        expect(parse(stream)).toEqual(
          events.map(([data, id]) => ({
            event: 'e',
            id: String(id),
            data: wellFormed(data).replace(/\r\n?/g, '\n'),
          })),
        );
      }),
    );
  });

  it('refuses names and ids that would break out of their line, and odd retries', () => {
    for (const value of ['a\nb', 'a\rb']) {
      expect(() => encodeEvent({ event: value })).toThrow(RangeError);
      expect(() => encodeEvent({ id: value })).toThrow(RangeError);
    }
    expect(() => encodeEvent({ id: 'a\0b' })).toThrow(RangeError);
    for (const retry of [-1, 0.5, Number.NaN]) expect(() => encodeEvent({ retry })).toThrow(RangeError);
  });
});

describe('framing of a chunked event', () => {
  it('is 8 + chunk(n + 8) for data of n bytes, at the edges of the hex length too', () => {
    for (const n of [0, 1, 7, 8, 10, 125, 247, 248, 4087, 4088, 65_527, 65_528]) {
      const chunk = encodeChunk(encodeEvent({ data: Buffer.alloc(n, 0x61) }));
      expect(chunk.length - n).toBe(8 + chunkFraming(n + 8));
    }
  });

  it('grows by 5 + length for an id: our messages of 10 bytes cost 8 + 15 + 6', () => {
    for (const n of [10, 100, 231, 232, 233, 70_000]) {
      const chunk = encodeChunk(encodeEvent({ id: formatSequence(7), data: encodePayload(7, n) }));
      expect(chunk.length - n).toBe(8 + 15 + chunkFraming(n + 23));
    }
    expect(encodeChunk(encodeEvent({ id: formatSequence(7), data: encodePayload(7, 10) })).length).toBe(39);
  });

  it('grows by 6 for every line end in the data', () => {
    for (const lines of [0, 1, 2, 9]) {
      expect(encodeEvent({ data: 'x\n'.repeat(lines) }).length).toBe(2 * lines + 8 + 6 * lines);
    }
  });

  it('of a comment is a comment', () => {
    expect(COMMENT.toString()).toBe(':\n\n');
    expect(parse(COMMENT.toString())).toEqual([]);
  });
});
