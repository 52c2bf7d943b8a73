import { describe, expect, it } from 'vitest';
import type { Packet } from '../../runner/verify/packets.js';
import { byConnection, exchangesOf, typical, unanswered } from './exchanges.js';

/** `>44` is a packet with 44 bytes up, `<0` an acknowledgement down. */
function packets(text: string): Packet[] {
  return text.split(' ').map((word) => {
    const bytes = Number(word.slice(1));
    return {
      stream: 0,
      direction: word.startsWith('>') ? 'up' : 'down',
      ipBytes: bytes + 52,
      bytes,
      isSyn: false,
      isRepeated: false,
      payload: Buffer.alloc(bytes, 'x').toString('hex'),
    };
  });
}

describe('exchangesOf', () => {
  it('cuts polls at their requests, acknowledgements with the answer before', () => {
    const found = exchangesOf(packets('>44 <159 >0 >44 <0 <111 >0'), 'up', true);
    expect(found.map(({ bytes, segments }) => [bytes, segments])).toEqual([
      [
        { up: 44, down: 159 },
        { up: 2, down: 1 },
      ],
      [
        { up: 44, down: 111 },
        { up: 2, down: 2 },
      ],
    ]);
    expect(found[0]!.text.up).toBe('x'.repeat(44));
  });

  it('cuts long polls at their answers, with the next request', () => {
    const found = exchangesOf(packets('<100 <59 >42 <0 <159 >42 <0'), 'down', true);
    expect(found.map(({ bytes }) => bytes)).toEqual([
      { up: 42, down: 159 },
      { up: 42, down: 159 },
    ]);
  });

  it('cuts a stream at every packet with data, and leaves out what comes before the first', () => {
    const found = exchangesOf(packets('>0 <12 >0 <12 >0'), 'down', false);
    expect(found.map(({ segments }) => segments)).toEqual([
      { up: 1, down: 1 },
      { up: 1, down: 1 },
    ]);
  });

  it('finds the typical one by its segments', () => {
    const found = exchangesOf(packets('<12 >0 >0 <12 >0 <12 >0'), 'down', false);
    expect(typical(found).segments).toEqual({ up: 1, down: 1 });
  });
});

describe('packets of several connections', () => {
  const on = (stream: number, text: string): Packet[] =>
    packets(text).map((packet) => ({
      ...packet,
      stream,
      payload: packet.payload.replaceAll('78', `3${stream}`),
    }));

  it('are told apart, in the order in which the connections began', () => {
    const found = byConnection([...on(0, '>1 <1'), ...on(1, '>2'), ...on(0, '>3'), ...on(1, '<4')]);
    expect(found.map(({ stream, bytes }) => [stream, bytes])).toEqual([
      [0, 1],
      [0, 1],
      [0, 3],
      [1, 2],
      [1, 4],
    ]);
  });

  it('hold what was asked last, whole, and nothing that was answered', () => {
    const all = [...on(0, '>9 <9 >0'), ...on(1, '>2 <2'), ...on(0, '>3 <0 >2'), ...on(2, '<5')];
    expect(unanswered(all)).toBe('00000');
    expect(unanswered(on(0, '>44'))).toHaveLength(44);
  });
});
