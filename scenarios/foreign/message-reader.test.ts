import { describe, expect, it } from 'vitest';
import { DOWN, sumLayers } from '../ledger.js';
import { foreignSpec, ours, theirs } from '../testing/foreign-spec.js';
import { wire } from '../testing/pieces.js';
import { sharedContext } from '../testing/shared-context.js';
import { MessageReader } from './message-reader.js';
import { TextCollector } from './text-collector.js';

function read(texts: readonly string[], changes: Parameters<typeof foreignSpec>[0] = {}) {
  const context = sharedContext(() => {}, { payloadBytes: 22 });
  const heard: number[] = [];
  const listener = { message: (sequence: number) => heard.push(sequence) };
  const reader = new MessageReader(foreignSpec(changes), context, 0, listener);
  const counts = texts.map((text) => {
    const bytes = wire(text);
    context.ledger.put(DOWN.framing, bytes.length + 3);
    for (let at = 0; at < bytes.length; at += 1000) reader.part(bytes, at, Math.min(at + 1000, bytes.length));
    return reader.whole(bytes.length + 3);
  });
  const { down } = context.ledger.snapshot();
  expect(sumLayers(down)).toBe(texts.reduce((sum, text) => sum + text.length + 3, 0));
  return { heard, counts, down, told: context.events.told };
}

describe('a reader of foreign messages', () => {
  it('delivers all that a message holds, however much that is', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => n + 1);
    const { heard, counts, down } = read([many.map((n) => ours(n, 22)).join(','), ours(7, 22)]);
    expect(heard).toEqual([...many, 7]);
    expect(counts).toEqual([10_000, 1]);
    expect(down).toMatchObject({ payload: 22 * 10_001, framing: 9999 + 6, idle: 0 });
  });

  it('puts down a message with nothing of this run as idle, one with something as payload and framing', () => {
    const { down, told, counts } = read(['hello', theirs(1, 22), `${theirs(1, 22)}${ours(1, 22)}`, '']);
    expect(counts).toEqual([0, 0, 1, 0]);
    expect(told).toEqual(['unmarked 0', 'other run 0', 'other run 0']);
    expect(down).toMatchObject({ payload: 22, framing: 25, idle: 8 + 25 + 3 });
  });

  it('takes each time that a message of a server that publishes by itself carries for a delivery', () => {
    const at = Date.UTC(2026, 0, 1) / 1000;
    const self = { time: { json: 'ticks.*.at', unit: 's' } } as const;
    const { counts, told } = read([`{"ticks":[{"at":${at}},{"at":${at + 1}},{"at":"?"}]}`, '{"ticks":[]}'], {
      self,
    });
    expect(counts).toEqual([2, 0]);
    expect(told).toEqual([`heard 0 ${at * 1000}`, `heard 0 ${at * 1000 + 1000}`, 'unmarked 0']);
  });
});

it('a collector keeps no more than its limit, and nothing of a text beyond it', () => {
  const collector = new TextCollector(10_000);
  const piece = wire('x'.repeat(999));
  for (let n = 0; n < 10; n++) collector.add(piece, 0, piece.length);
  expect(collector.isTooLong).toBe(false);
  for (let n = 0; n < 1000; n++) collector.add(piece, 0, piece.length);
  expect(collector.isTooLong).toBe(true);
  expect(collector.json()).toBeUndefined();
  collector.clear();
  collector.add(wire('[1'), 0, 2);
  collector.add(wire(']'), 0, 1);
  expect(collector.json()).toEqual([1]);
});
