import type { MeasuredTrial } from '../../../reports/result.js';
import { compare } from '../arithmetic.js';
import type { Claim, PaperLab } from '../contract.js';

const TRANSPORTS = [
  { id: 'websocket', title: 'WebSocket' },
  { id: 'sse', title: 'SSE' },
  { id: 'longpoll', title: 'long polling' },
] as const;
/** Parts of the least transport's capacity, and of the greatest one's. */
const OF_LEAST = [0.5, 1, 1.5];
const OF_GREATEST = 1.5;
const LOW_RATE = 10;
/** Below this part of what was asked for a server has fallen behind. */
const KEPT_UP = 0.95;

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
    for (const { id } of TRANSPORTS) {
      const trial = await at(lab, id, clients, LOW_RATE, durationSeconds);
      points.get(id)!.push(pointOf(trial, LOW_RATE));
      const micros = trial?.measurements.cpu.serverMicrosPerDelivery ?? null;
      if (micros !== null) capacities.push(1e6 / micros / clients);
    }
    const rates = ratesOf(capacities);
    for (const rate of lab.size(rates, rates.slice(-2))) {
      for (const { id } of TRANSPORTS) {
        points.get(id)!.push(pointOf(await at(lab, id, clients, rate, durationSeconds), rate));
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
      ourWorkload: `${clients} clients, a broadcast at ${asked.map((rate) => rate.toFixed(0)).join(', ')} messages a second at random instants: ${LOW_RATE}, then ${OF_LEAST.map((part) => `${part * 100} %`).join(', ')} of what the costliest transport can take by its CPU a message, and ${OF_GREATEST * 100} % of what the cheapest can.`,
      comparisons: [
        ...TRANSPORTS.map(({ id, title }) =>
          compare(`${title}, most delivered a second`, '/s', null, most(points.get(id)!, clients)),
        ),
        ...asked.flatMap((rate) =>
          TRANSPORTS.map(({ id, title }) =>
            compare(
              `${title} at ${rate.toFixed(0)} messages a second, median`,
              'ms',
              null,
              points.get(id)!.find((point) => point.rate === rate)?.p50Ms,
            ),
          ),
        ),
      ],
      findings: [...asked.map((rate) => ranking(points, rate)), changed(points, asked)],
      why: [
        "Below saturation latency is the fan-out's order of writes; beyond it, the queue of messages that are due. What decides then is the cost of a message, and whether messages can share it.",
        'A long poll that comes late takes all it missed in one answer, so its cost a message falls as it falls behind. A stream writes each message by itself.',
        'Theirs are servers and libraries of 2014, and libraries with fallbacks of their own; ours are plain ones.',
        'Where our generator was the limit the trial is void and left out: that a transport has no figure at a rate means that it can take "at least" the one before.',
      ],
    };
  },
};

function at(
  lab: PaperLab,
  scenario: string,
  clients: number,
  ratePerSecond: number,
  durationSeconds: number,
) {
  return lab.run({ scenario, clients, plan: { ratePerSecond, durationSeconds, warmupSeconds: 1 } });
}

function pointOf(trial: MeasuredTrial | null, rate: number): Point {
  const p50 = trial?.measurements.latencyUs.p50 ?? null;
  return {
    rate,
    p50Ms: p50 === null ? null : p50 / 1000,
    perSecond: trial?.measurements.throughput.deliveriesPerSecond ?? null,
  };
}

/** Publish rates of the sweep, whole and ascending. Empty without a capacity. */
export function ratesOf(capacities: readonly number[]): number[] {
  if (capacities.length === 0) return [];
  const rates = [
    ...OF_LEAST.map((part) => part * Math.min(...capacities)),
    OF_GREATEST * Math.max(...capacities),
  ];
  return [...new Set(rates.map(Math.round))].sort((a, b) => a - b);
}

/** Deliveries a second where the server fell behind; else the most that was asked of it. */
function most(points: readonly Point[], clients: number): number | null {
  const known = points.filter(({ perSecond }) => perSecond !== null);
  const behind = known.filter(({ rate, perSecond }) => perSecond! < KEPT_UP * rate * clients);
  const from = behind.length > 0 ? behind : known;
  return from.length === 0 ? null : Math.max(...from.map(({ perSecond }) => perSecond!));
}

function orderAt(points: ReadonlyMap<string, readonly Point[]>, rate: number): string[] {
  return TRANSPORTS.flatMap(({ id, title }) => {
    const p50Ms = points.get(id)?.find((point) => point.rate === rate)?.p50Ms ?? null;
    return p50Ms === null ? [] : [{ title, p50Ms }];
  })
    .sort((a, b) => a.p50Ms - b.p50Ms)
    .map(({ title, p50Ms }) => `${title} (${p50Ms.toPrecision(3)} ms)`);
}

function ranking(points: ReadonlyMap<string, readonly Point[]>, rate: number): string {
  const order = orderAt(points, rate);
  return order.length === 0
    ? `At ${rate.toFixed(0)} messages a second no trial was valid.`
    : `At ${rate.toFixed(0)} messages a second, by median latency: ${order.join(', ')}.`;
}

function changed(points: ReadonlyMap<string, readonly Point[]>, asked: readonly number[]): string {
  const names = (rate: number): string =>
    orderAt(points, rate)
      .map((text) => text.split(' (')[0])
      .join(', ');
  const complete = asked.filter((rate) => orderAt(points, rate).length === TRANSPORTS.length);
  if (complete.length < 2)
    return 'Too few rates have all three transports to say whether the ranking changes.';
  const [first] = complete;
  const other = complete.find((rate) => names(rate) !== names(first!));
  return other === undefined
    ? `The ranking was the same at every rate: ${names(first!)}.`
    : `The ranking changed: ${names(first!)} at ${first!.toFixed(0)} a second, ${names(other)} at ${other.toFixed(0)}.`;
}
