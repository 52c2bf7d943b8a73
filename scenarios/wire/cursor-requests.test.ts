import { describe, expect, it } from 'vitest';
import { sharedContext } from '../testing/shared-context.js';
import { CursorRequests, cursorRequests } from './cursor-requests.js';

const context = sharedContext(() => {});
const on = (path: string) => sharedContext(() => {}, { target: { ...context.target, path } });

describe('CursorRequests', () => {
  it('asks for what came after a cursor of ten digits', () => {
    expect(new CursorRequests(context).for(42)).toBe(
      'GET /news?since=0000000042 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\n\r\n',
    );
  });

  it('adds its parameter to a query that is there already', () => {
    expect(new CursorRequests(on('/news?room=1')).for(0)).toMatch(
      /^GET \/news\?room=1&since=0000000000 HTTP/,
    );
  });

  it('is as long for every cursor', () => {
    const requests = new CursorRequests(context);
    const lengths = [0, 1, 9, 10, 99_999, 2_147_483_647].map((cursor) => requests.for(cursor).length);
    expect(new Set(lengths).size).toBe(1);
  });

  it('answers by the cursor asked for, going forth and back', () => {
    const requests = new CursorRequests(context);
    for (const cursor of [1, 2, 2, 1, 0, 7])
      expect(requests.for(cursor)).toContain(`since=000000000${cursor} `);
  });

  it("has a browser's fields when they are wanted", () => {
    const request = new CursorRequests(sharedContext(() => {}, { headers: 'browser' })).for(3);
    expect(request).toMatch(/^GET \/news\?since=0000000003 HTTP\/1\.1\r\nHost: [^\r]+\r\n/);
    expect(request).toContain('\r\nUser-Agent: Mozilla/5.0');
    expect(request.endsWith('\r\n\r\n')).toBe(true);
  });

  it('asks for the connection to be closed after the answer, in the place of a keep-alive', () => {
    expect(new CursorRequests(context, true).for(42)).toBe(
      'GET /news?since=0000000042 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\nConnection: close\r\n\r\n',
    );
    const browser = sharedContext(() => {}, { headers: 'browser' });
    const [keeps, closes] = [false, true].map((closing) => new CursorRequests(browser, closing).for(3));
    expect(closes).toBe(keeps!.replace('Connection: keep-alive', 'Connection: close'));
    expect(cursorRequests(context, true)).not.toBe(cursorRequests(context));
  });

  it('is one for all clients that share a context, and another for others', () => {
    expect(cursorRequests(context)).toBe(cursorRequests(context));
    expect(cursorRequests(on('/news'))).not.toBe(cursorRequests(context));
  });
});
