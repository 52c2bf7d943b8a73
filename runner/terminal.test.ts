import { expect, test } from 'vitest';
import { columnsOf } from './terminal.js';

test.each([
  ['a terminal knows its own', { columns: 132 }, { COLUMNS: '60' }, 132],
  ['a pipe takes COLUMNS', {}, { COLUMNS: '60' }, 60],
  ['a pipe without it has 80', {}, {}, 80],
  ['a terminal that says 0 has not said it', { columns: 0 }, {}, 80],
  ['what is no whole number is not taken', {}, { COLUMNS: '6e1' }, 80],
  ['nor is nothing', {}, { COLUMNS: '' }, 80],
  ['nor is less than one', {}, { COLUMNS: '0' }, 80],
])('columns: %s', (_name, stream, env, expected) => {
  expect(columnsOf(stream, env)).toBe(expected);
});
