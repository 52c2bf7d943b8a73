import { expect, it } from 'vitest';
import { carriedMs } from './carried-time.js';
import { stepsOf, valuesAt } from './json-path.js';

const at = (json: unknown, path: string) => valuesAt(json, stepsOf(path));

it('follows names, indices and stars, and finds nothing where a path leads nowhere', () => {
  const json = { data: { items: [{ text: 'a' }, { text: 'b' }, 3] }, '': 1 };
  expect(at(json, 'data.items.0.text')).toEqual(['a']);
  expect(at(json, 'data.items.*.text')).toEqual(['a', 'b']);
  expect(at(json, 'data.items.7.text')).toEqual([]);
  expect(at(json, 'data.items.2.text')).toEqual([]);
  expect(at('text', '')).toEqual(['text']);
  expect(at(undefined, 'a')).toEqual([]);
  expect(at(null, 'a.b')).toEqual([]);
});

it('finds only what the text said', () => {
  const json: unknown = JSON.parse('{"list":[1],"__proto__":{"a":1}}');
  for (const path of ['constructor', 'toString', 'list.length', 'list.map'])
    expect(at(json, path)).toEqual([]);
  expect(at(json, '__proto__.a')).toEqual([1]);
});

it('looks at no more than ten thousand values', () => {
  expect(
    at(
      Array.from({ length: 20_000 }, () => 1),
      '*',
    ),
  ).toHaveLength(10_000);
});

it('reads times in each unit, and takes nothing for one that is none', () => {
  const ms = Date.UTC(2026, 10, 28);
  expect(carriedMs(ms / 1000, 's')).toBe(ms);
  expect(carriedMs(`${ms}`, 'ms')).toBe(ms);
  expect(carriedMs(ms * 1000 + 250, 'us')).toBe(ms + 0.25);
  expect(carriedMs('2026-11-28T00:00:00Z', 'iso')).toBe(ms);
  for (const value of [0, -1, ms, 1e300, Number.NaN, null, {}, [], true, '', ' ', 'now'])
    expect(carriedMs(value, 's'), String(value)).toBeNull();
  expect(carriedMs('x'.repeat(1e6), 'iso')).toBeNull();
});
