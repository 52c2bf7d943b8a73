import { describe, expect, it } from 'vitest';
import { cookieBytesIn, cookieLine, MAX_COOKIE_BYTES } from './cookie.js';
import { closeHead, requestHead } from './request.js';

describe('cookieLine', () => {
  it('is a Cookie field whose value has just the bytes that were asked for', () => {
    for (const bytes of [1, 2, 3, 4, 36, 100, MAX_COOKIE_BYTES]) {
      const line = cookieLine(bytes);
      const [, value] = /^Cookie: (.*)\r\n$/.exec(line)!;
      expect(value!.length).toBe(bytes);
      expect(line.length).toBe(bytes + 10);
      expect(`id=${'0123456789abcdef'.repeat(512)}`.startsWith(value!)).toBe(true);
    }
  });

  it('is nothing without a cookie', () => {
    expect(cookieLine(0)).toBe('');
  });

  it('stands at the end of a head, once, whatever the other headers are', () => {
    const target = { address: '127.0.0.1', port: 12345, host: '127.0.0.1:12345', path: '/p' };
    const cookie = cookieLine(36);
    for (const style of ['minimal', 'browser'] as const) {
      for (const kind of ['poll', 'frame', 'event-stream', 'upgrade'] as const) {
        const without = requestHead(target, '/p', style, kind);
        expect(requestHead({ ...target, cookie }, '/p', style, kind)).toBe(without + cookie);
      }
    }
    const poll = closeHead(requestHead({ ...target, cookie }, '/p?since=0000000000', 'minimal', 'poll'));
    expect(poll).toBe(
      `GET /p?since=0000000000 HTTP/1.1\r\nHost: 127.0.0.1:12345\r\nCookie: id=${'0123456789abcdef'.repeat(2)}0\r\n\r\n`,
    );
  });
});

describe('cookieBytesIn', () => {
  const line = cookieLine(36);

  it('counts the line once in a request, and in each of several', () => {
    const request = `GET / HTTP/1.1\r\nHost: x\r\n${line}\r\n`;
    for (let times = 0; times < 2; times++) {
      expect(cookieBytesIn(request, line)).toBe(46);
      expect(cookieBytesIn('GET / HTTP/1.1\r\nHost: x\r\n\r\n', line)).toBe(0);
      expect(cookieBytesIn(request + request, line)).toBe(92);
    }
  });

  it('does not take one cookie for another', () => {
    const request = `GET / HTTP/1.1\r\n${line}\r\n`;
    expect(cookieBytesIn(request, line)).toBe(46);
    expect(cookieBytesIn(request, cookieLine(40))).toBe(0);
  });
});
