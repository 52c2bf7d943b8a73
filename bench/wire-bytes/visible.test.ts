import { describe, expect, it } from 'vitest';
import { visible } from './visible.js';

describe('visible', () => {
  it('shows line ends and breaks lines at them', () => {
    expect(visible('GET / HTTP/1.1\r\nA: b\r\n\r\n')).toBe('GET / HTTP/1.1\\r\\n\nA: b\\r\\n\n\\r\\n');
  });

  it('masks the date and the port without changing their lengths', () => {
    const head = 'Host: 127.0.0.1:43210\r\nDate: Sun, 22 Nov 2026 21:16:46 GMT\r\n';
    const shown = visible(head);
    expect(shown).toBe('Host: 127.0.0.1:54321\\r\\n\nDate: Thu, 01 Jan 1970 00:00:00 GMT\\r\\n');
    expect(shown.replace(/\\r\\n\n?/g, '\r\n')).toHaveLength(head.length);
  });

  it('masks the id of a session', () => {
    const id = 'eybq5bsWTOqeKgg0AAAA';
    expect(visible(`GET /?sid=${id} HTTP/1.1`)).toBe(`GET /?sid=${'S'.repeat(20)} HTTP/1.1`);
    expect(visible(`0{"sid":"${id}","upgrades":[]}`)).toBe(`0{"sid":"${'S'.repeat(20)}","upgrades":[]}`);
  });

  it('escapes what is not printable, and a line feed among it', () => {
    expect(visible('\x81\x0a0000000001')).toBe('\\x81\\x0a0000000001');
    expect(visible('GET\r\n\x81\x0a1\r\n')).toBe('GET\\r\\n\n\\x81\\x0a1\\r\\x0a');
    expect(visible('a\\b')).toBe('a\\\\b');
  });

  it('counts long runs instead of showing them', () => {
    expect(visible(`<!--${' '.repeat(900)}-->`)).toBe('<!-- [a space, 900 times] -->');
    expect(visible('x'.repeat(39))).toBe('x'.repeat(39));
  });
});
