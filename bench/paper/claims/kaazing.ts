import { fileURLToPath } from 'node:url';
import type { MeasuredTrial } from '../../../reports/result.js';
import type { TrialLab, TrialServer } from '../../trials/contract.js';
import { compare, megabits, quotient, SEGMENT_BYTES } from '../arithmetic.js';
import type { Claim, Comparison } from '../contract.js';

const SERVER: TrialServer = {
  entry: fileURLToPath(new URL('../hosts/kaazing.js', import.meta.url)),
  description: 'a polling server with the head sizes of their fixture',
};
/** Their body, a stock quote. */
const PAYLOAD_BYTES = 21;
/** A poll: request, answer, acknowledgement. A frame: frame, acknowledgement. */
const SEGMENTS = { polling: 3, websocket: 2 };
/** Their table: clients, and what polling and WebSocket take, in units of 2^20 bit/s. */
const TABLE = [
  { clients: 1000, polling: 6.6, websocket: 0.015 },
  { clients: 10_000, polling: 66, websocket: 0.153 },
  { clients: 100_000, polling: 665, websocket: 1.526 },
] as const;
const MBIT = 'Mbit/s';
/** A quick run has this many times fewer clients. */
const QUICK_PART = 20;

/** Bytes of a delivered message, both directions, and messages delivered a second. */
interface Taken {
  readonly overhead: number;
  readonly all: number;
  readonly perSecond: number;
}

async function measure(
  lab: TrialLab,
  scenario: 'polling' | 'websocket',
  clients: number,
): Promise<Taken | null> {
  const durationSeconds = lab.size(clients > 1000 ? 10 : 5, 1);
  const trial = await lab.run({
    scenario,
    clients: lab.size(clients, clients / QUICK_PART),
    plan: {
      ratePerSecond: 1,
      arrivals: 'constant',
      payloadBytes: PAYLOAD_BYTES,
      durationSeconds,
      warmupSeconds: lab.size(2, 0),
      pollIntervalMs: 1000,
    },
    ...(scenario === 'polling' ? { server: SERVER } : {}),
    bytesOnly: true,
  });
  return trial === null ? null : taken(trial, durationSeconds, lab.size(1, QUICK_PART));
}

/** @param scale a quick run has this many times fewer clients, and is multiplied by it */
function taken({ measurements }: MeasuredTrial, seconds: number, scale: number): Taken | null {
  const { perDelivery, exchange } = measurements.wire;
  // Of polls those with exactly one message: the window's edges cut through others.
  const hit = exchange?.hit;
  const all = hit == null ? perDelivery && perDelivery.up.total + perDelivery.down.total : hit.up + hit.down;
  if (all === null) return null;
  return {
    overhead: all - PAYLOAD_BYTES,
    all,
    perSecond: (measurements.messages.delivered / seconds) * scale,
  };
}

function rows(
  clients: number,
  theirs: { polling: number; websocket: number },
  ours: { polling: Taken | null; websocket: Taken | null },
  origin: Comparison['origin'],
): Comparison[] {
  const line = (
    name: string,
    published: number | null,
    found: Taken | null,
    bytes: (taken: Taken) => number,
  ) =>
    compare(
      `${clients.toLocaleString('en-US')} clients, ${name}`,
      MBIT,
      published,
      found && megabits(bytes(found), found.perSecond),
      { origin },
    );
  const { polling, websocket } = ours;
  return [
    line('polling, headers', theirs.polling, polling, ({ overhead }) => overhead),
    line('polling, with payload and IP', null, polling, ({ all }) => all + SEGMENTS.polling * SEGMENT_BYTES),
    line('WebSocket, framing', theirs.websocket, websocket, ({ overhead }) => overhead),
    line(
      'WebSocket, with payload and IP',
      null,
      websocket,
      ({ all }) => all + SEGMENTS.websocket * SEGMENT_BYTES,
    ),
  ];
}

export const kaazing: Claim = {
  id: 'kaazing',
  title: 'WebSocket takes 500 times less than polling',
  async measure(lab) {
    const [small, large, modelled] = TABLE;
    const found = {
      small: {
        polling: await measure(lab, 'polling', small.clients),
        websocket: await measure(lab, 'websocket', small.clients),
      },
      large: {
        polling: await measure(lab, 'polling', large.clients),
        websocket: await measure(lab, 'websocket', large.clients),
      },
    };
    const { polling, websocket } = found.large;
    const times = modelled.clients / large.clients;
    const scaled = (taken: Taken | null): Taken | null =>
      taken && { ...taken, perSecond: taken.perSecond * times };
    const model = { polling: scaled(polling), websocket: scaled(websocket) };
    return {
      source: {
        name: 'P. Lubbers and F. Greco (Kaazing), "HTML5 Web Sockets: A Quantum Leap in Scalability for the Web", 2010',
        url: 'http://www.websocket.org/quantum.html',
      },
      theirFigure:
        '871 bytes of headers a poll against 2 a frame: 6.6, 66 and 665 "Mbps" against 0.015, 0.153 and 1.526 for 1,000, 10,000 and 100,000 clients; "500:1".',
      theirWorkload:
        'None was run: each client polls once a second, and the header count is multiplied by the clients.',
      ourWorkload: `A message of ${PAYLOAD_BYTES} bytes a second to every client, polled once a second or sent as a frame, 1,000 and 10,000 clients. Requests and answers have exactly the sizes of their fixture. The rows for 100,000 clients are a model: what a message took by client at 10,000, times 100,000.${lab.size('', ` A quick run has a ${QUICK_PART}th of the clients, multiplied by as much, which is a model too.`)}`,
      comparisons: [
        compare(
          'polling : WebSocket, on the wire with payload and IP',
          ': 1',
          500,
          polling &&
            websocket &&
            (polling.all + SEGMENTS.polling * SEGMENT_BYTES) /
              (websocket.all + SEGMENTS.websocket * SEGMENT_BYTES),
        ),
        compare(
          'polling : WebSocket, headers against framing only',
          ': 1',
          500,
          quotient(polling?.overhead, websocket?.overhead),
        ),
        compare('headers of a poll that brings a message', 'bytes', 871, polling?.overhead),
        ...rows(small.clients, small, found.small, lab.size('measured', 'model')),
        ...rows(large.clients, large, found.large, lab.size('measured', 'model')),
        ...rows(modelled.clients, modelled, model, 'model'),
      ],
      findings: [],
      why: [
        'Their 871 are the characters of the two header blocks as printed, without line ends; the same blocks are 716 + 193 = 909 bytes on the wire.',
        'Their Mbps are units of 2^20 bits, ours of 10^6: a factor of 1.049.',
        'They count headers and framing only. A message also has a payload, and each segment has 52 bytes of IP and TCP, acknowledgements contained (3 segments a poll, 2 a frame): beside these a frame of 2 bytes is no longer small.',
        'Bytes are those that the sockets wrote and read for a message, in polls with exactly one; IP bytes are computed from them.',
      ],
    };
  },
};
