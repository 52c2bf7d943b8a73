import { fileURLToPath } from 'node:url';
import type { MeasuredTrial } from '../../../reports/result.js';
import type { TrialServer } from '../../trials/contract.js';
import { compare } from '../arithmetic.js';
import type { Claim } from '../contract.js';

/**
 * On two cores a stream's generator takes nearly as much CPU as the server, so that both would be at their end at once and
 * the trial void. At half its speed it is the server alone.
 */
const SERVER: TrialServer = {
  entry: fileURLToPath(new URL('../hosts/half-speed.js', import.meta.url)),
  description: 'the reference server at half speed: what it works it works again for nothing',
};
const TRANSPORTS = [
  { id: 'websocket', title: 'WebSocket' },
  { id: 'sse', title: 'SSE' },
  { id: 'longpoll', title: 'long polling' },
] as const;
/** What a long poll can take has no end: the further it falls behind, the more messages share an answer. */
const STREAMS = ['websocket', 'sse'];
/** Parts of what the slower stream can take, and of what the faster one can. */
const OF_SLOWER = [0.5, 1, 1.5];
const OF_FASTER = 1.5;
const LOW_RATE = 10;
/** Below this part of what was asked for a server has fallen behind. */
const KEPT_UP = 0.95;
/** One transport is ahead of another when its median is this many times smaller: these are single trials. */
const AHEAD = 1.25;

interface Point {
  readonly rate: number;
  readonly p50Ms: number | null;
  readonly perSecond: number | null;
}

export const overload: Claim = {
  id: 'overload',
  title: 'The ranking changes once the server is CPU bound',
  async measure(lab) {
    const clients = lab.size(200, 50);
    const durationSeconds = lab.size(5, 1);
    const points = new Map<string, Point[]>(TRANSPORTS.map(({ id }) => [id, []]));
    const capacities: number[] = [];
    for (const scenario of STREAMS) {
      const flood = await lab.run({
        scenario,
        clients,
        plan: { ratePerSecond: lab.size(4000, 2000), durationSeconds: 1, warmupSeconds: 1 },
        server: SERVER,
        bytesOnly: true,
      });
      if (flood !== null) capacities.push(flood.measurements.throughput.deliveriesPerSecond / clients);
    }
    const rates = [LOW_RATE, ...ratesOf(capacities)];
    for (const rate of lab.size(rates, [LOW_RATE, ...rates.slice(-1)])) {
      for (const { id } of TRANSPORTS) {
        const plan = { ratePerSecond: rate, durationSeconds, warmupSeconds: 1 };
        points.get(id)!.push(pointOf(await lab.run({ scenario: id, clients, plan, server: SERVER }), rate));
      }
    }
    const asked = [...new Set([...points.values()].flat().map(({ rate }) => rate))];
    return {
      source: {
        name: 'Ø. R. Tangen, "Real-Time Web with WebSocket", Master\'s thesis, University of Oslo, 2015',
      },
      theirFigure:
        'WebSocket outperforms SSE and long polling under moderate load; as soon as the server is CPU constrained the picture turns.',
      theirWorkload:
        'A server that broadcasts to its clients, and a chat; WebSocket, SSE and long polling, with loads that leave the server CPU to spare and loads that do not.',
      ourWorkload: `Servers at half speed, so that they and not the generator are at their end; ${clients} clients, a broadcast at ${asked.map((rate) => rate.toFixed(0)).join(', ')} messages a second at random instants: ${LOW_RATE}, then ${OF_SLOWER.map((part) => `${part * 100} %`).join(', ')} of what the slower stream can take, and ${OF_FASTER * 100} % of what the faster one can. What each can take was found by a flood of messages for a second, with the health rules off; no figure comes from it.`,
      comparisons: [
        ...TRANSPORTS.map(({ id, title }) => {
          const { perSecond, isLimit } = most(points.get(id)!, clients);
          return compare(
            `${title}, delivered a second${isLimit ? ', its limit' : ', at least'}`,
            '/s',
            null,
            perSecond,
          );
        }),
        ...asked.flatMap((rate) =>
          TRANSPORTS.map(({ id, title }) =>
            compare(
              `${title} at ${rate.toFixed(0)} messages a second, median`,
              'ms',
              null,
              p50At(points, id, rate),
            ),
          ),
        ),
      ],
      findings: [...asked.map((rate) => ranking(points, rate)), overtakings(points, asked)],
      why: [
        "Below saturation latency is the fan-out's order of writes; beyond it, the queue of messages that are due. What decides then is the cost of a message, and whether messages can share it.",
        'A long poll that comes late takes all it missed in one answer, so its cost a message falls as it falls behind. A stream writes each message by itself.',
        'Theirs are servers and libraries of 2014, and libraries with fallbacks of their own; ours are plain ones.',
        'Half the speed is a CPU that is half as fast for the server alone: it wastes as much as it works. Rates are about half of what the machine can do.',
        'Where our generator was the limit the trial is void and left out: that a transport has no figure at a rate means that it can take "at least" the one before.',
      ],
    };
  },
};

