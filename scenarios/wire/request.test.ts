import { describe, expect, it } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { BROWSER_FIELDS } from '../browser-headers.js';
import type { Target } from '../contract.js';
import { acceptFor, closeHead, requestHead, upgradeFields, upgradeKey } from './request.js';

const target: Target = { address: '127.0.0.1', port: 40123, host: '127.0.0.1:40123', path: '/events' };
const kinds = Object.keys(BROWSER_FIELDS) as (keyof typeof BROWSER_FIELDS)[];
const methodOf = (kind: (typeof kinds)[number]): string => (kind === 'post' ? 'POST' : 'GET');

describe('a minimal request', () => {
  it('is its request line and a Host field, for every kind', () => {
    for (const kind of kinds) {
      expect(closeHead(requestHead(target, '/events?x=1', 'minimal', kind))).toBe(
        `${methodOf(kind)} /events?x=1 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\n\r\n`,
      );
    }
  });

  it('may have more fields before its blank line', () => {
    expect(
      closeHead(requestHead(target, '/', 'minimal', 'event-stream'), 'Last-Event-ID: 0000000005\r\n'),
    ).toBe('GET / HTTP/1.1\r\nHost: 127.0.0.1:40123\r\nLast-Event-ID: 0000000005\r\n\r\n');
  });

  it('upgrades with the four fields of RFC 6455', () => {
    const head = requestHead(target, '/socket', 'minimal', 'upgrade');
    expect(closeHead(head, upgradeFields('dGhlIHNhbXBsZSBub25jZQ=='))).toBe(
      [
        'GET /socket HTTP/1.1',
        'Host: 127.0.0.1:40123',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
        '',
        '',
      ].join('\r\n'),
    );
  });
});

describe("a browser's request", () => {
  it('is well formed: Host first, then fields with a name, a value and no field twice', () => {
    for (const kind of kinds) {
      const lines = closeHead(requestHead(target, '/p', 'browser', kind)).split('\r\n');
      expect(lines.slice(0, 2)).toEqual([`${methodOf(kind)} /p HTTP/1.1`, 'Host: 127.0.0.1:40123']);
      expect(lines.slice(-2)).toEqual(['', '']);
      const fields = lines.slice(2, -2);
      for (const field of fields) expect(field).toMatch(/^[A-Za-z-]+: [\x20-\x7e]+$/);
      const names = fields.map((field) => field.split(':')[0]!.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
      expect(lines.join()).not.toContain('{host}');
    }
  });

  it('names the page it comes from by the host of its target', () => {
    expect(requestHead(target, '/p', 'browser', 'poll')).toContain(
      '\r\nReferer: http://127.0.0.1:40123/\r\n',
    );
    expect(requestHead(target, '/p', 'browser', 'upgrade')).toContain(
      '\r\nOrigin: http://127.0.0.1:40123\r\n',
    );
  });

  it('draws keys of 16 bytes for upgrades, none twice', () => {
    const random = createRandom(1, 'tests');
    const keys = Array.from({ length: 50 }, () => upgradeKey(random));
    for (const key of keys) expect(Buffer.from(key, 'base64').length).toBe(16);
    expect(new Set(keys).size).toBe(50);
  });

  it('leaves the fields of an upgrade to upgradeFields', () => {
    const names = BROWSER_FIELDS.upgrade.map(([name]) => name.toLowerCase());
    for (const name of ['upgrade', 'connection', 'sec-websocket-key', 'sec-websocket-version']) {
      expect(names).not.toContain(name);
    }
  });

  it('never changes from one version to the next, or results could not be compared', () => {
    const heads = kinds.map((kind) => closeHead(requestHead(target, '/p', 'browser', kind)));
    expect(Object.fromEntries(kinds.map((kind, n) => [kind, heads[n]!.length]))).toMatchInlineSnapshot(`
      {
        "event-stream": 537,
        "frame": 677,
        "poll": 480,
        "post": 553,
        "upgrade": 377,
      }
    `);
    expect(
      closeHead(requestHead(target, '/p', 'browser', 'event-stream')).split('\r\n'),
    ).toMatchInlineSnapshot(`
      [
        "GET /p HTTP/1.1",
        "Host: 127.0.0.1:40123",
        "Connection: keep-alive",
        "Pragma: no-cache",
        "Cache-Control: no-cache",
        "sec-ch-ua-platform: "Linux"",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
        "Accept: text/event-stream",
        "sec-ch-ua: "Not:A-Brand";v="8", "Chromium";v="156"",
        "sec-ch-ua-mobile: ?0",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Dest: empty",
        "Referer: http://127.0.0.1:40123/",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: en-US,en;q=0.9",
        "",
        "",
      ]
    `);
  });
});

describe('acceptFor', () => {
  it("gives the answer of RFC 6455's example", () => {
    expect(acceptFor('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });
});
