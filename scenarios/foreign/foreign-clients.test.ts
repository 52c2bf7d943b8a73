import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientContext, VirtualClient } from '../contract.js';
import { type LedgerTotals, sumLayers } from '../ledger.js';
import { FakeSocket } from '../testing/fake-socket.js';
import { foreignSpec, ours, theirs } from '../testing/foreign-spec.js';
import { drawing, hurt, noise, oneOf, wire } from '../testing/pieces.js';
import { sharedContext } from '../testing/shared-context.js';
import { chunk, frame, response } from '../testing/wire-format.js';
import { acceptFor } from '../wire/request.js';
import { FOREIGN_TRANSPORTS, type ForeignSpec, type ForeignTransport } from './contract.js';
import { foreignScenario } from './foreign-scenario.js';

vi.mock('../wire/wire-socket.js', async () => {
  const { FakeSocket } = await import('../testing/fake-socket.js');
  return { WireSocket: FakeSocket };
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const TRANSPORTS = Object.keys(FOREIGN_TRANSPORTS) as ForeignTransport[];
const PUSHING = ['stream', 'sse', 'websocket', 'socketio'] as const;

/** One client with a server played by hand. */
function play(changes: Partial<ForeignSpec>, contextChanges: Partial<ClientContext> = {}) {
  FakeSocket.made.length = 0;
  let client: VirtualClient;
  const context = sharedContext(() => client.timer(), { payloadBytes: 40, ...contextChanges });
  client = foreignScenario(foreignSpec(changes)).createClient(context, 0);
  client.open();
  const socket = () => FakeSocket.made.at(-1)!;
  const { told } = context.events;
  return {
    client,
    told,
    socket,
    ledger: (): LedgerTotals => context.ledger.snapshot(),
    heard: () => told.filter((line) => /^(delivered|unmarked|other run|heard|failed)/.test(line)),
    /** The ledger holds every byte of the sockets, in both directions. */
    balance(): void {
      const { up, down } = context.ledger.snapshot();
      expect([sumLayers(up), sumLayers(down)]).toEqual([client.bytesWritten, client.bytesRead]);
      for (const bytes of [...Object.values(up), ...Object.values(down)])
        expect(bytes).toBeGreaterThanOrEqual(0);
    },
    /** The connection stands, and a poller has asked. */
    start(): void {
      socket().accept();
      vi.advanceTimersByTime(1001);
    },
  };
}

const upgraded = (request: string): string => {
  const key = /Sec-WebSocket-Key: (.+)\r\n/.exec(request)?.[1] ?? '';
  return response('101 Switching Protocols', [`Sec-WebSocket-Accept: ${acceptFor(key)}`]);
};
const OPEN = '0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000}';
const JOINED = '40{"sid":"xyz"}';
const answer = (body: string, ...fields: string[]): string =>
  response('200 OK', [`Content-Length: ${body.length}`, ...fields], body);
const STREAM = response('200 OK', ['Transfer-Encoding: chunked']);

/** How each transport's server opens up, and how it says one text. */
const OPENS: Readonly<Record<ForeignTransport, (request: string) => string>> = {
  polling: () => '',
  longpoll: () => '',
  stream: () => STREAM,
  sse: () => STREAM,
  websocket: upgraded,
  socketio: (request) => upgraded(request) + frame(1, OPEN) + frame(1, JOINED),
};
const SAYS: Readonly<Record<ForeignTransport, (text: string) => string>> = {
  polling: (text) => answer(text),
  longpoll: (text) => answer(text),
  stream: (text) => chunk(`${text}\n`),
  sse: (text) => chunk(`event: news\ndata: ${text}\n\n`),
  websocket: (text) => frame(1, text),
  socketio: (text) => frame(1, `42["news",${JSON.stringify(text)}]`),
};

describe.each(TRANSPORTS)('a client of a foreign %s', (transport) => {
  it('delivers what is ours, tells what is not, and puts every byte down once, wherever the bytes are cut', () => {
    const isAsking = transport === 'polling' || transport === 'longpoll';
    const parts = ['hello', `<b>${ours(1)}</b>`, theirs(9)];
    // Of one answer more cannot be said; the others come one by one.
    const talk = (request: string): string =>
      OPENS[transport](request) +
      (isAsking
        ? SAYS[transport](`[${ours(1)},${theirs(9)},${ours(2)}]`)
        : parts.map(SAYS[transport]).join('') + SAYS[transport](ours(2)));
    const wanted = isAsking
      ? ['other run 0', 'delivered 0 1 40', 'delivered 0 2 40']
      : ['unmarked 0', 'delivered 0 1 40', 'other run 0', 'delivered 0 2 40'];
    const length = talk('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n').length;
    let whole: LedgerTotals | undefined;
    for (let cut = 0; cut < length; cut++) {
      const { client, socket, heard, ledger, balance, start, told } = play({ transport });
      start();
      const text = talk(socket().written);
      socket().send(text.slice(0, cut));
      balance();
      socket().send(text.slice(cut));
      balance();
      expect(heard()).toEqual(wanted);
      expect(told.filter((line) => line.startsWith('connected'))).toEqual(['connected 0']);
      whole ??= ledger();
      expect(ledger().down).toEqual(whole.down);
      expect(ledger().down.payload).toBe(80);
      client.close();
    }
  });

  it('calls a payload that was cut short or altered by its length, which no schedule has', () => {
    for (const text of [ours(3).slice(0, 33), ours(3).replace('l', 'L')]) {
      const { client, socket, heard, start, balance } = play({ transport });
      start();
      socket().send(OPENS[transport](socket().written) + SAYS[transport](`"${text}"`));
      expect(heard()).toEqual(['delivered 0 3 33']);
      balance();
      client.close();
    }
  });

  it('forgets what it had half read when its connection is lost', () => {
    const { client, socket, heard, start, balance } = play({ transport });
    start();
    const half = (OPENS[transport](socket().written) + SAYS[transport](ours(1))).slice(0, -12);
    socket().send(half);
    socket().break('ECONNRESET');
    vi.advanceTimersByTime(200);
    start();
    socket().send(OPENS[transport](socket().written) + SAYS[transport](`rest ${ours(2)}`));
    const told = heard().filter((line) => line.startsWith('delivered'));
    // Of an endless answer a payload is told as soon as it is whole.
    expect(told.filter((line) => line !== 'delivered 0 1 40')).toEqual(['delivered 0 2 40']);
    expect(told.length).toBe(half.includes(ours(1)) && transport === 'stream' ? 2 : 1);
    balance();
    client.close();
  });

  it('counts a redirect as a failure of its own, and asks nobody else', () => {
    const { client, socket, heard, start, balance } = play({ transport });
    start();
    socket().send(response('307 Temporary Redirect', ['Location: http://example.com/', 'Content-Length: 0']));
    expect(heard()).toEqual(['failed 0 redirected']);
    balance();
    client.close();
  });

  it('survives any bytes, and puts each down once', () => {
    const random = drawing(TRANSPORTS.indexOf(transport));
    for (let times = 0; times < 300; times++) {
      const { client, socket, start, balance } = play(
        {
          transport,
          find: oneOf(random, [{ in: 'anywhere' }, { in: 'json', path: '1' }] as const),
          replies: { ping: 'pong' },
        },
        { payloadBytes: oneOf(random, [22, 40, 5000]) },
      );
      start();
      const opening = OPENS[transport](socket().written);
      const talk = [
        ours(1),
        `["x","${ours(2)}"]`,
        theirs(1),
        'ping',
        '~pb',
        noise(random, 30).toString('latin1'),
      ]
        .map(SAYS[transport])
        .join('');
      const bytes =
        random() < 0.5
          ? hurt(random, wire(opening + talk))
          : wire(opening + noise(random, 200).toString('latin1'));
      for (let at = 0; at < bytes.length; at += 50) {
        socket().send(bytes.subarray(at, at + 50).toString('latin1'));
        balance();
      }
      client.close();
      balance();
    }
  });

  it('is not harmed by a flood that has no marker and no end', () => {
    const { client, socket, start, balance, told } = play({ transport, find: { in: 'json', path: 'a' } });
    start();
    const flood = 'x'.repeat(60_000);
    const starts: Record<ForeignTransport, string> = {
      polling: response('200 OK', ['Content-Length: 900000000']),
      longpoll: response('200 OK', []),
      stream: response('200 OK', []),
      sse: `${response('200 OK', [])}data: `,
      websocket: `${String.fromCharCode(0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0)}`,
      socketio: `${String.fromCharCode(0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0)}42["`,
    };
    const opening = transport === 'stream' || transport === 'sse' ? '' : OPENS[transport](socket().written);
    socket().send(opening + starts[transport]);
    // Of what the collector keeps, the tests of the reader tell.
    for (let n = 0; n < 60; n++) socket().send(flood);
    balance();
    expect(told.filter((line) => line.startsWith('delivered'))).toEqual([]);
    client.close();
  });
});

describe('a client that asks a foreign server', () => {
  it.each(['polling', 'longpoll'] as const)(
    'sends the cursor of the answer before, encoded (%s)',
    (transport) => {
      const from = [{ header: 'X-Next' }, { json: 'next.0' }] as const;
      for (const each of from) {
        const { client, socket, start, balance } = play(
          {
            transport,
            path: '/feed?client={client}&after={cursor}&same={cursor}',
            cursor: { start: '-', from: each },
          },
          { firstClient: 70 },
        );
        start();
        expect(socket().written).toContain('GET /feed?client=70&after=-&same=- HTTP/1.1\r\n');
        const hostile = 'a b\u00e9&c=1#';
        const body = JSON.stringify({ next: [hostile] });
        const bytes = Buffer.from(body, 'utf8').toString('latin1');
        socket().send('header' in each ? response('204 No Content', ['x-next:  a b&c=1# ']) : answer(bytes));
        vi.advanceTimersByTime(1001);
        expect(socket().written).toContain(
          'header' in each
            ? '&after=a%20b%26c%3D1%23&same=a%20b%26c%3D1%23 HTTP'
            : '&after=a%20b%C3%A9%26c%3D1%23&same=a%20b%C3%A9%26c%3D1%23 HTTP',
        );
        // An answer without one leaves it as it was, and so does one that is none.
        socket().send('header' in each ? response('204 No Content', []) : answer('{"next":[{}]}'));
        vi.advanceTimersByTime(1001);
        expect(socket().written.match(/after=a%20b/g)).toHaveLength(2);
        socket().send(
          'header' in each
            ? answer('', `X-Next: ${'9'.repeat(9000)}`)
            : answer(`{"next":["${'9'.repeat(9000)}"]}`),
        );
        vi.advanceTimersByTime(1001);
        expect(socket().written).toContain(`after=${'9'.repeat(512)}&same=${'9'.repeat(512)} HTTP`);
        balance();
        client.close();
      }
    },
  );

  it('takes an empty body for no news, and one without a marker for that and a message', () => {
    const { client, socket, told, ledger, balance } = play({ transport: 'longpoll' });
    socket().accept();
    const request = socket().written.length;
    socket().send(answer(''));
    socket().send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
    socket().send(answer('[]'));
    expect(
      told
        .filter((line) => /answered|unmarked/.test(line))
        .map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual(['answered 0', 'answered 0', 'unmarked 0', 'answered 0']);
    expect(ledger().down).toMatchObject({ header: 0, framing: 0, payload: 0 });
    expect(ledger().up).toMatchObject({ header: request, idle: 3 * request });
    balance();
    client.close();
  });

  it.each([
    ['says that it closes', answer(ours(1), 'Connection: close')],
    ['speaks HTTP/1.0', answer(ours(1)).replace('HTTP/1.1', 'HTTP/1.0')],
    ['ends its answer by closing', response('200 OK', [], ours(1))],
  ])('stays connected to a server that %s, and asks on a new connection at once', (_how, text) => {
    const { client, socket, told, balance } = play({ transport: 'longpoll' });
    socket().accept();
    const first = socket();
    first.send(text);
    first.close();
    expect(FakeSocket.made).toHaveLength(2);
    socket().accept();
    expect(socket().written).toContain('GET /feed HTTP/1.1');
    expect(told.filter((line) => !line.startsWith('answered'))).toEqual(['connected 0', 'delivered 0 1 40']);
    balance();
    // A connection that does not come about is a loss.
    const second = socket();
    second.send(text);
    second.close();
    vi.advanceTimersByTime(10_002);
    expect(told.slice(-2)).toEqual(['failed 0 timeout', 'disconnected 0']);
    balance();
    client.close();
  });

  it('is not lost when the server closes an idle connection', () => {
    const { client, socket, told, start, balance } = play({ transport: 'polling' });
    start();
    socket().send(answer(ours(1)));
    socket().close();
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.made).toHaveLength(2);
    socket().accept();
    socket().send(answer(ours(2)));
    expect(told.filter((line) => !line.startsWith('answered'))).toEqual([
      'connected 0',
      'delivered 0 1 40',
      'delivered 0 2 40',
    ]);
    balance();
    client.close();
  });

  it('goes on with its polls on new connections, each at its own time', () => {
    const { client, socket, told, start } = play({ transport: 'polling' });
    start();
    for (let n = 1; n < 5; n++) {
      expect(FakeSocket.made).toHaveLength(n);
      socket().send(answer(ours(n), 'Connection: close'));
      vi.advanceTimersByTime(1000);
      socket().accept();
    }
    expect(told.filter((line) => /failed|disconnected|postponed/.test(line))).toEqual([]);
    expect(told.filter((line) => line.startsWith('delivered'))).toHaveLength(4);
    client.close();
  });
});

describe('where the marker stands in a string of a JSON message', () => {
  it.each(TRANSPORTS)('finds it there and nowhere else (%s)', (transport) => {
    const { client, socket, heard, start, balance, ledger } = play({
      transport,
      find: { in: 'json', path: transport === 'socketio' ? '1.list.*.text' : 'list.*.text' },
    });
    start();
    const body = JSON.stringify({
      not: ours(9),
      list: [{ text: `\u00e9 ${ours(1)}` }, { text: ours(2) }, { text: 3 }],
    });
    const text = Buffer.from(body, 'utf8').toString('latin1');
    const message = transport === 'socketio' ? frame(1, `42["news",${text}]`) : SAYS[transport](text);
    socket().send(OPENS[transport](socket().written) + message);
    expect(heard()).toEqual(['delivered 0 1 40', 'delivered 0 2 40']);
    expect(ledger().down.payload).toBe(80);
    balance();
    client.close();
  });

  it('reads an endless answer by its lines, blank ones left out, and forgets half a line with its connection', () => {
    const { client, socket, heard, start, balance, ledger } = play({
      transport: 'stream',
      find: { in: 'json', path: 'text' },
    });
    const line = (sequence: number) => JSON.stringify({ text: ours(sequence) });
    start();
    socket().send(`${STREAM}${chunk(`\n\r\n${line(1)}\r\n\n{}\n`)}${chunk('{"text":')}`);
    expect(heard()).toEqual(['delivered 0 1 40', 'unmarked 0']);
    expect(ledger().down.idle).toBe('\n\r\n\n{}\n'.length);
    socket().break('ECONNRESET');
    vi.advanceTimersByTime(200);
    start();
    socket().send(STREAM + chunk(`${line(2)}\n`));
    expect(heard().slice(3)).toEqual(['delivered 0 2 40']);
    balance();
    client.close();
  });

  it('takes what is no JSON for a message without a marker', () => {
    const { client, socket, heard, start } = play({ find: { in: 'json', path: 'text' } });
    start();
    socket().send(upgraded(socket().written) + frame(1, ours(1)) + frame(1, '{"text":') + frame(1, '7'));
    expect(heard()).toEqual(['unmarked 0', 'unmarked 0', 'unmarked 0']);
    client.close();
  });

  it('collects no more than a mebibyte beside the payload, and says so', () => {
    const { client, socket, heard, start, balance } = play({ find: { in: 'json', path: 'text' } });
    start();
    const large = `{"text":"${'x'.repeat(60_000)}`;
    socket().send(
      upgraded(socket().written) +
        String.fromCharCode(0x01, 127, 0, 0, 0, 0, 0, 0, large.length >> 8, large.length & 255) +
        large,
    );
    for (let n = 0; n < 20; n++) {
      socket().send(
        String.fromCharCode(0x00, 127, 0, 0, 0, 0, 0, 0, large.length >> 8, large.length & 255) + large,
      );
    }
    socket().send(frame(0, '"}') + frame(1, JSON.stringify({ text: ours(1) })));
    expect(heard()).toEqual(['failed 0 protocol', 'unmarked 0', 'delivered 0 1 40']);
    balance();
    client.close();
  });
});

describe('a server that publishes by itself', () => {
  it.each(TRANSPORTS)('is heard message by message, whose texts are the payload (%s)', (transport) => {
    const { client, socket, heard, start, balance, ledger } = play({ transport, self: { time: null } });
    start();
    socket().send(OPENS[transport](socket().written) + SAYS[transport]('one'));
    expect(heard()).toEqual(['heard 0 null']);
    expect(ledger().down.payload).toBe(transport === 'socketio' ? '["news","one"]'.length : 3);
    balance();
    client.close();
  });

  it.each(PUSHING)(
    'is heard with the times that its messages carry; without one they are none (%s)',
    (transport) => {
      const json = transport === 'socketio' ? '1.at' : 'at';
      const { client, socket, heard, start, balance } = play({
        transport,
        self: { time: { json, unit: 'ms' } },
      });
      start();
      const says = (text: string) =>
        transport === 'socketio' ? frame(1, `42["tick",${text}]`) : SAYS[transport](text);
      const at = Date.UTC(2026, 0, 1);
      socket().send(
        OPENS[transport](socket().written) + [`{"at":${at}}`, '{"at":1}', '{}', '[['].map(says).join(''),
      );
      expect(heard()).toEqual([`heard 0 ${at}`, 'unmarked 0', 'unmarked 0', 'unmarked 0']);
      balance();
      client.close();
    },
  );
});

/** The texts of a client's frames, unmasked. */
function said(written: string): string[] {
  const bytes = wire(written.slice(written.indexOf('\r\n\r\n') + 4));
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 1]! & 127;
    const mask = bytes.subarray(at + 2, at + 6);
    texts.push(
      Buffer.from(bytes.subarray(at + 6, at + 6 + length).map((byte, n) => byte ^ mask[n & 3]!)).toString(),
    );
    at += 6 + length;
  }
  return texts;
}