function pointOf(trial: MeasuredTrial | null, rate: number): Point {
  const p50 = trial?.measurements.latencyUs.p50 ?? null;
  return {
    rate,
    p50Ms: p50 === null ? null : p50 / 1000,
    perSecond: trial?.measurements.throughput.deliveriesPerSecond ?? null,
  };
}

/** Publish rates of the sweep, whole and ascending, from the messages a second that each stream can take. */
export function ratesOf(capacities: readonly number[]): number[] {
  if (capacities.length === 0) return [];
  const rates = [
    ...OF_SLOWER.map((part) => part * Math.min(...capacities)),
    OF_FASTER * Math.max(...capacities),
  ];
  return [...new Set(rates.map(Math.round))].sort((a, b) => a - b);
}

/** Deliveries a second, and whether the server fell behind what was asked, so that it could not have been more. */
function most(
  points: readonly Point[],
  clients: number,
): { readonly perSecond: number | null; readonly isLimit: boolean } {
  const known = points.flatMap(({ rate, perSecond }) => (perSecond === null ? [] : [{ rate, perSecond }]));
  return {
    perSecond: known.length === 0 ? null : Math.max(...known.map(({ perSecond }) => perSecond)),
    isLimit: known.some(({ rate, perSecond }) => perSecond < KEPT_UP * rate * clients),
  };
}

type Points = ReadonlyMap<string, readonly Point[]>;

function p50At(points: Points, id: string, rate: number): number | null {
  return points.get(id)?.find((point) => point.rate === rate)?.p50Ms ?? null;
}

function ranking(points: Points, rate: number): string {
  const order = TRANSPORTS.flatMap(({ id, title }) => {
    const p50Ms = p50At(points, id, rate);
    return p50Ms === null ? [] : [{ title, p50Ms }];
  }).sort((a, b) => a.p50Ms - b.p50Ms);
  return order.length === 0
    ? `At ${rate.toFixed(0)} messages a second no trial was valid.`
    : `At ${rate.toFixed(0)} messages a second, by median latency: ${order.map(({ title, p50Ms }) => `${title} ${p50Ms.toPrecision(3)} ms`).join(', ')}.`;
}

/** Who overtook whom between two rates, by more than the noise of single trials. */
export function overtakings(points: Points, asked: readonly number[]): string {
  const found: string[] = [];
  for (const a of TRANSPORTS) {
    for (const b of TRANSPORTS) {
      const ahead = (first: string, second: string, rate: number): boolean => {
        const [p, q] = [p50At(points, first, rate), p50At(points, second, rate)];
        return p !== null && q !== null && p * AHEAD < q;
      };
      const from = asked.find((rate) => ahead(a.id, b.id, rate));
      const to = asked.find((rate) => from !== undefined && rate > from && ahead(b.id, a.id, rate));
      if (to === undefined) continue;
      found.push(`${b.title} overtook ${a.title} between ${from!.toFixed(0)} and ${to.toFixed(0)} a second`);
    }
  }
  return found.length === 0
    ? `No transport overtook another by a factor of ${AHEAD} or more.`
    : `The ranking changed: ${found.join('; ')}.`;
}
