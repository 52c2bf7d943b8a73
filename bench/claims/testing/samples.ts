import type { Verdict } from '../contract.js';

/** Data of each claim that make its rule say each of its verdicts: the reason stands in the key. */
export interface Sample {
  readonly verdict: Verdict;
  readonly because: string;
  readonly data: unknown;
}

const FIVE = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'] as const;
type Five = (typeof FIVE)[number];
type By<Id extends string, Value> = Readonly<Record<Id, Value>>;

const sample = (verdict: Verdict, because: string, data: unknown): Sample => ({ verdict, because, data });

function headers(bare: By<Five, number | null>, browser: By<Five, number | null>) {
  return {
    payloadBytes: 10,
    rows: FIVE.flatMap((transport) => [
      { transport, headers: 'minimal', overhead: bare[transport] },
      { transport, headers: 'browser', overhead: browser[transport] },
    ]),
  };
}
const BARE = { polling: 263, longpoll: 264, iframe: 36, sse: 29, websocket: 2 };
const BROWSER = { ...BARE, polling: 701, longpoll: 702 };
const LARGE = { polling: 701, longpoll: 702, iframe: 400, sse: 400, websocket: 2 };

interface Point {
  readonly empty?: number | null;
  readonly total?: number;
  readonly held?: number | null;
}
function capacity(changes: Partial<By<'polling' | 'polling-close' | 'longpoll', Point>>) {
  const usual = {
    polling: { empty: 750, total: 1000, held: 1000 },
    'polling-close': { empty: 750, total: 1000, held: 3 },
    longpoll: { empty: 0, total: 250, held: 1000 },
  };
  return {
    points: (['polling', 'polling-close', 'longpoll'] as const).map((transport) => {
      const { empty, total, held } = { ...usual[transport], ...changes[transport] };
      return {
        transport,
        clients: 1000,
        requestsPerSecond: total,
        emptyPerSecond: empty,
        socketsHeld: held,
      };
    }),
    withNews: { polling: 1, longpoll: 5 },
  };
}

function busy(told: readonly (number | null)[], free: readonly (number | null)[]) {
  return {
    clients: 200,
    admitted: 100,
    limited: (['polling', 'longpoll', 'sse', 'websocket'] as const).map((transport, at) => ({
      transport,
      newcomers: 150,
      told503: told[at],
      otherwise: 2,
      neverIn: 100,
    })),
    unlimited: (['polling', 'longpoll'] as const).map((transport, at) => ({
      transport,
      told503: free[at],
      p50Ms: 480.5,
      waitedP50Ms: 510,
    })),
  };
}

function handshake(socket: { lost?: number | null; requestsPerMessage?: number; againBytes?: number }) {
  return {
    clients: 200,
    rows: FIVE.map((transport) => ({
      transport,
      messagesPerClient: 40,
      lost: 0,
      requestsPerMessage: transport === 'longpoll' ? 1 : 0,
      handshakeBytes: 292,
      againBytes: 0,
      bytesPerMessage: 12,
      ...(transport === 'websocket' ? socket : {}),
    })),
  };
}

const HEADS = { 10: [6, 2], 125: [6, 2], 126: [8, 4], 65535: [8, 4], 65536: [14, 10] } as const;
const heads = (change: (up: number, down: number, payload: number) => readonly (number | null)[]) =>
  Object.entries(HEADS).map(([payload, [up, down]]) => {
    const [changedUp, changedDown] = change(up, down, Number(payload));
    return { payloadBytes: Number(payload), up: changedUp, down: changedDown };
  });
const masked = (added: (payload: number) => number | null) => ({
  rows: Object.keys(HEADS).map((payload) => {
    const more = added(Number(payload));
    const unmasked = Number(payload) + 2;
    return { payloadBytes: Number(payload), unmasked, masked: more === null ? null : unmasked + more };
  }),
});

