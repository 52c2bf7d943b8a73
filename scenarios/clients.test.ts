import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientContext, VirtualClient } from './contract.js';
import { type LedgerTotals, sumLayers } from './ledger.js';
import { type ScenarioId as Registered, scenarios } from './registry.js';
import { FakeSocket } from './testing/fake-socket.js';
import { sharedContext } from './testing/shared-context.js';
import { chunk, frame, marked, response, script } from './testing/wire-format.js';
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

/** A session of Socket.IO has several connections, and what is said on them depends on each other: socket-io.test.ts. */
type ScenarioId = Exclude<Registered, 'socketio-polling' | 'socketio-upgrade'>;

/** One client with a server played by hand. */
function play(scenario: ScenarioId, changes: Partial<ClientContext> = {}) {
  FakeSocket.made.length = 0;
  let client: VirtualClient;
  const context = sharedContext(() => client.timer(), changes);
  client = scenarios[scenario].createClient(context, 0);
  client.open();
  const socket = () => FakeSocket.made.at(-1)!;
  return {
    client,
    told: context.events.told,
    ledger: (): LedgerTotals => context.ledger.snapshot(),
    socket,
    /** The ledger holds every byte of the sockets, in both directions. */
    balance(): void {
      const { up, down } = context.ledger.snapshot();
      expect([sumLayers(up), sumLayers(down)]).toEqual([client.bytesWritten, client.bytesRead]);
      for (const bytes of [...Object.values(up), ...Object.values(down)])
        expect(bytes).toBeGreaterThanOrEqual(0);
      const sockets = FakeSocket.made;
      expect(client.bytesRead).toBe(sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0));
    },
  };
}

const STREAM = response('200 OK', ['Transfer-Encoding: chunked']);
const answer = (...messages: string[]) =>
  response('200 OK', [`Content-Length: ${messages.join('\n').length}`], messages.join('\n'));
const upgraded = (request: string) => {
  const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(request)![1]!;
  return response('101 Switching Protocols', [
    'Upgrade: websocket',
    `Sec-WebSocket-Accept: ${acceptFor(key)}`,
  ]);
};

function framed(request: string): string {
  return upgraded(request) + frame(9, 'ping') + [1, 2, 3].map((n) => frame(1, marked(n, 20))).join('');
}

/** What each server says to a client that has asked: three messages, and something without news. */
const TALK: Readonly<Record<ScenarioId, (request: string) => string>> = {
  polling: () => answer(marked(1, 20), marked(2, 20), marked(3, 20)),
  'polling-close': () => answer(marked(1, 20), marked(2, 20), marked(3, 20)),
  longpoll: () => answer(marked(1, 20), marked(2, 20), marked(3, 20)),
  iframe: () =>
    STREAM +
    [`<html>${' '.repeat(64)}\n`, script(marked(1, 20)), '\n', script(marked(2, 20)) + script(marked(3, 20))]
      .map((part) => chunk(part))
      .join(''),
  'sse-library': () =>
    STREAM +
    ['retry:500\n\n', ':\n\n', ...[1, 2, 3].map((n) => `event:message\nid:${n}\ndata:${marked(n, 20)}\n\n`)]
      .map((part) => chunk(part))
      .join(''),
  sse: () =>
    STREAM +
    ['retry: 500\n\n', ': hello\n\n', ...[1, 2, 3].map((n) => `id: ${n}\ndata: ${marked(n, 20)}\n\n`)]
      .map((part) => chunk(part))
      .join(''),
  websocket: framed,
  'websocket-raw': framed,
};

const CLOSING = 'polling-close';

/** Connects and lets the client ask. `sockets` is how many it has had by then. */
function ask(scenario: ScenarioId) {
  const play_ = play(scenario);
  play_.socket().accept();
  // Its first poll is asked at once and makes it a connected client; the next is on a connection of its own.
  if (scenario === CLOSING) {
    play_.socket().send(response('204 No Content', ['Connection: close']));
    play_.socket().close();
  }
  vi.advanceTimersByTime(1001);
  if (scenario === CLOSING) play_.socket().accept();
  return { ...play_, sockets: FakeSocket.made.length };
}

