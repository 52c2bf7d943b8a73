import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VirtualClient } from './contract.js';
import { type LedgerTotals, sumLayers } from './ledger.js';
import { scenarios } from './registry.js';
import { FakeSocket } from './testing/fake-socket.js';
import { sharedContext } from './testing/shared-context.js';
import { chunk, frame, marked, response } from './testing/wire-format.js';
import { acceptFor } from './wire/request.js';

vi.mock('./wire/wire-socket.js', async () => {
  const { FakeSocket } = await import('./testing/fake-socket.js');
  return { WireSocket: FakeSocket };
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

type Id = 'socketio-polling' | 'socketio-upgrade';
const IDS: readonly Id[] = ['socketio-polling', 'socketio-upgrade'];

const SESSION = 'lv_VI97HAXpY6yYWAAAB';
const HELLO = `0{"sid":"${SESSION}","upgrades":["websocket"],"pingInterval":15000,"pingTimeout":20000,"maxPayload":65536}`;
const JOINED = '40{"sid":"wZX3oN0bSVIhsaknAAAI"}';

const event = (sequence: number, bytes = 20): string => `42["message","${marked(sequence, bytes)}"]`;
const answer = (...packets: string[]): string => {
  const body = packets.join('\x1e');
  return response(
    '200 OK',
    ['Content-Type: text/plain; charset=UTF-8', `Content-Length: ${body.length}`],
    body,
  );
};
const OK = response('200 OK', ['Content-Type: text/html', 'Content-Length: 2'], 'ok');
const UNKNOWN = response(
  '400 Bad Request',
  ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
  chunk('{"code":1,"message":"Session ID unknown"}') + chunk(''),
);

/** One client with a server played by hand. */
function play(id: Id) {
  FakeSocket.made.length = 0;
  let client: VirtualClient;
  const context = sharedContext(() => client.timer());
  client = scenarios[id].createClient(context, 0);
  client.open();
  const socket = (at: number): FakeSocket => FakeSocket.made.at(at)!;
  return {
    client,
    told: context.events.told.filter.bind(context.events.told),
    socket,
    ledger: (): LedgerTotals => context.ledger.snapshot(),
    /** The ledger holds every byte of the sockets, in both directions. */
    balance(): void {
      const { up, down } = context.ledger.snapshot();
      expect([sumLayers(up), sumLayers(down)]).toEqual([client.bytesWritten, client.bytesRead]);
      expect(Math.min(...Object.values(up), ...Object.values(down))).toBeGreaterThanOrEqual(0);
      const all = FakeSocket.made;
      expect(client.bytesRead).toBe(all.reduce((sum, { bytesRead }) => sum + bytesRead, 0));
      expect(client.bytesWritten).toBe(all.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0));
    },
  };
}

type Played = ReturnType<typeof play>;
const all = (line: string): boolean => line !== '';
/** Hands on what a socket reads; tests that cut give another. */
type Say = (socket: FakeSocket, text: string) => void;
const plainly: Say = (socket, text) => socket.send(text);

/** What a socket has been given since it was last asked. */
function written(socket: FakeSocket): string {
  const text = socket.written;
  socket.written = '';
  return text;
}

/** The client's frames, unmasked. */
function unmasked(frames: string): string[] {
  const bytes = Buffer.from(frames, 'latin1');
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 1]! & 0x7f;
    const mask = bytes.subarray(at + 2, at + 6);
    const text = bytes.subarray(at + 6, at + 6 + length).map((byte, k) => byte ^ mask[k % 4]!);
    texts.push(`${bytes[at]! & 0x0f}:${Buffer.from(text).toString('latin1')}`);
    at += 6 + length;
  }
  return texts;
}

/** Up to the join: the poll after it is held, the POST answered. */
function join(played: Played, say: Say = plainly): { polls: FakeSocket; posts: FakeSocket } {
  const polls = played.socket(-1);
  polls.accept();
  say(polls, answer(HELLO));
  const posts = FakeSocket.made[FakeSocket.made.indexOf(polls) + 1]!;
  posts.accept();
  say(posts, OK);
  say(polls, answer(JOINED));
  return { polls, posts };
}