const identity = (polling: number | null, close: number | null, longpoll: number | null) => ({
  intervalMs: 200,
  rows: [
    { transport: 'polling', linesPerRequest: polling, bytesPerMessage: 120.5, handshakeBytes: 0 },
    { transport: 'polling-close', linesPerRequest: close, bytesPerMessage: 121, handshakeBytes: 0 },
    { transport: 'longpoll', linesPerRequest: longpoll, bytesPerMessage: 110, handshakeBytes: 0 },
    ...['iframe', 'sse', 'websocket'].map((transport) => ({
      transport,
      linesPerRequest: null,
      bytesPerMessage: 0,
      handshakeBytes: 110,
    })),
  ],
});

const ASKED = { polling: 2.15, longpoll: 2, iframe: 1, sse: 1, websocket: 0 };
function duplex(exchange: By<Five, number | null>, news: By<Five, number | null>) {
  return {
    clients: 50,
    intervalMs: 200,
    rows: FIVE.map((transport) => ({
      transport,
      requestsPerExchange: exchange[transport],
      roundTripP50Ms: 1.35,
      bytesPerExchange: 300,
      requestsPerNews: news[transport],
    })),
  };
}
const PUSHED = { polling: 0.2, longpoll: 1, iframe: 0, sse: 0, websocket: 0 };

function persistent(
  rare: readonly (number | null)[],
  frequent: readonly (number | null)[],
  turns: readonly number[] = [0.8, 1, 0, 0],
) {
  const transports = ['polling', 'longpoll', 'sse', 'websocket'] as const;
  const rows = (news: string, micros: readonly (number | null)[]) =>
    transports.map((transport, at) => ({
      transport,
      news,
      proxyMicros: 25.5,
      handlerMicros: micros[at],
    }));
  return {
    clients: 200,
    proxied: [...rows('rare', rare), ...rows('frequent', frequent)],
    queued: transports.map((transport, at) => ({
      transport,
      requestsPerMessage: turns[at],
      p50Ms: 300,
    })),
  };
}

const NONE: readonly number[] = [];
function immediacy(push: number, polling: number | null, distance: number | null) {
  return {
    clients: 200,
    publishes: 40,
    rows: FIVE.map((transport) => ({
      transport,
      p50Ms: transport === 'polling' ? polling : push,
      p99Ms: 990,
      quantilesMs:
        transport === 'polling' ? [1.5, 500, 1000] : transport === 'websocket' ? [0.5, 1, 9] : NONE,
    })),
    distance,
  };
}

const WHOLE = {
  expected: 8000,
  lost: 0,
  duplicated: 0,
  resumed: 900,
  left: 100,
  back: 100,
  allBackAfterMs: 1412.5,
};
function resume(broker: object | null, memory: object | null) {
  return {
    clients: 100,
    downMs: 500,
    rows: FIVE.map((transport) => ({
      transport,
      broker: broker && { ...WHOLE, ...broker },
      memory: memory && { ...WHOLE, ...memory },
    })),
  };
}

const binary = (growth: By<Five, number | null>) => ({
  payloadBytes: 1000,
  rows: FIVE.map((transport) => ({ transport, growthBytes: growth[transport], downBytes: 1400 })),
});
const BASE64 = { polling: 336, longpoll: 336, iframe: 336, sse: 336, websocket: 0 };

interface Way {
  readonly delivered: number;
  readonly p50Ms: number | null;
}
function upgrade(sse: Way | null, websocket: Way | null, direct: Way = { delivered: 8000, p50Ms: 1.5 }) {
  const whole = (way: Way | null) => way && { expected: 8000, ...way };
  return {
    rows: [
      { transport: 'sse', way: 'direct', result: whole(direct) },
      { transport: 'sse', way: 'nginx', result: whole(direct) },
      { transport: 'sse', way: 'nginx-default', result: whole(sse) },
      { transport: 'websocket', way: 'direct', result: whole(direct) },
      { transport: 'websocket', way: 'nginx', result: whole(direct) },
      { transport: 'websocket', way: 'nginx-default', result: whole(websocket) },
    ],
    request: { sse: 44, websocket: 163 },
  };
}

const both = (micros: readonly (number | null)[], push: number | null, emptyUp: number | null = 503) => ({
  clients: 500,
  exchange: { hitUp: 503, hitDown: 208, emptyUp, emptyDown: 145 },
  polling: micros.map((value, at) => ({ intervalMs: [250, 1000, 4000][at], micros: value })),
  pushMicros: push,
});

