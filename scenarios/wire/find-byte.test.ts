import { describe, expect, it } from 'vitest';
import { findByte } from './find-byte.js';

describe('findByte', () => {
  it('finds the first one within its span, near or far, and none outside', () => {
    const buffer = Buffer.alloc(400, 'x');
    for (const at of [0, 1, 95, 96, 97, 191, 192, 300, 399]) {
      buffer[at] = 10;
      for (const start of [0, 1, 90, 96, 200, 299, 300, 301, 399]) {
        for (const end of [start, 96, 97, 191, 192, 193, 300, 301, 400]) {
          if (end < start) continue;
          expect(findByte(buffer, 10, start, end)).toBe(at >= start && at < end ? at : -1);
        }
      }
      buffer[at] = 120;
    }
  });

  it('prefers the first of several', () => {
    const buffer = Buffer.alloc(400, 'x');
    for (const at of [150, 151, 260]) buffer[at] = 10;
    expect(findByte(buffer, 10, 0, 400)).toBe(150);
    expect(findByte(buffer, 10, 152, 400)).toBe(260);
  });
});
