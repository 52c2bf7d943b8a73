import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { z } from 'zod';
import type { Measurements } from '../../../reports/result.js';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FIVE, PUSH, TRANSPORT } from '../transports.js';
import { allowedDistance, distanceFromUniform } from '../uniformity.js';
import { broadcast, broadcastSize, INTERVAL_MS, NEWS_PER_SECOND } from '../wishes.js';

/** What is called immediate: people do not notice it, and it leaves room for a busy machine. */
const IMMEDIATE_MS = 10;
/** Beside half an interval, polling's median may be earlier by this part of it. */
const LATE_PART = 0.4;
/** Timers and exchanges may move polling's latencies by this much. */
const MOVED_MS = 10;
/** Points of a distribution that are kept. */
const QUANTILES = 50;

const data = z.object({
  clients: z.number(),
  publishes: z.number(),
  rows: z.array(
    z.object({
      transport: z.enum(FIVE),
      p50Ms: measured,
      p99Ms: measured,
      /** Evenly spaced, from the least to the greatest latency, milliseconds. */
      quantilesMs: z.array(z.number()),
    }),
  ),
  /** Largest distance of polling's distribution from the uniform one. */
  distance: measured,
});

export const immediacy = defineClaim({
  id: 'immediacy',
  title: text('Push is immediate, polling is late', '推送即时，轮询滞后'),
  rule: {
    holds: text(
      'the median of every pushing transport is at most 10 ms; that of polling at least 0.4 of its interval, and its latencies are uniform over the interval by Kolmogorov and Smirnov',
      '各推送方式的中位延迟都不超过 10 ms；轮询的中位延迟不少于其间隔的 0.4，且按柯尔莫哥洛夫–斯米尔诺夫检验在间隔内均匀分布',
    ),
    condition: text(
      'the same, and polling is late in another way than uniformly',
      '同上，但轮询的延迟并非均匀分布',
    ),
  },
  plainCondition: text(
    'polling is late, but not uniformly over its interval',
    '轮询确实滞后，但并非在间隔内均匀分布',
  ),
  notes: [
    text(
      'Loopback has no distance. Over a [link](links.md) a stream or socket takes one transit, a long poll one to three: see [published figures beside ours](paper-vs-ours.md).',
      '环回接口没有距离。经过[链路](links.md)时，流和套接字需要一次单程，长轮询需要一到三次：见[已发表数字与实测对照](paper-vs-ours.md)。',
    ),
  ],
  data,
  async measure(lab) {
    const { clients } = broadcastSize(lab);
    const rows = [];
    let distance: number | null = null;
    let publishes = 0;
    for (const transport of FIVE) {
      const found = (await lab.run(broadcast(lab, transport)))?.measurements;
      const quantilesMs = found === undefined ? [] : quantiles(found, QUANTILES);
      if (transport === 'polling' && found !== undefined) distance = distanceOf(found);
      publishes = Math.max(publishes, found?.messages.published ?? 0);
      const ms = (us: number | null | undefined): number | null => (us == null ? null : us / 1000);
      rows.push({
        transport,
        p50Ms: ms(found?.latencyUs.p50),
        p99Ms: ms(found?.latencyUs.p99),
        quantilesMs,
      });
    }
    return { clients, publishes, rows, distance };
  },
  conclude({ clients, publishes, rows, distance }): Conclusion {
    const row = (id: (typeof FIVE)[number]) => rows.find(({ transport }) => transport === id);
    const push = PUSH.map((id) => row(id)?.p50Ms ?? null);
    const known = push.filter((value) => value !== null);
    const slowest = known.length === 0 ? null : Math.max(...known);
    const polling = row('polling')?.p50Ms ?? null;
    const allowed = publishes === 0 ? null : allowedDistance(clients, publishes) + MOVED_MS / INTERVAL_MS;
    const isUniform = distance !== null && allowed !== null && distance <= allowed;
    const tail = row('polling')?.p99Ms ?? null;
    return {
      verdict: verdictOf(push, polling, distance, allowed),
      figure: text(
        `polling ${figure(polling, 'ms')}, pushing at most ${figure(slowest, 'ms')} (medians)`,
        `轮询 ${figure(polling, 'ms')}，推送最多 ${figure(slowest, 'ms')}（中位数）`,
      ),
      method: text(
        `${figure(clients)} clients hear ${figure(publishes)} messages at random instants, ${NEWS_PER_SECOND} a second; pollers ask every ${figure(INTERVAL_MS)} ms at phases drawn by lot. Latency runs from the intended instant.`,
        `${figure(clients)} 个客户端接收在随机时刻发布的 ${figure(publishes)} 条消息，每秒 ${NEWS_PER_SECOND} 条；轮询者每 ${figure(INTERVAL_MS)} ms 询问一次，相位随机。延迟从计划发布的时刻算起。`,
      ),
      sentences: [
        text(
          `The slowest of the four pushing transports has a median of ${figure(slowest, 'ms')}, polling one of ${figure(polling, 'ms')} and a p99 of ${figure(tail, 'ms')}, with an interval of ${figure(INTERVAL_MS)} ms.`,
          `四种推送方式中最慢者的中位延迟为 ${figure(slowest, 'ms')}；轮询的中位延迟为 ${figure(polling, 'ms')}，p99 为 ${figure(tail, 'ms')}，轮询间隔为 ${figure(INTERVAL_MS)} ms。`,
        ),
        text(
          `Polling's latencies lie ${figure(distance)} from the uniform distribution over the interval, where ${figure(allowed)} is allowed${isUniform ? ': what decides is only when the client asks next' : ''}.`,
          `轮询的延迟分布与间隔上均匀分布的最大距离为 ${figure(distance)}，容许值为 ${figure(allowed)}${isUniform ? '：决定延迟的只是客户端下一次何时询问' : ''}。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('median, ms', '中位数，ms'),
            text('p99, ms', 'p99，ms'),
          ],
          texts: 1,
          rows: FIVE.map((id) => [TRANSPORT[id], cell(row(id)?.p50Ms ?? null), cell(row(id)?.p99Ms ?? null)]),
        },
      ],
      charts: [
        {
          kind: 'lines',
          title: text(
            'Part of the messages that have arrived, by time since they were due',
            '已送达消息的百分比，按应发布时刻之后的时间',
          ),
          x: { label: text('ms since it was due', '应发布时刻之后，ms'), scale: 'linear' },
          y: { label: text('% arrived', '已送达 %'), scale: 'linear' },
          lines: [
            ...(['polling', 'websocket'] as const).map((id) => ({
              name: TRANSPORT[id],
              transport: id,
              points: arrived(row(id)?.quantilesMs ?? []),
            })),
            {
              name: text('uniform', '均匀分布'),
              dashed: true,
              points: [
                [0, 0],
                [INTERVAL_MS, 100],
              ] as const,
            },
          ],
        },
        {
          kind: 'bars',
          title: text('Median latency, ms', '中位延迟（ms）'),
          bars: FIVE.map((id) => {
            const value = row(id)?.p50Ms ?? null;
            return {
              label: TRANSPORT[id],
              transport: id,
              values: value === null ? null : [value],
              shown: same(figure(value)),
            };
          }),
        },
      ],
    };
  },
});

function verdictOf(
  push: readonly (number | null)[],
  polling: number | null,
  distance: number | null,
  allowed: number | null,
): Verdict {
  if (push.includes(null) || polling === null || distance === null || allowed === null) return 'open';
  const isImmediate = push.every((ms) => ms !== null && ms <= IMMEDIATE_MS);
  if (!isImmediate || polling < LATE_PART * INTERVAL_MS) return 'fails';
  return distance <= allowed ? 'holds' : 'condition';
}

/** A distribution as a line: 100 % stays 100 % until the interval's end. */
function arrived(quantilesMs: readonly number[]): [number, number][] {
  const points = quantilesMs.map((ms, at): [number, number] => [ms, (at / (quantilesMs.length - 1)) * 100]);
  const last = points.at(-1);
  return last === undefined || last[0] >= INTERVAL_MS ? points : [...points, [INTERVAL_MS, 100]];
}

function quantiles({ latencyUs }: Measurements, count: number): number[] {
  const histogram = decodeFromCompressedBase64(latencyUs.histogram);
  const [least, most] = [latencyUs.min ?? 0, latencyUs.max ?? 0];
  return Array.from({ length: count + 1 }, (_, at) => {
    const us = at === 0 ? least : histogram.getValueAtPercentile((at / count) * 100);
    return Math.min(most, Math.max(least, us)) / 1000;
  });
}

/** Samples less their least: what the exchange itself takes is a constant beside the wait for the poll. */
function distanceOf(found: Measurements): number {
  const { latencyUs } = found;
  const histogram = decodeFromCompressedBase64(latencyUs.histogram);
  const values = Array.from(
    { length: latencyUs.count },
    (_, at) =>
      (histogram.getValueAtPercentile(((at + 0.5) / latencyUs.count) * 100) - (latencyUs.min ?? 0)) / 1000,
  );
  return distanceFromUniform(values, INTERVAL_MS);
}
