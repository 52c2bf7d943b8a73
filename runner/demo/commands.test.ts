import { expect, it } from 'vitest';
import { commandOf } from './commands.js';

const OFFERS = { rates: [0.5, 1, 2], roundTripsMs: [0, 50] };

it.each([
  { action: 'enter', page: 'p' },
  { action: 'rate', page: 'p', ratePerSecond: 0.5 },
  { action: 'round-trip', page: 'p', roundTripMs: 50 },
  { action: 'restart', page: 'p' },
])('takes what the page offers: $action', (command) => {
  expect(commandOf(JSON.stringify(command), OFFERS)).toEqual(command);
});

it.each([
  ['no JSON', '{'],
  ['no object', '"restart"'],
  ['nothing', 'null'],
  ['an unknown action', '{"action":"exec","page":"p"}'],
  ['no page', '{"action":"restart"}'],
  ['a page that is too long', JSON.stringify({ action: 'restart', page: 'p'.repeat(65) })],
  ['a field too many', '{"action":"restart","page":"p","port":1}'],
  ['a rate that is not offered', '{"action":"rate","page":"p","ratePerSecond":100000}'],
  ['a rate that is no number', '{"action":"rate","page":"p","ratePerSecond":"1"}'],
  ['a round trip that is not offered', '{"action":"round-trip","page":"p","roundTripMs":1e9}'],
])('refuses the rest with a sentence: %s', (_what, text) => {
  expect(commandOf(text, OFFERS)).toMatch(/^[A-Z].*\.$/);
});
