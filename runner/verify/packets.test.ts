import { describe, expect, it } from 'vitest';
import { PacketSum, parseLine } from './packets.js';

const SERVER = new Set([23456]);
const line = (...fields: (string | number)[]): string => fields.join('\t');

function packet(text: string) {
  const parsed = parseLine(text, SERVER);
  if (parsed.kind !== 'packet') throw new Error('a mark');
  return parsed.packet;
}

describe('parseLine', () => {
  it('tells the direction by the server port', () => {
    expect(packet(line(0, 40604, 96, 44, 0, '', '', '', ''))).toMatchObject({ direction: 'up', bytes: 44 });
    expect(packet(line(0, 23456, 211, 159, 0, '', '', '', ''))).toMatchObject({
      direction: 'down',
      ipBytes: 211,
    });
  });

  it.each(['1', 'True'])('knows a SYN as tshark writes it: %s', (syn) => {
    expect(packet(line(0, 40604, 60, 0, syn, '', '', '', '')).isSyn).toBe(true);
  });

  it.each([
    ['1', '', ''],
    ['', '1', ''],
    ['', '', '1'],
  ])('knows every kind of retransmission (%s,%s,%s)', (...again) => {
    expect(packet(line(0, 40604, 96, 44, 0, ...again, '')).isRepeated).toBe(true);
  });

  it('reads a mark', () => {
    const mark = line('', '', 68, '', '', '', '', '', '6d:61726b');
    expect(parseLine(mark, SERVER)).toEqual({ kind: 'mark', text: 'mark' });
  });

  it('refuses what is no TCP packet, rather than count it as nothing', () => {
    expect(() => parseLine(line('', '', 68, '', '', '', '', '', ''), SERVER)).toThrow('no TCP packet');
  });
});

describe('PacketSum', () => {
  it('counts payload once however often it was sent, and every segment', () => {
    const sum = new PacketSum();
    sum.add(packet(line(0, 40604, 60, 0, 1, '', '', '', '')));
    sum.add(packet(line(0, 40604, 96, 44, 0, '', '', '', '')));
    sum.add(packet(line(0, 40604, 96, 44, 0, '1', '', '', '')));
    sum.add(packet(line(0, 23456, 52, 0, 0, '', '', '', '')));
    expect(sum).toMatchObject({
      bytes: { up: 44, down: 0 },
      ipBytes: { up: 252, down: 52 },
      segments: { up: 3, down: 1 },
      syn: { up: 1, down: 0 },
      repeated: 1,
      longest: 44,
    });
  });
});
