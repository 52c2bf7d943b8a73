import { expect } from 'vitest';
import type { Crowd } from './crowd.js';
import type { HostProcess } from './host-process.js';

/** A mixed bag: single messages in time, bursts, and all the lengths at which a format changes. */
const BATCHES = [
  { count: 60, bytes: 10, seconds: 0.3, arrivals: 'poisson' },
  { count: 40, bytes: 125 },
  { count: 40, bytes: 126 },
  { count: 40, bytes: 1000, seconds: 0.1 },
  { count: 3, bytes: 65_535 },
  { count: 3, bytes: 65_536 },
  { count: 20, bytes: 17 },
] as const;

/** Messages that `publishTestimony` publishes. */
export const TESTIMONY = BATCHES.reduce((sum, { count }) => sum + count, 0);

export async function publishTestimony(host: HostProcess): Promise<void> {
  for (const batch of BATCHES) await host.publish(batch);
}

/** A payload as it must be, written down anew. */
function payload(sequence: number, bytes: number): string {
  const filler = 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(bytes / 26));
  return String(sequence).padStart(10, '0') + filler.slice(0, bytes - 10);
}

/** The witness and each of our clients have heard exactly the same, and it is what was published. */
export function expectSameTestimony(heard: readonly string[], crowd: Crowd): void {
  let sequence = 0;
  const published = BATCHES.flatMap(({ count, bytes }) =>
    Array.from({ length: count }, () => payload(++sequence, bytes)),
  );
  // Compared by number and length first: a difference is told in a line.
  const inShort = heard.map((text) => [Number(text.slice(0, 10)), text.length]);
  crowd.sequences.forEach((own, client) => {
    expect(own.map((sequence, at) => [sequence, crowd.lengths[client]![at]])).toEqual(inShort);
  });
  expect(heard.length).toBe(TESTIMONY);
  expect(heard.every((text, at) => text === published[at])).toBe(true);
  crowd.audit();
  expect(crowd.imbalances).toEqual([]);
}
