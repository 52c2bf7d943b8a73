import { expect, it } from 'vitest';
import { compareWithFrozen, type HeaderField } from './header-freeze.js';

const FROZEN: readonly HeaderField[] = [
  ['User-Agent', 'Mozilla/5.0 (X11) Chrome/156.0.0.0 Safari/537.36'],
  ['sec-ch-ua', '"Not:A-Brand";v="8", "Chromium";v="156"'],
  ['Accept', '*/*'],
];
const compare = (live: readonly HeaderField[], version: string) =>
  compareWithFrozen('poll', FROZEN, '156.0.8078.79', live, version);

it('sees no difference in version numbers, made-up brands and headless mode', () => {
  const live: HeaderField[] = [
    ['User-Agent', 'Mozilla/5.0 (X11) HeadlessChrome/157.0.0.0 Safari/537.36'],
    ['sec-ch-ua', '"Chromium";v="157", "Not)A;Brand";v="24"'],
    ['Accept', '*/*'],
  ];
  expect(compare(live, '157.0.1.2')).toEqual({ same: true, fails: false, message: '' });
});

it('fails when the very version that was frozen sends something else', () => {
  const { fails, message } = compare([...FROZEN, ['Priority', 'u=1']], '156.0.9999.1');
  expect(fails).toBe(true);
  expect(message).toContain('+ Priority: u=1');
});

it('asks to refreeze, and does not fail, when another version sends something else', () => {
  const { same, fails, message } = compare(FROZEN.slice(0, 2), '160.0.1.2');
  expect([same, fails]).toEqual([false, false]);
  expect(message).toContain('Chromium 160.0.1.2 sends other fields with its poll request');
  expect(message).toContain('refreeze');
  expect(message).toContain('- Accept: */*');
});

it('sees a change of order', () => {
  const { fails, message } = compare([FROZEN[2]!, FROZEN[0]!, FROZEN[1]!], '156.0.1.1');
  expect(fails).toBe(true);
  expect(message).toContain('the order: Accept: */*; User-Agent');
});