describe('a foreign WebSocket', () => {
  it('is told hello, and answered word for word: that is idle and no message', () => {
    const { client, socket, heard, start, ledger, balance } = play({
      hello: ['{"subscribe":"room {client}"}', 'go'],
      replies: { ping: 'pong', '': 'nothing' },
    });
    start();
    const request = socket().written.length;
    socket().send(upgraded(socket().written));
    expect(said(socket().written)).toEqual(['{"subscribe":"room 0"}', 'go']);
    expect(ledger().up.handshake).toBe(socket().written.length);
    expect(request).toBeGreaterThan(0);
    socket().send(frame(1, 'pi', false) + frame(0, 'ng') + frame(1, 'ping!') + frame(1, 'toString'));
    expect(said(socket().written).slice(2)).toEqual(['pong']);
    expect(heard()).toEqual(['unmarked 0', 'unmarked 0']);
    expect(ledger().up.idle).toBe(6 + 4);
    balance();
    client.close();
  });

  it('asks for the sub-protocols that its headers name, and takes no other', () => {
    for (const [chosen, kinds] of [
      ['chat.v2', []],
      ['other', ['failed 0 protocol']],
    ] as const) {
      const { client, socket, heard, start } = play({
        headers: { 'sec-websocket-protocol': 'chat.v1, chat.v2' },
      });
      start();
      expect(socket().written.match(/Sec-WebSocket-Protocol: chat.v1, chat.v2\r\n/gi)).toHaveLength(1);
      const head = upgraded(socket().written);
      socket().send(head.replace('\r\n\r\n', `\r\nSec-WebSocket-Protocol: ${chosen}\r\n\r\n`));
      expect(heard()).toEqual(kinds);
      client.close();
    }
  });
});