/** A session that has moved to its WebSocket. */
function move(played: Played, say: Say = plainly): FakeSocket {
  const { polls } = join(played, say);
  const socket = played.socket(-1);
  socket.accept();
  const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(written(socket))![1]!;
  say(
    socket,
    response('101 Switching Protocols', ['Upgrade: websocket', `Sec-WebSocket-Accept: ${acceptFor(key)}`]),
  );
  say(socket, frame(1, '3probe'));
  say(polls, answer('6'));
  return socket;
}

describe.each(IDS)('a client of %s', (id) => {
  /** A whole life: handshake, messages, a ping. */
  function live(say: Say) {
    const played = play(id);
    if (id === 'socketio-polling') {
      const { polls, posts } = join(played, say);
      say(polls, answer(event(1), '2', event(2)));
      say(posts, OK);
      say(polls, answer('2'));
      say(posts, OK);
      say(polls, answer(event(3)));
    } else {
      const socket = move(played, say);
      say(socket, frame(1, event(1)) + frame(1, '2') + frame(9, 'x') + frame(1, '6'));
      say(socket, frame(1, event(2).slice(0, 9), false) + frame(9, '') + frame(0, event(2).slice(9)));
      say(socket, frame(1, event(3)));
    }
    played.balance();
    const result = { told: played.told(all), ledger: played.ledger(), ends: FakeSocket.made.length };
    played.client.close();
    return result;
  }
  const whole = () => live(plainly);

  it('delivers every message once, in order, and puts every byte in its layer', () => {
    const { told, ledger } = whole();
    expect(told.filter((line) => line.startsWith('delivered'))).toEqual(
      [1, 2, 3].map((n) => `delivered 0 ${n} 20`),
    );
    expect(told.filter((line) => line.includes('connected'))).toEqual(['connected 0']);
    expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
    expect(ledger.down.payload).toBe(60);
    if (id === 'socketio-upgrade') {
      // Three frame headers of two bytes, and one more of the fragment.
      expect(ledger.down.framing).toBe(3 * 16 + 4 * 2);
      expect(ledger.down).toMatchObject({ header: 0, idle: 3 + 3 + 3 + 2 });
      // `3`, and two pongs: six bytes of header and mask each.
      expect(ledger.up).toMatchObject({ header: 0, idle: 7 + 7 + 6 });
    } else {
      // Two separators; the ping between two messages is idle.
      expect(ledger.down.framing).toBe(3 * 16 + 2);
    }
  });

  it('reads the same wherever its reads are cut', () => {
    const expected = whole();
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 200 })), (pieces) => {
        const found = live((socket, text) => {
          for (let at = 0; at < text.length; ) {
            const length = pieces.next().value;
            socket.send(text.slice(at, at + length));
            at += length;
          }
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    const byBytes = live((socket, text) => {
      for (const byte of text) socket.send(byte);
    });
    expect(byBytes).toEqual(expected);
  });

  it('puts the whole of its handshake down as handshake, a message among it as a message', () => {
    const played = play(id);
    const polls = played.socket(0);
    polls.accept();
    polls.send(answer(HELLO));
    played.socket(1).accept();
    played.socket(1).send(OK);
    polls.send(answer(JOINED, event(1, 10)));
    const { up, down } = played.ledger();
    expect(down).toMatchObject({ payload: 10, framing: 16, header: 0, idle: 0 });
    expect(down.handshake).toBe(played.client.bytesRead - 26);
    const held = id === 'socketio-polling' ? /GET(?!.*GET).*$/s.exec(polls.written)![0].length : 0;
    expect(up).toMatchObject({ header: held, idle: 0, framing: 0 });
    played.balance();
    played.client.close();
  });

  it('begins a new session when the server does not know its own, one failure, and backs off before', () => {
    const played = play(id);
    const { polls } = join(played);
    polls.send(UNKNOWN);
    expect(played.told((line) => line.startsWith('failed'))).toEqual(['failed 0 http-4xx']);
    expect(FakeSocket.made.every(({ end }) => end === 'destroyed')).toBe(true);
    played.balance();
    const before = FakeSocket.made.length;
    vi.advanceTimersByTime(49);
    expect(FakeSocket.made).toHaveLength(before);
    vi.advanceTimersByTime(52);
    played.socket(-1).accept();
    expect(played.socket(-1).written).toMatch(/^GET \/news\?EIO=4&transport=polling&t=\w{8} HTTP/);
    played.client.close();
  });

  it.each([
    ['a session id that is none', answer(HELLO.replace(SESSION, 'x\\r\\nCookie: a')), 'protocol'],
    ['no session', answer(JOINED), 'protocol'],
    ['an open packet that is no JSON', answer('0{'), 'protocol'],
    [
      'an open packet without end',
      `${answer('0').replace(/: 1\b/, ': 9999999')}${'x'.repeat(60_000)}`,
      'protocol',
    ],
    ['an answer without packets', response('200 OK', ['Content-Length: 0']), 'protocol'],
    ['a refusal', response('503 Busy', ['Content-Length: 0']), 'http-503'],
  ])('gives up on %s', (_what, text, kind) => {
    const played = play(id);
    played.socket(0).accept();
    played.socket(0).send(text);
    expect(played.told(all)).toEqual([`failed 0 ${kind}`]);
    played.balance();
    played.client.close();
  });

  it.each([
    ['a second session', HELLO, 'protocol'],
    ['a namespace that is refused', '44{"message":"no"}', 'protocol'],
    ['a namespace that is ended', '41', 'closed'],
    ['a session that is closed', '1', 'closed'],
    ['a packet of no type', 'x', 'protocol'],
  ])('loses its session over %s, once', (_what, packet, kind) => {
    const played = play(id);
    const { polls } = join(played);
    polls.send(answer(event(1), packet, packet, event(2)) + answer(event(3)));
    expect(played.told((line) => /failed|delivered/.test(line))).toEqual([
      'delivered 0 1 20',
      `failed 0 ${kind}`,
    ]);
    expect(FakeSocket.made.every(({ end }) => end === 'destroyed')).toBe(true);
    played.balance();
    played.client.close();
  });

  it('comes back when a full server has said, whichever of its connections was turned away', () => {
    const full = response('503 Service Unavailable', ['Retry-After: 3', 'Content-Length: 0']);
    for (const which of [0, 1]) {
      const played = play(id);
      played.socket(0).accept();
      if (which === 1) played.socket(0).send(answer(HELLO));
      const socket = FakeSocket.made[which]!;
      if (which === 1) socket.accept();
      socket.send(full);
      expect(played.told(all)).toEqual(['failed 0 http-503']);
      const before = FakeSocket.made.length;
      vi.advanceTimersByTime(2999);
      expect(FakeSocket.made).toHaveLength(before);
      vi.advanceTimersByTime(103);
      expect(FakeSocket.made).toHaveLength(before + 1);
      played.client.close();
    }
  });

  it('gives up on a server that has not let it in within ten seconds', () => {
    const played = play(id);
    played.socket(0).accept();
    played.socket(0).send(answer(HELLO));
    vi.advanceTimersByTime(10_001);
    expect(played.told(all)).toEqual(['failed 0 timeout']);
    played.client.close();
  });

  it('gives up on a server that has not pinged in time, and stays away once closed', () => {
    const played = play(id);
    const socket = id === 'socketio-polling' ? join(played).polls : move(played);
    vi.advanceTimersByTime(34_000);
    socket.send(id === 'socketio-polling' ? answer('2') : frame(1, '2'));
    vi.advanceTimersByTime(34_999);
    expect(played.told((line) => line.startsWith('failed'))).toEqual([]);
    vi.advanceTimersByTime(3);
    expect(played.told((line) => /failed|disc/.test(line))).toEqual(['failed 0 timeout', 'disconnected 0']);
    vi.advanceTimersByTime(101);
    played.socket(-1).accept();
    const before = FakeSocket.made.length;
    played.client.close();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(before);
    expect(FakeSocket.made.at(-1)!.end).toBe('reset');
    expect(vi.getTimerCount()).toBe(0);
    played.balance();
  });
});

