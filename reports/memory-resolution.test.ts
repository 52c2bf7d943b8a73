import { expect, test } from 'vitest';
import { isResolved } from './memory-resolution.js';

const MIB = 1024 * 1024;
const PATH = 'memory.server.bytesPerClient';

/** Bytes per client of trials whose resident sets grew by these amounts. */
function metricOf(clients: number, ...differences: number[]) {
  const each = differences.map((bytes) => bytes / clients).sort((a, b) => a - b);
  return {
    median: each[Math.floor(each.length / 2)]!,
    min: each[0]!,
    max: each.at(-1)!,
    low: null,
    high: null,
  };
}

test.each([
  ['4 MiB are not enough', 1000, [4 * MIB], false],
  ['more than 4 MiB are', 1000, [4.1 * MIB], true],
  ['the spread between trials comes on top', 1000, [6 * MIB, 7 * MIB, 9.5 * MIB], false],
  ['a spread below the rest does not matter', 1000, [8 * MIB, 9 * MIB, 9.5 * MIB], true],
  ['fewer than 500 clients never are', 499, [900 * MIB], false],
  ['500 clients can be', 500, [9 * MIB], true],
  ['a process that shrank shows nothing', 1000, [-9 * MIB], false],
])('memory per client is resolved by its difference: %s', (_name, clients, differences, expected) => {
  expect(isResolved(PATH, metricOf(clients, ...differences), clients)).toBe(expected);
});

test('metrics that are not differences of resident sets are always resolved', () => {
  expect(isResolved('latencyUs.p50', metricOf(1, 0), 1)).toBe(true);
});
