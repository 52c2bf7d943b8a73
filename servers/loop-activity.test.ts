import { expect, it } from 'vitest';
import { noteRequest, wasServing } from './loop-activity.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('the loop serves from the first request of a turn to the end of that turn', async () => {
  // Another test of this process may have been served just now.
  await turn();
  await turn();
  const before = performance.now();
  expect(wasServing(before)).toBe(false);
  noteRequest();
  noteRequest();
  expect(wasServing(performance.now())).toBe(true);
  await turn();
  await turn();
  expect(wasServing(before)).toBe(true);
  expect(wasServing(performance.now())).toBe(false);
});
