import { describe, expect, it } from 'vitest';
import { sharedContext } from '../testing/shared-context.js';
import { CursorRequests } from './cursor-requests.js';
import { PostRequests } from './post-requests.js';
import { clientPath } from './topic-path.js';

const topics = { count: 5, firstClient: 13 };
const context = sharedContext(() => {}, { topics });

describe('a client’s topic', () => {
  it('stands in its path in ten digits, by its number among all clients', () => {
    expect(clientPath(context, 0)).toBe('/news?topic=0000000004');
    expect(clientPath(context, 1)).toBe('/news?topic=0000000005');
    expect(clientPath(context, 2)).toBe('/news?topic=0000000001');
    const target = { ...context.target, path: '/news?room=1' };
    expect(clientPath({ topics, target }, 0)).toBe('/news?room=1&topic=0000000004');
  });

  it('is nowhere in a run without topics', () => {
    expect(
      clientPath(
        sharedContext(() => {}),
        0,
      ),
    ).toBe('/news');
  });

  it('stands before the cursor of a poll', () => {
    const requests = new CursorRequests(context);
    expect(requests.for(0, 0)).toBe(
      'GET /news?topic=0000000004&since=0000000000 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\n\r\n',
    );
    expect(requests.for(7, 1)).toMatch('GET /news?topic=0000000005&since=0000000007 HTTP/1.1');
    expect(requests.for(7, 2)).toMatch('GET /news?topic=0000000001&since=0000000007 HTTP/1.1');
  });

  it('stands in what is posted, whose length comes last', () => {
    expect(new PostRequests(context, false).for(0, 10)).toBe(
      'POST /news?topic=0000000004 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\nContent-Length: 10\r\n\r\n',
    );
    expect(new PostRequests(context, true).for(0, 125)).toBe(
      'POST /news?topic=0000000004 HTTP/1.1\r\nHost: 127.0.0.1:40123\r\nConnection: close\r\nContent-Length: 125\r\n\r\n',
    );
  });
});
