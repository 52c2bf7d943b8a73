import { expect, it } from 'vitest';
import { closeFault, encodeClose, encodeCloseEcho, mayBeSent } from './close-codes.js';

it('takes the codes of the RFC, those registered since and those left to applications', () => {
  const allowed = Array.from({ length: 65_536 }, (_, code) => code).filter(mayBeSent);
  expect(allowed.slice(0, 13)).toEqual([
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000,
  ]);
  expect([allowed.length, allowed.at(-1)]).toEqual([12 + 2000, 4999]);
});

it('finds what is wrong with a close frame', () => {
  const fault = (hex: string): number | undefined => closeFault(Buffer.from(hex, 'hex'))?.[0];
  expect([fault(''), fault('03e8'), fault('03e861')]).toEqual([undefined, undefined, undefined]);
  expect([fault('03'), fault('03ed'), fault('0000')]).toEqual([1002, 1002, 1002]);
  expect(fault('03e8ff')).toBe(1007);
});

it('answers with the code, without one with none, and cuts a reason that does not fit', () => {
  expect(encodeCloseEcho(Buffer.from('03e8616263', 'hex')).toString('hex')).toBe('880203e8');
  expect(encodeCloseEcho(Buffer.alloc(0)).toString('hex')).toBe('8800');
  expect(encodeClose(1002, 'why').toString('latin1')).toBe('\x88\x05\x03\xeawhy');
  expect(encodeClose(1002, 'y'.repeat(200))).toHaveLength(127);
});