describe('a foreign Socket.IO', () => {
  it('joins, says hello, answers pings, and is gone when they stay away', () => {
    const { client, socket, told, start, ledger, balance } = play({
      transport: 'socketio',
      hello: ['42["join","a"]'],
    });
    start();
    socket().send(upgraded(socket().written));
    expect(told).toEqual([]);
    socket().send(frame(1, OPEN));
    expect(said(socket().written)).toEqual(['40']);
    socket().send(frame(1, JOINED));
    expect(told).toEqual(['connected 0']);
    expect(said(socket().written)).toEqual(['40', '42["join","a"]']);
    vi.advanceTimersByTime(44_000);
    socket().send(frame(1, '2') + frame(1, '6'));
    expect(said(socket().written).at(-1)).toBe('3');
    expect(ledger().down.idle).toBe(6);
    vi.advanceTimersByTime(44_000);
    expect(told).toEqual(['connected 0']);
    vi.advanceTimersByTime(2000);
    expect(told).toEqual(['connected 0', 'failed 0 timeout', 'disconnected 0']);
    balance();
    client.close();
  });

  it('joins with what the first hello says', () => {
    const { client, socket, start } = play({
      transport: 'socketio',
      hello: ['40{"token":"{client}"}', '42["hi"]'],
    });
    start();
    socket().send(OPENS.socketio(socket().written));
    expect(said(socket().written)).toEqual(['40{"token":"0"}', '42["hi"]']);
    client.close();
  });

  it.each([
    ['41', 'closed'],
    ['1', 'closed'],
    ['44{"message":"no"}', 'protocol'],
    ['0{}', 'protocol'],
    ['9', 'protocol'],
    ['', 'protocol'],
    [`6${'x'.repeat(2000)}`, 'protocol'],
  ])('loses its connection over the packet %j', (packet, kind) => {
    const { client, socket, told, start, balance } = play({ transport: 'socketio' });
    start();
    socket().send(OPENS.socketio(socket().written) + frame(1, packet));
    expect(told.slice(1)).toEqual([`failed 0 ${kind}`, 'disconnected 0']);
    balance();
    client.close();
  });

  it('looks through events with attachments, acknowledgements and other namespaces', () => {
    const { client, socket, heard, start, balance } = play({ transport: 'socketio' });
    start();
    const packets = [
      `42/chat,["x","${ours(1)}"]`,
      `4312["${ours(2)}"]`,
      `451-["x",{"_placeholder":true,"num":0}]`,
    ];
    socket().send(
      OPENS.socketio(socket().written) + packets.map((text) => frame(1, text)).join('') + frame(2, ours(3)),
    );
    expect(heard()).toEqual(['delivered 0 1 40', 'delivered 0 2 40', 'unmarked 0', 'delivered 0 3 40']);
    balance();
    client.close();
  });
});

