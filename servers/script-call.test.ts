import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodePayload } from '../protocol/payload.js';
import { encodeScriptCall } from './script-call.js';

/** UTF-8 has no lone surrogates. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

it('a message of this tool is wrapped in exactly 30 bytes, as it is', () => {
  expect(encodeScriptCall(Buffer.from('0000000007')).toString()).toBe(
    '<script>parent.m("0000000007")</script>\n',
  );
  for (const bytes of [10, 36, 1000]) {
    const payload = encodePayload(3, bytes);
    const call = encodeScriptCall(payload);
    expect(call.length).toBe(bytes + 30);
    expect(call.includes(payload)).toBe(true);
  }
});

it('a message of several bytes a character is wrapped in the same 30 bytes, and so is base64', () => {
  for (const bytes of [19, 36, 1000]) {
    for (const payload of [
      encodePayload(3, bytes, 'unicode'),
      Buffer.from(encodePayload(3, bytes, 'binary').toString('base64')),
    ]) {
      const call = encodeScriptCall(payload);
      expect(call.length).toBe(payload.length + 30);
      expect(call.includes(payload)).toBe(true);
    }
  }
});

it('any text arrives in the parent as it was, and nothing in it closes the element or opens a comment', () => {
  const hostile = fc.constantFrom(
    '</script>',
    '<!--',
    '-->',
    '"',
    '\\',
    '\\"',
    '\n',
    '\r',
    '\u2028',
    '<',
    '\0',
    '\u00e9',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(hostile).map((parts) => parts.join('')),
  );
  const received: string[] = [];
  const page = createContext({ parent: { m: (message: string) => received.push(message) } });
  fc.assert(
    fc.property(anything, (text) => {
      const call = encodeScriptCall(Buffer.from(text, 'utf8')).toString('utf8');
      const inside = call.slice('<script>'.length, call.length - '</script>\n'.length);
      expect(inside).not.toContain('<');
      received.length = 0;
      runInContext(inside, page);
      expect(received).toEqual([wellFormed(text)]);
    }),
  );
});
