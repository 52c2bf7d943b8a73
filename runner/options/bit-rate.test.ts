import { describe, expect, it } from 'vitest';
import { bitRate } from './bit-rate.js';
import { roundTrip } from './round-trip.js';
import { messageOf } from './value.js';

const check = (text: string) => {
  const parsed = bitRate(1, 1e9).safeParse(text);
  return parsed.success ? parsed.data : messageOf(parsed.error);
};

describe('a bandwidth', () => {
  it.each([
    ['56000', 56_000],
    ['56k', 56_000],
    ['1.5M', 1_500_000],
    ['.5k', 500],
    ['1000M', 1e9],
  ])('%s is %i bit/s', (text, bits) => {
    expect(check(text)).toBe(bits);
  });

  it.each(['-5', '0', '', 'fast', '1e6', '1 M', '1001M', '1..5k', 'k', '10kbit', 'Infinity', 'NaN'])(
    'refuses "%s"',
    (text) => {
      expect(check(text)).toMatch(/^is not a number of bits a second from 1 to 1,000,000,000, such as 56k/);
    },
  );

  it('says what the letters mean when one is near', () => {
    expect(check('56K')).toContain('k is 1,000');
    expect(check('1m')).toContain('M 1,000,000');
  });
});

describe('a round trip', () => {
  const trip = (text: string) => {
    const parsed = roundTrip(4, 2000).safeParse(text);
    return parsed.success ? parsed.data : messageOf(parsed.error);
  };

  it('is 0, or 4 ms and more', () => {
    expect(['0', '4', '40.5', '2000'].map(trip)).toEqual([0, 4, 40.5, 2000]);
    expect(trip('3.9')).toBe(
      "is not 0 or a number of milliseconds from 4 to 2,000; the link's timers are no finer",
    );
    for (const text of ['-5', 'x', '', '2001', '1e2', '4ms']) {
      expect(trip(text)).toBe('is not 0 or a number of milliseconds from 4 to 2,000');
    }
  });
});
