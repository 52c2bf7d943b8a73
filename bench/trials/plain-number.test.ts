import { describe, expect, it } from 'vitest';
import { number } from './plain-number.js';

describe('a number on the page', () => {
  it('has three significant digits, and every digit before the point', () => {
    expect([0.0160123, 1.0949, 7.272, 100.04, 1401.7, 86.88].map(number)).toEqual([
      '0.0160',
      '1.09',
      '7.27',
      '100',
      '1,402',
      '86.9',
    ]);
  });

  it('has no zeros behind the point when it is whole', () => {
    expect([0, 1, 50].map(number)).toEqual(['0', '1', '50']);
  });
});