describe.each(Object.keys(TALK) as ScenarioId[])('a client of %s', (scenario) => {
  it('delivers every message once and puts every byte down once, wherever the stream is cut', () => {
    const length = TALK[scenario]('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n').length;
    let whole: LedgerTotals | undefined;
    for (let cut = 0; cut < length; cut++) {
      const { client, socket, told, ledger, balance } = ask(scenario);
      const text = TALK[scenario](socket().written);
      socket().send(text.slice(0, cut));
      balance();
      socket().send(text.slice(cut));
      balance();
      expect(told.filter((line) => line.startsWith('delivered'))).toEqual(
        [1, 2, 3].map((n) => `delivered 0 ${n} 20`),
      );
      expect(told.filter((line) => line.startsWith('connected'))).toEqual(['connected 0']);
      whole ??= ledger();
      expect(ledger()).toEqual(whole);
      expect(ledger().down.payload).toBe(60);
      client.close();
    }
  });

  it('comes back by itself after the connection broke, and stays away once closed', () => {
    const { client, socket, told, balance, sockets } = ask(scenario);
    socket().send(TALK[scenario](socket().written).slice(0, -5));
    socket().break('ECONNRESET');
    expect(told).toContain('failed 0 reset');
    expect(told.at(-1)).toBe('disconnected 0');
    vi.advanceTimersByTime(1001);
    expect(FakeSocket.made).toHaveLength(sockets + 1);
    socket().accept();
    vi.advanceTimersByTime(1001);
    socket().send(TALK[scenario](socket().written));
    expect(told.filter((line) => line === 'connected 0')).toHaveLength(2);
    balance();
    client.close();
    // A poll's own connection has ended with its answer.
    expect(socket().end).toBe(scenario === CLOSING ? 'destroyed' : 'reset');
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(sockets + 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('names the reason of a failed connection and tries again, more and more slowly', () => {
    const { client, told } = play(scenario);
    const startedAt: number[] = [];
    for (const [code, kind] of [
      ['ECONNREFUSED', 'refused'],
      ['EADDRNOTAVAIL', 'no-ports'],
      ['EMFILE', 'no-descriptors'],
      ['ETIMEDOUT', 'timeout'],
      ['EPROTO', 'other'],
    ] as const) {
      startedAt.push(performance.now());
      FakeSocket.made.at(-1)!.break(code);
      expect(told.at(-1)).toBe(`failed 0 ${kind}`);
      vi.advanceTimersToNextTimer();
      while (FakeSocket.made.length === startedAt.length) vi.advanceTimersToNextTimer();
    }
    startedAt.push(performance.now());
    startedAt.slice(1).forEach((at, attempt) => {
      const waited = at - startedAt[attempt]!;
      expect(waited).toBeGreaterThanOrEqual(50 * 2 ** attempt);
      expect(waited).toBeLessThan(100 * 2 ** attempt + 3);
    });
    client.close();
  });

  it('gives up on a connection that is not established within ten seconds', () => {
    const { client, told, socket } = play(scenario);
    const first = socket();
    vi.advanceTimersByTime(9999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(told).toEqual(['failed 0 timeout']);
    expect(first.end).toBe('destroyed');
    client.close();
  });

  it('counts an answer that breaks HTTP as one failure, and every byte of it', () => {
    const { client, socket, told, balance } = ask(scenario);
    socket().send('SSH-2.0-OpenSSH_9.2\r\nSSH-2.0-OpenSSH_9.2\r\n');
    expect(told.filter((line) => line.startsWith('failed'))).toEqual(['failed 0 protocol']);
    balance();
    client.close();
  });

  it.each([
    ['404 Not Found', 'http-4xx'],
    ['503 Service Unavailable', 'http-503'],
    ['500 Oh', 'http-5xx'],
    ['302 Found', 'redirected'],
  ])('counts an answer of %s as one failure of kind %s, and every byte of it', (status, kind) => {
    for (const fields of [['Content-Length: 34'], ['Connection: close']]) {
      const { client, socket, told, balance } = ask(scenario);
      socket().send(response(status, fields, `data: ${marked(1, 10)}\n\n${script('')}`.slice(0, 34)));
      socket().close();
      expect(told.filter((line) => /failed|delivered/.test(line))[0]).toBe(`failed 0 ${kind}`);
      expect(told.filter((line) => line.startsWith('delivered'))).toEqual([]);
      balance();
      client.close();
    }
  });

  it('survives a server that says all it can after it said goodbye', () => {
    const goodbyes: Readonly<Record<ScenarioId, (request: string) => string>> = {
      polling: () => response('200 OK', ['Connection: close', 'Content-Length: 10'], marked(1, 10)),
      'polling-close': () => response('200 OK', ['Connection: close', 'Content-Length: 10'], marked(1, 10)),
      longpoll: () => response('200 OK', ['Connection: close', 'Content-Length: 10'], marked(1, 10)),
      iframe: () => `${STREAM}0\r\n\r\n`,
      sse: () => `${STREAM}0\r\n\r\n`,
      'sse-library': () => `${STREAM}0\r\n\r\n`,
      websocket: (request) => upgraded(request) + frame(8, '\x03\xe8'),
      'websocket-raw': (request) => upgraded(request) + frame(8, '\x03\xe8'),
    };
    const more = {
      polling: answer(marked(2, 10)) + response('204 No', []),
      'polling-close': answer(marked(2, 10)) + response('204 No', []),
      longpoll: answer(marked(2, 10)) + response('204 No', []),
      iframe: STREAM + chunk(script(marked(1, 10))),
      sse: `${STREAM}${chunk(`data: ${marked(1, 10)}\n\n`)}`,
      'sse-library': `${STREAM}${chunk(`data:${marked(1, 10)}\n\n`)}`,
      websocket: frame(9, 'x') + frame(8, '') + frame(1, marked(1, 10)),
      'websocket-raw': frame(9, 'x') + frame(8, '') + frame(1, marked(1, 10)),
    };
    const { client, socket, told, balance, sockets } = ask(scenario);
    client.settle(0);
    socket().send(goodbyes[scenario](socket().written) + more[scenario]);
    expect(socket().end).toBe('destroyed');
    expect(told.filter((line) => line === 'disconnected 0')).toHaveLength(scenario === CLOSING ? 0 : 1);
    balance();
    vi.advanceTimersByTime(1001);
    expect(FakeSocket.made).toHaveLength(sockets + 1);
    client.close();
  });
});

describe('what a client sends when it comes back', () => {
  it('asks for what came after the last message, polling and long polling', () => {
    for (const scenario of ['polling', 'longpoll'] as const) {
      const { client, socket } = ask(scenario);
      expect(socket().written).toContain('since=0000000000 ');
      socket().send(TALK[scenario](''));
      socket().break('ECONNRESET');
      vi.advanceTimersByTime(200);
      socket().accept();
      vi.advanceTimersByTime(1001);
      expect(socket().written).toContain('since=0000000003 ');
      client.close();
    }
  });

  it('sends the last event id, SSE, after the time that the server asked for', () => {
    const { client, socket } = ask('sse');
    expect(socket().written).not.toContain('Last-Event-ID');
    socket().send(TALK.sse(''));
    socket().break('ECONNRESET');
    vi.advanceTimersByTime(249);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(253);
    expect(FakeSocket.made).toHaveLength(2);
    socket().accept();
    expect(socket().written).toContain('\r\nLast-Event-ID: 3\r\n');
    client.close();
  });
});

describe('the ledger of a client', () => {
  it('puts the whole of an empty poll down as idle, both ways', () => {
    const { client, socket, ledger, told } = ask('polling');
    const empty = response('204 No Content', []);
    socket().send(empty);
    expect(told).toEqual(['connected 0', `answered 0 ${socket().written.length} ${empty.length}`]);
    expect(ledger().down).toMatchObject({ idle: empty.length, header: 0, framing: 0 });
    expect(ledger().up).toMatchObject({ idle: socket().written.length, header: 0 });
    client.close();
  });

  it("puts a stream's prelude down as handshake and its heartbeats as idle, chunk lines contained", () => {
    for (const [scenario, prelude, event] of [
      ['sse', 'retry: 1000\n\n', `data: ${marked(1, 10)}\n\n`],
      ['iframe', `<html>${' '.repeat(100)}`, script(marked(1, 10))],
    ] as const) {
      const { client, socket, ledger } = ask(scenario);
      socket().send(STREAM + chunk(prelude) + chunk(event));
      const { down, up } = ledger();
      expect(down).toEqual({
        payload: 10,
        header: 0,
        framing: chunk(event).length - 10,
        handshake: STREAM.length + chunk(prelude).length,
        idle: 0,
      });
      expect(up.handshake).toBe(socket().written.length);
      if (scenario === 'sse') {
        socket().send(chunk(': heartbeat\n\n'));
        expect(ledger().down.idle).toBe(chunk(': heartbeat\n\n').length);
      }
      client.close();
    }
  });

  it("puts a WebSocket's upgrade down as handshake, and ping and pong as idle", () => {
    const { client, socket, ledger } = ask('websocket');
    const request = socket().written;
    const head = upgraded(request);
    socket().send(head + frame(9, 'ping') + frame(1, marked(1, 10)));
    expect(ledger()).toMatchObject({
      up: { payload: 0, header: 0, framing: 0, handshake: request.length, idle: 6 + 4 },
      down: { payload: 10, header: 0, framing: 2, handshake: head.length, idle: 2 + 4 },
    });
    client.close();
  });
});

describe('a WebSocket client', () => {
  it('refuses an upgrade whose Sec-WebSocket-Accept is not for its key', () => {
    const { client, socket, told, balance } = ask('websocket');
    socket().send(
      response('101 Switching Protocols', ['Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=']) +
        frame(9, ''),
    );
    expect(told).toEqual(['failed 0 protocol']);
    balance();
    client.close();
  });

  it('answers a ping with its payload, masked, and a close with a close', () => {
    const { client, socket } = ask('websocket');
    const request = socket().written;
    socket().send(upgraded(request) + frame(9, 'abc') + frame(8, '\x03\xe8'));
    const frames = Buffer.from(socket().written.slice(request.length), 'latin1');
    const unmask = (from: number, length: number) =>
      Buffer.from(
        frames.subarray(from + 6, from + 6 + length).map((byte, at) => byte ^ frames[from + 2 + (at % 4)]!),
      );
    expect([frames[0], frames[1], unmask(0, 3).toString()]).toEqual([0x8a, 0x83, 'abc']);
    expect([frames[9], frames[10], unmask(9, 2).toString('latin1')]).toEqual([0x88, 0x82, '\x03\xe8']);
    client.close();
  });
});

describe('a long polling client', () => {
  it('asks again at once after an answer, with news or without', () => {
    const { client, socket } = ask('longpoll');
    const length = socket().written.length;
    socket().send(answer(marked(1, 10)));
    expect(socket().written.length).toBe(2 * length);
    socket().send(response('204 No', []));
    expect(socket().written.length).toBe(3 * length);
    expect(socket().written.slice(-length)).toContain('since=0000000001 ');
    client.close();
  });

  it('does not hammer a server in trouble: it backs off as after a loss', () => {
    const { client, socket } = ask('longpoll');
    const length = socket().written.length;
    socket().send(response('503 Busy', ['Content-Length: 0']));
    expect(socket().written.length).toBe(length);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(102);
    expect(FakeSocket.made).toHaveLength(2);
    client.close();
  });
});

describe('a polling client', () => {
  it('goes on polling at its interval when the server is in trouble', () => {
    const { client, socket } = ask('polling');
    const length = socket().written.length;
    for (let polls = 2; polls < 6; polls++) {
      socket().send(response('503 Busy', ['Content-Length: 0']));
      vi.advanceTimersByTime(1000);
      expect(socket().written.length).toBe(polls * length);
    }
    expect(FakeSocket.made).toHaveLength(1);
    client.close();
  });

  it('asks on a grid of its own, one interval apart, whatever the answers do', () => {
    const { client, socket } = play('polling');
    socket().accept();
    const askedAt: number[] = [];
    let length = 0;
    for (let ms = 0; ms < 10_500; ms++) {
      vi.advanceTimersByTime(1);
      if (socket().written.length === length) continue;
      length = socket().written.length;
      askedAt.push(performance.now());
      socket().send(answer(marked(askedAt.length, 10)));
    }
    expect(askedAt.length).toBeGreaterThanOrEqual(10);
    askedAt.slice(1).forEach((at, k) => {
      expect(at - askedAt[k]!).toBeCloseTo(1000, -1);
    });
    client.close();
  });

  it('calls an answer that it did not ask for a failure', () => {
    const { client, socket, told, balance } = play('polling');
    socket().accept();
    socket().send(answer(marked(1, 10)) + answer(marked(2, 10)));
    expect(told.filter((line) => line.startsWith('failed'))).toEqual(['failed 0 protocol']);
    expect(told.filter((line) => line.startsWith('answered'))).toEqual([]);
    balance();
    client.close();
  });

  it('leaves a poll out while the one before is unanswered, and says so', () => {
    const { client, socket, told } = ask('polling');
    const length = socket().written.length;
    vi.advanceTimersByTime(2000);
    expect(socket().written.length).toBe(length);
    expect(told).toEqual(['connected 0', 'postponed', 'postponed']);
    socket().send(response('204 No', []));
    vi.advanceTimersByTime(1000);
    expect(socket().written.length).toBe(2 * length);
    client.close();
  });

  it('stops at its first empty answer after the last message, and resumes', () => {
    const { client, socket } = ask('polling');
    client.settle(1);
    const length = socket().written.length;
    socket().send(response('204 No', []));
    vi.advanceTimersByTime(1000);
    socket().send(answer(marked(1, 10)));
    vi.advanceTimersByTime(1000);
    socket().send(response('204 No', []));
    expect(socket().written.length).toBe(3 * length);
    vi.advanceTimersByTime(10_000);
    expect(socket().written.length).toBe(3 * length);
    client.resume();
    vi.advanceTimersByTime(1001);
    expect(socket().written.length).toBe(4 * length);
    client.close();
  });
});

describe('a client that connects for each poll', () => {
  const EMPTY = response('204 No Content', ['Connection: close']);
  const NEWS = (sequence: number): string =>
    response('200 OK', ['Content-Length: 10', 'Connection: close'], marked(sequence, 10));

  /** Connected by its first answer, whose connection has ended. */
  function settled() {
    const played = play(CLOSING);
    played.socket().accept();
    played.socket().send(EMPTY);
    played.socket().close();
    return played;
  }

  it('asks at once when it is opened, and is connected with its first answer', () => {
    const { client, socket, told } = play(CLOSING);
    socket().accept();
    expect(socket().written).toMatch(
      /^GET \/news\?since=0{10} HTTP\/1\.1\r\n.*\r\nConnection: close\r\n\r\n$/s,
    );
    expect(told).toEqual([]);
    socket().send(EMPTY);
    expect(told).toEqual([`connected 0`, `answered 0 ${socket().written.length} ${EMPTY.length}`]);
    client.close();
  });

  it('waits for the server to close first, and neither that nor the time without a socket is a loss', () => {
    const { client, socket, told, balance } = settled();
    expect(FakeSocket.made[0]!.end).toBe('destroyed');
    for (let poll = 1; poll < 6; poll++) {
      vi.advanceTimersByTime(1000);
      expect(FakeSocket.made).toHaveLength(poll + 1);
      socket().accept();
      expect(socket().written).toContain(`since=000000000${poll - 1} `);
      socket().send(NEWS(poll));
      expect(socket().end).toBeNull();
      socket().close();
      expect(socket().end).toBe('destroyed');
      balance();
    }
    expect(told.filter((line) => /connected|failed|postponed/.test(line))).toEqual(['connected 0']);
    client.close();
  });

  it('asks on a grid of its own, one interval apart, whatever the answers do', () => {
    const { client, socket } = settled();
    const dialledAt: number[] = [];
    for (let ms = 0; ms < 10_500; ms++) {
      vi.advanceTimersByTime(1);
      if (FakeSocket.made.length === dialledAt.length + 1) continue;
      dialledAt.push(performance.now());
      vi.advanceTimersByTime(dialledAt.length * 7);
      socket().accept();
      socket().send(NEWS(dialledAt.length));
      socket().close();
    }
    expect(dialledAt.length).toBeGreaterThanOrEqual(10);
    dialledAt.slice(1).forEach((at, k) => {
      expect(at - dialledAt[k]!).toBeCloseTo(1000, -1);
    });
    client.close();
  });

  it('closes by itself a connection that the server keeps', () => {
    const { client, socket, told } = settled();
    vi.advanceTimersByTime(1000);
    socket().accept();
    socket().send(answer(marked(1, 10)));
    expect(socket().end).toBe('destroyed');
    vi.advanceTimersByTime(1000);
    socket().accept();
    socket().send(NEWS(2));
    // Announced, and not done by the time of the next poll.
    expect(socket().end).toBeNull();
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.made.map(({ end }) => end)).toEqual(['destroyed', 'destroyed', 'destroyed', null]);
    expect(told.filter((line) => /disconnected|failed/.test(line))).toEqual([]);
    client.close();
  });

  it('leaves a poll out while the one before is unanswered, and says so', () => {
    const { client, socket, told } = settled();
    vi.advanceTimersByTime(3000);
    expect(FakeSocket.made).toHaveLength(2);
    expect(told.filter((line) => line === 'postponed')).toHaveLength(2);
    socket().accept();
    vi.advanceTimersByTime(1000);
    expect(told.filter((line) => line === 'postponed')).toHaveLength(3);
    client.close();
  });

  it('loses its connection with a poll that fails, and asks at once when it comes back', () => {
    const { client, socket, told, balance } = settled();
    vi.advanceTimersByTime(1000);
    socket().break('EADDRNOTAVAIL');
    expect(told.slice(-2)).toEqual(['failed 0 no-ports', 'disconnected 0']);
    vi.advanceTimersByTime(102);
    expect(FakeSocket.made).toHaveLength(3);
    socket().accept();
    socket().send(NEWS(1));
    expect(told.slice(-3, -1)).toEqual(['connected 0', 'delivered 0 1 10']);
    balance();
    client.close();
  });

  it('gives up on a connection that is not established within ten seconds, however long its interval', () => {
    const { client, told } = play(CLOSING, { pollIntervalMs: 60_000 });
    FakeSocket.made[0]!.accept();
    FakeSocket.made[0]!.send(EMPTY);
    FakeSocket.made[0]!.close();
    while (FakeSocket.made.length === 1) vi.advanceTimersByTime(10);
    vi.advanceTimersByTime(9980);
    expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
    vi.advanceTimersByTime(30);
    expect(told.slice(-2)).toEqual(['failed 0 timeout', 'disconnected 0']);
    client.close();
  });

  it('stops at its first empty answer after the last message, and resumes', () => {
    const { client, socket } = settled();
    client.settle(1);
    for (const text of [EMPTY, NEWS(1), EMPTY]) {
      vi.advanceTimersByTime(1000);
      socket().accept();
      socket().send(text);
      socket().close();
    }
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.made).toHaveLength(4);
    client.resume();
    vi.advanceTimersByTime(1001);
    expect(FakeSocket.made).toHaveLength(5);
    client.close();
  });
});
