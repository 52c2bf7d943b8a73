import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { DemoStatus, TransportId } from '../runner/demo/contract.js';
import { DemoRun } from './support/demo-run.js';

const demos: DemoRun[] = [];
function demo(line = ''): DemoRun {
  const own = new DemoRun(line);
  demos.push(own);
  return own;
}
const clear = async (): Promise<void> => {
  for (const own of demos.splice(0)) await own.clear();
};

/** A raw exchange: what is sent, and everything that comes back until the end or until `enough`. */
async function exchange(url: string, text: string, enough: (heard: string) => boolean): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let heard = '';
  socket.write(text);
  for await (const part of socket as AsyncIterable<Buffer>) {
    heard += part.toString('latin1');
    if (enough(heard)) break;
  }
  socket.destroy();
  return heard;
}

/** The status of a request with these fields. fetch() sets Host and Origin by itself. */
function statusOf(url: string, method: string, headers: Record<string, string>, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the demo', () => {
  let own: DemoRun;
  let url: string;
  let addresses: Record<TransportId, string>;
  beforeAll(async () => {
    own = new DemoRun('--rate 20');
    url = await own.url();
    const { transports } = await own.settings();
    addresses = Object.fromEntries(
      transports.map(({ id, address }) => [id, new URL(address, url).href]),
    ) as typeof addresses;
  });
  afterAll(() => own.clear());

  it('prints one line with the address, and a hint beside it', () => {
    expect(own.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(own.stderr).toMatch(/^Open it .*Ctrl-C.*\n$/);
  });

  it('listens on 127.0.0.1 only: the page, five ends of the link and five servers', () => {
    const listeners = own.listeners();
    expect(listeners).toHaveLength(11);
    for (const address of listeners) expect(address).toMatch(/^0100007F:/);
  });

  it('sends a page that may load nothing from elsewhere and cannot be framed, escaped', async () => {
    const answer = await fetch(url);
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    const named = [...policy.matchAll(/(?:http|ws):\/\/[^\s;]+/g)].map((match) => match[0]);
    expect(named).toHaveLength(4);
    for (const origin of named) expect(origin).toMatch(/^(http|ws):\/\/127\.0\.0\.1:\d+$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const html = await answer.text();
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual([
      'data:,',
      '/page.css',
      '/page.js',
    ]);
    expect(html).not.toContain('{{');
    for (const file of ['page.js', 'page.css']) expect((await fetch(`${url}${file}`)).status).toBe(200);
  });

  it('brings the same messages through all five', async () => {
    const from = (await own.status()).published;
    // By the page's clock `from` is published. On a busy machine a server may be a little behind it, and send an earlier one.
    const isNew = (number: number): boolean => number >= from;
    const inSocket = async (): Promise<number> => {
      const socket = new WebSocket(addresses.websocket, { perMessageDeflate: false });
      let number = 0;
      socket.on('message', (data: Buffer) => {
        number = Number(data.toString().slice(0, 10));
      });
      while (!isNew(number)) await once(socket, 'message');
      socket.terminate();
      return number;
    };
    const inAnswer = async (id: 'polling' | 'longpoll'): Promise<number> => {
      const query = `?since=${String(from - 1).padStart(10, '0')}`;
      let text = '';
      while (text === '') {
        text = await (await fetch(`${addresses[id]}${query}`)).text();
        if (text === '') await delay(5);
      }
      const number = Number(text.slice(0, 10));
      expect(number, id).toBe(from);
      return number;
    };
    const inStream = async (id: 'iframe' | 'sse'): Promise<number> => {
      const field = id === 'iframe' ? `Host: ${new URL(url).host}` : 'Host: x';
      const pattern = id === 'iframe' ? /parent\.m\("(\d{10})/g : /data: (\d{10})\n\n/g;
      // The event `ready` has a number of its own.
      const first = (all: string): number | undefined =>
        [...all.replace(/event: ready[\s\S]*?\n\n/, '').matchAll(pattern)]
          .map((match) => Number(match[1]))
          .find(isNew);
      const head = `GET ${new URL(addresses[id]).pathname} HTTP/1.1\r\n${field}\r\n\r\n`;
      return first(await exchange(addresses[id], head, (all) => first(all) !== undefined))!;
    };
    for (const [id, heard] of Object.entries({
      polling: () => inAnswer('polling'),
      longpoll: () => inAnswer('longpoll'),
      iframe: () => inStream('iframe'),
      sse: () => inStream('sse'),
      websocket: inSocket,
    })) {
      const number = await heard();
      const { published } = await own.status();
      expect(number, id).toBeGreaterThanOrEqual(from);
      expect(number, id).toBeLessThanOrEqual(published);
    }
  });

  it("passes the frame's stream through byte for byte, and counts it by the server's own sockets", async () => {
    const before = (await own.command({ action: 'enter' })).traffic.iframe;
    const head = `GET /iframe HTTP/1.1\r\nhOSt: ${new URL(url).host}\r\nX-Odd:  two\r\nCookie: a=1; b=2\r\n\r\n`;
    const heard = await exchange(url, head, (all) => all.split('parent.m').length > 3);
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/html/);
    // Nothing of the page's server is in it.
    expect(heard.toLowerCase()).not.toContain('nosniff');
    const after = (await own.status()).traffic.iframe;
    expect(before).toMatchObject({ up: 0, down: 0 });
    // node:http trims the blank at a field's end, and keeps order and spelling.
    expect(after.up).toBe(head.length - 1);
    expect(after.down).toBeGreaterThanOrEqual(heard.length);
    expect(after.down).toBeLessThan(heard.length + 20 * 45);
  });

  it('counts a page from the moment it came, and tells an earlier one that it is not meant any more', async () => {
    await own.command({ action: 'enter' }, 'first');
    const head = 'GET /polling HTTP/1.1\r\nHost: x\r\n\r\n';
    await exchange(addresses.polling, head, (all) => all.includes('\r\n\r\n'));
    expect((await own.status('first')).traffic.polling.up).toBe(head.length);
    const second = await own.command({ action: 'enter' }, 'second');
    expect(second).toMatchObject({ active: true, traffic: { polling: { up: 0, down: 0 } } });
    expect((await own.status('first')).active).toBe(false);
    expect((await own.status('second')).active).toBe(true);
  });

  /** A client that has heard its first message; whatever a test leaves open is closed after it. */
  const listen = async (): Promise<WebSocket> => {
    const socket = new WebSocket(addresses.websocket, { perMessageDeflate: false });
    sockets.push(socket);
    await once(socket, 'message');
    return socket;
  };
  const sockets: WebSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });

  it('knows which messages are in the counters: a stream has moved its bytes for each of them, no more', async () => {
    const socket = await listen();
    const { traffic: first } = await own.status();
    const moved = (now: DemoStatus): number => now.traffic.websocket.down - first.websocket.down;
    const sent = (now: DemoStatus): number => now.traffic.websocket.published - first.websocket.published;
    for (let now = await own.status(); sent(now) < 40; now = await own.status()) {
      expect(moved(now)).toBe(12 * sent(now));
    }
    socket.terminate();
  });

  it('delays what passes, on connections that stand, too', async () => {
    const lateMs = async (): Promise<number> => {
      const socket = new WebSocket(addresses.websocket, { perMessageDeflate: false });
      await once(socket, 'open');
      // Until one is quicker than the delay: a busy machine may hold some up.
      for (let tookMs = Number.POSITIVE_INFINITY; tookMs >= 200; ) {
        const sentMs = performance.now();
        socket.ping();
        await once(socket, 'pong');
        tookMs = performance.now() - sentMs;
      }
      await own.command({ action: 'round-trip', roundTripMs: 200 });
      const slowMs = performance.now();
      socket.ping();
      await once(socket, 'pong');
      const tookMs = performance.now() - slowMs;
      socket.terminate();
      return tookMs;
    };
    expect(await lateMs()).toBeGreaterThanOrEqual(199);
    await own.command({ action: 'round-trip', roundTripMs: 0 });
  });

  it.each([
    ['a name that was made to point here', 'GET', '/', { Host: 'evil.example' }],
    ['the stream for another site', 'GET', '/iframe', { 'Sec-Fetch-Site': 'cross-site' }],
    ['the state of things for another port', 'GET', '/status', { 'Sec-Fetch-Site': 'same-site' }],
    ['a command without an origin', 'POST', '/command', { 'Content-Type': 'application/json' }],
    ['a command of another origin', 'POST', '/command', { Origin: 'http://evil.example' }],
    [
      'a command without the token',
      'POST',
      '/command',
      { Origin: 'SELF', 'Content-Type': 'application/json' },
    ],
  ])('refuses %s', async (_what, method, path, fields) => {
    const { origin } = new URL(url);
    const headers = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, value === 'SELF' ? origin : value]),
    );
    const body = method === 'POST' ? '{"action":"restart","page":"x"}' : '';
    expect(await statusOf(`${origin}${path}`, method, headers, body)).toBe(403);
    expect((await own.status()).outages).toEqual([]);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['GET', '//', 404],
    ['GET', '/../package.json', 404],
    ['DELETE', '/', 405],
    ['GET', '/command', 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { hostname, port, host } = new URL(url);
    const answered = await new Promise<number>((resolve, reject) => {
      request({ host: hostname, port, method, path, headers: { Host: host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      })
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(status);
  });

  it('refuses commands that are none, or too long, and goes on', async () => {
    await expect(own.command({ action: 'exec' })).rejects.toThrow(/There are the actions/);
    await expect(own.command({ action: 'rate', ratePerSecond: 1e6 })).rejects.toThrow(/The rates are/);
    await expect(own.command({ action: 'enter', more: 'x'.repeat(5000) })).rejects.toThrow(/at most/);
    expect((await own.status()).published).toBeGreaterThan(0);
  });

  it('changes the rate without a gap or a repetition, and what waits follows the new rate', async () => {
    const socket = await listen();
    const numbers: number[] = [];
    socket.on('message', (data: Buffer) => numbers.push(Number(data.toString())));
    for (const ratePerSecond of [10, 0.5, 20, 5, 0.5, 20]) {
      const { segments } = await own.command({ action: 'rate', ratePerSecond });
      const { firstSequence, ratePerSecond: now } = segments.at(-1)!;
      expect(now).toBe(ratePerSecond);
      // Of a slow rate only what was under way is waited for: the servers are then told of a far instant.
      const isSlow = ratePerSecond === 0.5;
      const enough = isSlow ? firstSequence - 1 : firstSequence + 5;
      let status = await own.status();
      while (status.published < enough) status = await own.status();
      // A server that still waited for the far instant would not have begun.
      if (!isSlow) expect(status.traffic.websocket.published).toBeGreaterThanOrEqual(firstSequence);
      while ((numbers.at(-1) ?? 0) < enough) await once(socket, 'message');
    }
    expect(numbers).toEqual(numbers.map((_, at) => numbers[0]! + at));
  });

  it('kills the servers and brings them back on their ports with their log; the counters go on', async () => {
    const socket = await listen();
    let last = 0;
    socket.on('message', (data: Buffer) => {
      last = Number(data.toString());
    });
    const pids = own.servers();
    const before = await own.status();
    for (let message = 0; message < 3; message++) await once(socket, 'message');
    const closed = once(socket, 'close');
    const away = await own.command({ action: 'restart' });
    expect(away.outages).toMatchObject([{ untilMs: null }]);
    await closed;
    // Once more while it lasts changes nothing.
    await own.command({ action: 'restart' });
    await expect(fetch(addresses.polling)).rejects.toThrow();
    const since = String(before.published).padStart(10, '0');
    let answer: Response | null = null;
    while (answer === null) answer = await fetch(`${addresses.longpoll}?since=${since}`).catch(() => null);
    const numbers = (await answer.text()).split('\n').map(Number);
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers).toEqual(numbers.map((_, at) => before.published + 1 + at));
    const after = await own.status();
    // To the byte: the last message that arrived is the last one counted.
    const moved = after.traffic.websocket.down - before.traffic.websocket.down;
    expect(moved).toBe(12 * (last - before.traffic.websocket.published));
    expect(after.traffic.websocket.up).toBe(before.traffic.websocket.up);
    const fresh = own.servers();
    expect(fresh).toHaveLength(5);
    expect(fresh.filter((pid) => pids.includes(pid))).toEqual([]);
  });
});