describe('what a foreign server is sent', () => {
  it('holds the headers given, in their order, each once, with the client’s number', () => {
    const { client, socket, start } = play({
      transport: 'longpoll',
      headers: { 'X-Client': 'c{client}', host: 'chat.example', Accept: 'application/json' },
    });
    start();
    expect(socket().written).toBe(
      'GET /feed HTTP/1.1\r\nX-Client: c0\r\nhost: chat.example\r\nAccept: application/json\r\n\r\n',
    );
    client.close();
  });

  it.each(TRANSPORTS)('asks for no coding of the answers, also as a browser (%s)', (transport) => {
    const { client, socket, start } = play({ transport }, { headers: 'browser' });
    start();
    expect(socket().written).toMatch(/\r\nUser-Agent: /);
    expect(socket().written).not.toMatch(/encoding|extensions/i);
    client.close();
  });

  it('asks an event stream for what came after the last id', () => {
    const { client, socket, start } = play({ transport: 'sse' });
    start();
    expect(socket().written).toContain('\r\nAccept: text/event-stream\r\n\r\n');
    socket().send(STREAM + chunk(`id: a-7\ndata: ${ours(1)}\n\n`));
    socket().break('ECONNRESET');
    vi.advanceTimersByTime(200);
    socket().accept();
    expect(socket().written).toContain('\r\nLast-Event-ID: a-7\r\n\r\n');
    client.close();
  });

  it('is refused with a sentence for each thing that no request can say', () => {
    const spec = foreignSpec({
      path: 'feed now',
      run: 'XYZ',
      headers: { 'a b': '1', Upgrade: 'x', Good: 'a\r\nEvil: 1' },
    });
    expect(() => foreignScenario(spec)).toThrow(
      /The path "feed now" .+ The run "XYZ" .+ The header name "a b" .+ The header Upgrade .+ The value of the header Good /,
    );
  });
});