/** By the id of the claim. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  headers: [
    sample('holds', 'every message over HTTP has 400 bytes', headers(LARGE, LARGE)),
    sample('condition', 'only those have that a browser asks for', headers(BARE, BROWSER)),
    sample('condition', 'one event is a byte short', headers({ ...LARGE, sse: 399 }, LARGE)),
    sample('fails', "a browser's poll is a byte short", headers(BARE, { ...BROWSER, polling: 399 })),
    sample('open', 'a trial is missing', headers({ ...BARE, sse: null }, BROWSER)),
  ],
  capacity: [
    sample('holds', 'polling holds fewer sockets than half', capacity({ polling: { held: 400 } })),
    sample('condition', 'polling holds as many as long polling', capacity({})),
    sample('fails', 'long polling asks in vain, too', capacity({ longpoll: { empty: 1 } })),
    sample('fails', 'polling hardly asks', capacity({ polling: { total: 700 } })),
    sample('fails', 'long polling holds too few', capacity({ longpoll: { held: 900 } })),
    sample('fails', 'HTTP/1.0 polling holds half', capacity({ 'polling-close': { held: 500 } })),
    sample('open', 'sockets cannot be counted', capacity({ longpoll: { held: null } })),
  ],
  'busy-line': [
    sample('holds', 'both are told with and without a limit', busy([21, 23, 25, 22], [1, 2])),
    sample('condition', 'both are told with a limit only', busy([21, 23, 25, 22], [0, 0])),
    sample('condition', 'without a limit only one is told', busy([21, 23, 25, 22], [1, 0])),
    sample('fails', 'one is not told though there is a limit', busy([0, 23, 25, 22], [0, 0])),
    sample('open', 'a trial is missing', busy([null, 23, 25, 22], [0, 0])),
  ],
  handshake: [
    sample('holds', 'nothing but frames in the window', handshake({})),
    sample('condition', 'a handful of handshakes', handshake({ againBytes: 0.11 })),
    sample('fails', 'handshakes are 1 % of the bytes', handshake({ againBytes: 0.12 })),
    sample('fails', 'it asks', handshake({ requestsPerMessage: 0.01 })),
    sample('fails', 'it loses', handshake({ lost: 1 })),
    sample('open', 'the trial is missing', handshake({ lost: null })),
  ],
  frames: [
    sample('holds', 'all sizes between 2 and 14, both ends met', { rows: heads((up, down) => [up, down]) }),
    sample('condition', 'none of 14 was met', { rows: heads((up, down) => [Math.min(8, up), down]) }),
    sample('fails', 'one is larger', { rows: heads((up, down) => [up + 1, down]) }),
    sample('fails', 'one is smaller', { rows: heads((up, down) => [up, down - 0.5]) }),
    sample('open', 'a trial is missing', { rows: heads((_, down, size) => [size > 126 ? null : 6, down]) }),
  ],
  identity: [
    sample('holds', 'each request has its line', identity(1.02, 1, 1)),
    sample('condition', 'those of one transport have it only sometimes', identity(0.9, 1, 1)),
    sample('fails', 'none has', identity(0, 0.5, 2)),
    sample('open', 'a trial is missing', identity(1, null, 1)),
  ],
  'half-duplex': [
    sample('holds', 'news needs asking for, too', duplex(ASKED, { ...PUSHED, iframe: 0.1, sse: 0.1 })),
    sample('condition', 'a stream brings news unasked', duplex(ASKED, PUSHED)),
    sample('fails', 'an exchange over HTTP needs less than a request', duplex({ ...ASKED, sse: 0 }, PUSHED)),
    sample('open', 'a trial is missing', duplex({ ...ASKED, iframe: null }, PUSHED)),
  ],
  persistent: [
    sample('holds', 'less at both rates', persistent([900, 400, 150, 150], [170, 220, 60, 58])),
    sample(
      'condition',
      'a poll with ten messages is cheaper',
      persistent([900, 400, 150, 150], [50, 220, 60, 58]),
    ),
    sample('fails', 'more at both rates', persistent([100, 400, 150, 150], [50, 220, 60, 58])),
    sample(
      'fails',
      'messages of a stream need handlers',
      persistent([900, 400, 150, 150], [170, 220, 60, 58], [0.8, 1, 0.1, 0]),
    ),
    sample('open', 'a trial is missing', persistent([900, 400, null, 150], [170, 220, 60, 58])),
  ],
  immediacy: [
    sample('holds', 'push at once, polling uniform', immediacy(1.66, 514, 0.02)),
    sample('condition', 'polling is late in another way', immediacy(1.66, 514, 0.06)),
    sample('fails', 'push takes longer than 10 ms', immediacy(10.5, 514, 0.02)),
    sample('fails', 'polling is early', immediacy(1.66, 399, 0.02)),
    sample('open', 'polling has no trial', immediacy(1.66, null, null)),
  ],
  resume: [
    sample('holds', 'nothing lost in either restart', resume({}, {})),
    sample('condition', 'what the memory had is lost', resume({}, { lost: 1000 })),
    sample('condition', 'what the memory had comes twice', resume({}, { duplicated: 1 })),
    sample('fails', 'lost though the log was kept', resume({ lost: 1 }, {})),
    sample('fails', 'not everybody is back', resume({ back: 99, allBackAfterMs: null }, {})),
    sample('fails', 'nobody had to come back', resume({ left: 0, back: 0 }, {})),
    sample('open', 'a trial is missing', resume(null, null)),
  ],
  binary: [
    sample('holds', 'only WebSocket carries bytes as they are', binary(BASE64)),
    sample('condition', 'another does, too', binary({ ...BASE64, polling: 0 })),
    sample('fails', 'it grows on WebSocket', binary({ ...BASE64, websocket: 1 })),
    sample('fails', 'it grows nowhere', binary({ polling: 0, longpoll: 0, iframe: 0, sse: 0, websocket: 0 })),
    sample('open', 'a trial is missing', binary({ ...BASE64, sse: null })),
  ],
  masking: [
    sample(
      'holds',
      'the frame is as long',
      masked(() => 0),
    ),
    sample(
      'condition',
      'it has the key and nothing more',
      masked(() => 4),
    ),
    sample(
      'fails',
      'it grows with the payload',
      masked((payload) => (payload > 125 ? 8 : 4)),
    ),
    sample(
      'open',
      'a trial is missing',
      masked((payload) => (payload > 125 ? null : 4)),
    ),
  ],
  'no-upgrade': [
    sample(
      'holds',
      'all comes in time',
      upgrade({ delivered: 8000, p50Ms: 100 }, { delivered: 0, p50Ms: null }),
    ),
    sample(
      'condition',
      'all comes late',
      upgrade({ delivered: 8000, p50Ms: 101 }, { delivered: 0, p50Ms: null }),
    ),
    sample(
      'condition',
      'a part comes',
      upgrade({ delivered: 7000, p50Ms: 1.5 }, { delivered: 0, p50Ms: null }),
    ),
    sample('fails', 'nothing comes', upgrade({ delivered: 0, p50Ms: null }, { delivered: 0, p50Ms: null })),
    sample(
      'fails',
      'WebSocket passes as well',
      upgrade({ delivered: 8000, p50Ms: 1.5 }, { delivered: 1, p50Ms: 1.5 }),
    ),
    sample(
      'fails',
      'SSE loses without any proxy',
      upgrade(
        { delivered: 8000, p50Ms: 1.5 },
        { delivered: 0, p50Ms: null },
        { delivered: 7999, p50Ms: 1.5 },
      ),
    ),
    sample('open', 'there is no nginx', upgrade(null, null)),
  ],
  'both-ways': [
    sample('holds', 'dearer at every interval', both([900, 300, 80], 70)),
    sample('condition', 'dearer at short intervals', both([900, 300, 60], 70)),
    sample('fails', 'dearer at none', both([60, 50, 40], 70)),
    sample('fails', 'a poll in vain sends nothing up', both([900, 300, 80], 70, 0)),
    sample('open', 'a trial is missing', both([900, null, 80], 70)),
  ],
};