describe('the end', () => {
  afterEach(clear);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends every process, with %i', async (signal, code) => {
    const own = demo();
    await own.url();
    expect(own.servers()).toHaveLength(5);
    if (signal === 'SIGINT') own.killGroup(signal);
    else own.kill(signal);
    expect(await own.ends()).toBe(code);
    expect(await own.orphans()).toEqual([]);
    expect(own.stderr).toMatch(/^Open it .*\n$/);
  });

  it('Ctrl-C while the servers are away ends everything, too', async () => {
    const own = demo();
    await own.command({ action: 'restart' });
    own.killGroup('SIGINT');
    expect(await own.ends()).toBe(130);
    expect(await own.orphans()).toEqual([]);
  });

  it('a demo that is killed leaves no server behind', async () => {
    const own = demo();
    await own.url();
    own.kill('SIGKILL');
    expect(await own.ends()).toBe('SIGKILL');
    expect(await own.orphans()).toEqual([]);
  });

  it('a server that dies although nobody killed it is a fault, in one sentence', async () => {
    const own = demo();
    await own.url();
    process.kill(own.servers()[0]!, 'SIGKILL');
    expect(await own.ends()).toBe(4);
    expect(own.stderr).toMatch(/\npushbench: .*server process.*SIGKILL.*\.\n$/);
    expect(await own.orphans()).toEqual([]);
  });

  it('a port that is taken is told in one sentence, with nothing left', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const own = demo(`--port ${port}`);
    expect(await own.ends()).toBe(4);
    holder.close();
    expect(own.stdout).toBe('');
    expect(own.stderr).toMatch(new RegExp(`^pushbench: Cannot listen on 127.0.0.1:${port}: .*in use.*\\n$`));
    expect(await own.orphans()).toEqual([]);
  });

  it.each([
    ['--rate 21', '--rate: "21" is not a number from 0.1 to 20.'],
    ['--poll-interval 5', '--poll-interval: "5" is not a whole number'],
    ['--clients 5', '--clients does not belong to "demo"'],
  ])('%s is refused and nothing is started', async (line, sentence) => {
    const own = demo(line);
    expect(await own.ends()).toBe(2);
    expect(own.stderr).toContain(sentence);
    expect(own.stderr).toContain('Nothing was started.');
  });
});