describe('a Socket.IO client that polls', () => {
  const id = 'socketio-polling';

  it('asks, joins and asks again as the library does, on two connections', () => {
    const played = play(id);
    const { polls, posts } = join(played);
    expect(FakeSocket.made).toHaveLength(2);
    const asked = polls.written.match(/^GET .* HTTP/gm)!;
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatch(/^GET \/news\?EIO=4&transport=polling&t=(\w{8}) HTTP$/);
    for (const again of asked.slice(1))
      expect(again).toMatch(new RegExp(`^GET /news\\?EIO=4&transport=polling&t=\\w{8}&sid=${SESSION} HTTP$`));
    expect(new Set(asked.map((line) => /t=(\w{8})/.exec(line)![1])).size).toBe(3);
    expect(posts.written).toMatch(
      new RegExp(`^POST /news\\?EIO=4&transport=polling&t=\\w{8}&sid=${SESSION} HTTP/1\\.1\r\n`),
    );
    expect(posts.written.endsWith('\r\nContent-Length: 2\r\n\r\n40')).toBe(true);
    played.client.close();
    expect([polls.end, posts.end]).toEqual(['reset', 'reset']);
  });

  it('tells of each exchange, and puts those without news down as idle', () => {
    const played = play(id);
    const { polls, posts } = join(played);
    const poll = polls.written.length / 3;
    written(posts);
    const start = played.ledger();
    const news = answer(event(1), event(2));
    polls.send(news);
    const ping = answer('2');
    polls.send(ping);
    const pong = written(posts);
    expect(pong.endsWith('\r\nContent-Length: 1\r\n\r\n3')).toBe(true);
    posts.send(OK);
    const request = polls.written.length - 3 * Math.ceil(poll);
    expect(request).toBeGreaterThan(0);
    const exchanges = played.told((line) => line.startsWith('answered'));
    const [, up] = /^answered 2 (\d+) /.exec(exchanges[0]!)!;
    expect(exchanges).toEqual([
      `answered 2 ${up} ${news.length}`,
      `answered 0 ${up} ${ping.length}`,
      `answered 0 ${pong.length} ${OK.length}`,
    ]);
    const { up: sent, down } = played.ledger();
    expect(sent.idle - start.up.idle).toBe(Number(up) + pong.length);
    expect(down.idle - start.down.idle).toBe(ping.length + OK.length);
    expect(down.framing - start.down.framing).toBe(2 * 16 + 1);
    played.balance();
    played.client.close();
  });

  it('keeps its session when the server closes a connection after an answer, or one that is idle', () => {
    const played = play(id);
    const { polls, posts } = join(played);
    posts.close();
    polls.send(answer(event(1)).replace('200 OK', '200 OK\r\nConnection: close'));
    expect(polls.end).toBe('destroyed');
    const next = played.socket(-1);
    expect(next).not.toBe(polls);
    next.accept();
    expect(next.written).toContain(`&sid=${SESSION} HTTP`);
    next.send(answer('2'));
    const again = played.socket(-1);
    again.accept();
    expect(again.written.endsWith('\r\n\r\n3')).toBe(true);
    expect(played.told((line) => /fail|disc/.test(line))).toEqual([]);
    played.balance();
    played.client.close();
  });

  it('owes a server that pings without end one pong, not one for each ping', () => {
    const played = play(id);
    const { polls, posts } = join(played);
    written(posts);
    polls.send(answer(...Array.from({ length: 5000 }, () => '2')));
    for (let times = 0; times < 3; times++) posts.send(OK);
    expect(written(posts).match(/POST/g)).toHaveLength(2);
    played.client.close();
  });

  it.each([
    ['reset', (socket: FakeSocket) => socket.break('ECONNRESET')],
    ['closed', (socket: FakeSocket) => socket.close()],
  ] as const)('loses its session with a held poll, and with a POST under way (%s)', (kind, end) => {
    for (const whose of ['polls', 'posts'] as const) {
      const played = play(id);
      const sockets = join(played);
      if (whose === 'posts') sockets.polls.send(answer('2'));
      end(sockets[whose]);
      expect(played.told((line) => /failed|disc/.test(line))).toEqual([`failed 0 ${kind}`, 'disconnected 0']);
      played.balance();
      played.client.close();
    }
  });

  it('takes an answer that nobody asked for as a failure', () => {
    const played = play(id);
    const { posts } = join(played);
    posts.send(OK);
    expect(played.told((line) => line.startsWith('failed'))).toEqual(['failed 0 protocol']);
    played.balance();
    played.client.close();
  });
});

