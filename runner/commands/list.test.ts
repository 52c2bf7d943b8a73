import { expect, test } from 'vitest';
import { runCli } from '../cli.js';
import { scenarioIds } from '../scenario-sets.js';
import { fakeTerminal } from '../testing/fake-terminal.js';

async function list(columns?: string): Promise<string> {
  const terminal = fakeTerminal(columns === undefined ? {} : { COLUMNS: columns });
  expect(await runCli(['list'], terminal, '0.0.0')).toBe(0);
  return terminal.out();
}

test.each([
  [undefined, 80],
  ['60', 60],
  ['40', 40],
  ['120', 120],
  ['zero', 80],
  ['-5', 80],
])('list keeps to the width: COLUMNS %s is %i columns', async (columns, width) => {
  const text = await list(columns);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  for (const id of scenarioIds) expect(text).toMatch(new RegExp(`^  ${id} `, 'mu'));
  expect(text).not.toContain('…');
});

test('list says the same at every width', async () => {
  const words = (text: string): string[] => text.split(/\s+/u);
  expect(words(await list('50'))).toEqual(words(await list('300')));
});