describe('a Socket.IO client that upgrades', () => {
  const id = 'socketio-upgrade';

  it('probes the WebSocket beside the poll, lets the poll end, moves, and closes what it polled on', () => {
    const played = play(id);
    const polls = played.socket(0);
    polls.accept();
    polls.send(answer(HELLO));
    const [, posts, socket] = FakeSocket.made as [FakeSocket, FakeSocket, FakeSocket];
    posts.accept();
    posts.send(OK);
    socket.accept();
    const request = written(socket);
    expect(request).toMatch(
      new RegExp(`^GET /news\\?EIO=4&transport=websocket&sid=${SESSION} HTTP/1\\.1\r\n`),
    );
    const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(request)![1]!;
    socket.send(response('101 Switching Protocols', [`Sec-WebSocket-Accept: ${acceptFor(key)}`]));
    expect(socket.written).toBe('');
    polls.send(answer(JOINED));
    expect(unmasked(written(socket))).toEqual(['1:2probe']);
    socket.send(frame(1, '3probe'));
    expect(socket.written).toBe('');
    expect(played.told(all)).toEqual([]);
    polls.send(answer(event(1)));
    expect(unmasked(written(socket))).toEqual(['1:5']);
    expect([polls.end, posts.end, socket.end]).toEqual(['destroyed', 'destroyed', null]);
    expect(played.told(all)).toEqual(['delivered 0 1 20', 'connected 0']);
    expect(polls.written.match(/GET/g)).toHaveLength(3);
    socket.send(frame(1, event(2)));
    expect(played.told((line) => line === 'delivered 0 2 20')).toHaveLength(1);
    played.balance();
    played.client.close();
  });

  it('moves only when its POST was answered, too', () => {
    const played = play(id);
    const polls = played.socket(0);
    polls.accept();
    polls.send(answer(HELLO));
    const [, posts, socket] = FakeSocket.made as [FakeSocket, FakeSocket, FakeSocket];
    posts.accept();
    socket.accept();
    const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(written(socket))![1]!;
    socket.send(response('101 Switching Protocols', [`Sec-WebSocket-Accept: ${acceptFor(key)}`]));
    polls.send(answer(JOINED));
    socket.send(frame(1, '3probe'));
    polls.send(answer('6'));
    expect(unmasked(written(socket))).toEqual(['1:2probe']);
    posts.send(OK);
    expect(unmasked(written(socket))).toEqual(['1:5']);
    played.balance();
    played.client.close();
  });

  it.each([
    [
      'refuses it',
      (socket: FakeSocket) => socket.send(response('400 Bad Request', ['Content-Length: 3'], 'no!')),
      'http-4xx',
    ],
    [
      'answers for another key',
      (socket: FakeSocket) => socket.send(response('101 Yes', ['Sec-WebSocket-Accept: x'])),
      'protocol',
    ],
    ['closes it', (socket: FakeSocket) => socket.close(), 'closed'],
    ['never answers it', () => vi.advanceTimersByTime(10_000), 'timeout'],
  ] as const)('goes on polling where the server offers a WebSocket and %s', (_what, end, kind) => {
    const played = play(id);
    const { polls } = join(played);
    const socket = played.socket(-1);
    socket.accept();
    end(socket);
    expect(played.told(all)).toEqual([`failed 0 ${kind}`, 'connected 0']);
    expect(socket.end).toBe('destroyed');
    polls.send(answer(event(1)));
    polls.send(answer(event(2)));
    expect(played.told((line) => line.startsWith('delivered'))).toHaveLength(2);
    expect(polls.end).toBeNull();
    played.balance();
    played.client.close();
  });

  it('goes on polling when the WebSocket is lost between probe and move', () => {
    const played = play(id);
    const { polls } = join(played);
    const socket = played.socket(-1);
    socket.accept();
    const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(written(socket))![1]!;
    socket.send(response('101 Yes', [`Sec-WebSocket-Accept: ${acceptFor(key)}`]) + frame(1, '3probe'));
    socket.break('ECONNRESET');
    polls.send(answer('6'));
    polls.send(answer(event(1)));
    expect(played.told((line) => !line.startsWith('answered'))).toEqual([
      'failed 0 reset',
      'connected 0',
      'delivered 0 1 20',
    ]);
    played.balance();
    played.client.close();
  });

  it('asks again when the WebSocket is lost after the last poll has ended', () => {
    const played = play(id);
    const polls = played.socket(0);
    polls.accept();
    polls.send(answer(HELLO));
    const [, posts, socket] = FakeSocket.made as [FakeSocket, FakeSocket, FakeSocket];
    posts.accept();
    socket.accept();
    const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(written(socket))![1]!;
    socket.send(response('101 Yes', [`Sec-WebSocket-Accept: ${acceptFor(key)}`]));
    polls.send(answer(JOINED));
    socket.send(frame(1, '3probe'));
    // The POST keeps it from moving.
    polls.send(answer('6'));
    written(polls);
    socket.close();
    expect(written(polls)).toContain(`&sid=${SESSION} HTTP`);
    expect(played.told(all)).toEqual(['failed 0 closed', 'connected 0']);
    polls.send(answer(event(1)));
    expect(played.told((line) => line.startsWith('delivered'))).toHaveLength(1);
    played.balance();
    played.client.close();
  });

  it('stays with polling, without a failure, where no WebSocket is offered', () => {
    const played = play(id);
    const polls = played.socket(0);
    polls.accept();
    polls.send(answer(HELLO.replace('"websocket"', '')));
    expect(FakeSocket.made).toHaveLength(2);
    played.socket(1).accept();
    played.socket(1).send(OK);
    polls.send(answer(JOINED));
    expect(played.told(all)).toEqual(['connected 0']);
    played.client.close();
  });

  it.each([
    ['reset', (socket: FakeSocket) => socket.break('ECONNRESET')],
    ['closed', (socket: FakeSocket) => socket.send(frame(8, '\x03\xe8') + frame(1, event(9)))],
    ['closed', (socket: FakeSocket) => socket.send(frame(1, '1') + frame(1, event(9)))],
    ['protocol', (socket: FakeSocket) => socket.send(frame(1, HELLO) + frame(1, event(9)))],
    ['protocol', (socket: FakeSocket) => socket.send(frame(1, 'x') + frame(1, event(9)))],
    ['protocol', (socket: FakeSocket) => socket.send('\xff\xff\xff')],
  ] as const)('begins a new session by polling after the WebSocket is lost (%s)', (kind, end) => {
    const played = play(id);
    end(move(played));
    expect(played.told((line) => /failed|disc|deliv/.test(line))).toEqual([
      `failed 0 ${kind}`,
      'disconnected 0',
    ]);
    played.balance();
    vi.advanceTimersByTime(101);
    const socket = move(played);
    socket.send(frame(1, event(1)));
    expect(played.told((line) => line === 'connected 0')).toHaveLength(2);
    expect(played.told((line) => line.startsWith('delivered'))).toHaveLength(1);
    played.balance();
    played.client.close();
  });
});
