import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { TRANSPORT } from '../transports.js';

const RATE = 5;
const PAYLOAD_BYTES = 10;
const INTERVALS_MS = [250, 1000, 4000];

const data = z.object({
  clients: z.number(),
  /** One poll with a message and one without, bytes. */
  exchange: z.object({ hitUp: measured, hitDown: measured, emptyUp: measured, emptyDown: measured }),
  /** CPU of the server by delivered message, microseconds. */
  polling: z.array(z.object({ intervalMs: z.number(), micros: measured })),
  pushMicros: measured,
});
type Data = z.infer<typeof data>;

export const bothWays = defineClaim({
  id: 'both-ways',
  title: text('Polling costs the headers of two directions, and CPU', '轮询要付出两个方向的首部以及 CPU'),
  rule: {
    holds: text(
      'a poll has headers in both directions, with news and without, and a delivered message costs the server more CPU than with SSE at every interval that was measured',
      '无论有无新消息，一次轮询的两个方向都有首部；并且在测过的每个间隔上，每条送达的消息耗费的服务器 CPU 都多于 SSE',
    ),
    condition: text(
      'the headers always, more CPU at some of the intervals only',
      '首部总是如此，但只在部分间隔上 CPU 更多',
    ),
  },
  plainCondition: text(
    'the headers always, the CPU only where polls come often',
    '首部总是如此；CPU 只在轮询频繁时更多',
  ),
  notes: [
    text(
      'A poll that comes seldom brings many messages at once, and so costs less a message. What CPU polling saves at long intervals is paid for in lateness: half an interval on average.',
      '间隔长的轮询一次带回多条消息，因此分摊到每条的代价更低。轮询在长间隔下省下的 CPU，是用迟到换来的：平均为半个间隔。',
    ),
  ],
  data,
  async measure(lab) {
    const clients = lab.size(500, 20);
    const plan = {
      ratePerSecond: RATE,
      payloadBytes: PAYLOAD_BYTES,
      durationSeconds: lab.size(6, 2),
      warmupSeconds: lab.size(1, 0),
    };
    const push = (await lab.run({ scenario: 'sse', clients, plan }))?.measurements;
    const polling: Data['polling'] = [];
    for (const pollIntervalMs of lab.size(INTERVALS_MS, [100, 400])) {
      const found = (await lab.run({ scenario: 'polling', clients, plan: { ...plan, pollIntervalMs } }))
        ?.measurements;
      polling.push({ intervalMs: pollIntervalMs, micros: found?.cpu.serverMicrosPerDelivery ?? null });
    }
    // A poll with exactly one message is sure to be seen where they are far apart.
    const { hit, empty } =
      (
        await lab.run({
          scenario: 'polling',
          clients: 10,
          plan: {
            ratePerSecond: RATE,
            arrivals: 'constant',
            payloadBytes: PAYLOAD_BYTES,
            durationSeconds: lab.size(2, 1),
            warmupSeconds: 0,
            pollIntervalMs: 100,
            headers: 'browser',
          },
          bytesOnly: true,
        })
      )?.measurements.wire.exchange ?? {};
    return {
      clients,
      exchange: {
        hitUp: hit?.up ?? null,
        hitDown: hit?.down ?? null,
        emptyUp: empty?.up ?? null,
        emptyDown: empty?.down ?? null,
      },
      polling,
      pushMicros: push?.cpu.serverMicrosPerDelivery ?? null,
    };
  },
  conclude({ clients, exchange, polling, pushMicros }): Conclusion {
    const { hitUp, hitDown, emptyUp, emptyDown } = exchange;
    const shown = (micros: number | null): string => figure(micros, 'µs');
    const every = polling.map(({ intervalMs }) => figure(intervalMs)).join(' / ');
    const costs = polling.map(({ micros }) => figure(micros)).join(' / ');
    const push = shown(pushMicros);
    return {
      verdict: verdictOf({ clients, exchange, polling, pushMicros }),
      figure: text(
        `${figure(hitUp)} bytes up and ${figure(hitDown)} down a poll; CPU ${costs} µs a message at ${every} ms, SSE ${push}`,
        `一次轮询上行 ${figure(hitUp)} 字节、下行 ${figure(hitDown)} 字节；每条消息 CPU ${costs} µs（间隔 ${every} ms），SSE ${push}`,
      ),
      method: text(
        `Bytes: 10 clients with a browser's headers. CPU: ${figure(clients)} clients, ${RATE} messages a second, polled every ${every} ms, beside SSE.`,
        `字节：10 个使用浏览器首部的客户端。CPU：${figure(clients)} 个客户端，每秒 ${RATE} 条消息，轮询间隔 ${every} ms，与 SSE 对照。`,
      ),
      sentences: [
        text(
          `A poll with a message of ${PAYLOAD_BYTES} bytes takes ${figure(hitUp)} bytes up and ${figure(hitDown)} down, one in vain ${figure(emptyUp)} and ${figure(emptyDown)}.`,
          `带回一条 ${PAYLOAD_BYTES} 字节消息的轮询上行 ${figure(hitUp)} 字节、下行 ${figure(hitDown)} 字节；落空的轮询为 ${figure(emptyUp)} 和 ${figure(emptyDown)} 字节。`,
        ),
        text(
          `A delivered message costs the server ${costs} µs of CPU when polled every ${every} ms, and ${push} with SSE.`,
          `轮询间隔依次为 ${every} ms 时，每条送达的消息耗费服务器 CPU ${costs} µs，SSE 为 ${push}。`,
        ),
      ],
      tables: [
        {
          heads: [text('a poll, bytes', '一次轮询，字节'), text('up', '上行'), text('down', '下行')],
          texts: 1,
          rows: [
            [text('with a message', '带回消息'), cell(hitUp), cell(hitDown)],
            [text('in vain', '落空'), cell(emptyUp), cell(emptyDown)],
          ],
        },
        {
          heads: [text('server CPU', '服务器 CPU'), text('µs a delivered message', 'µs/送达消息')],
          texts: 1,
          rows: [
            ...polling.map(({ intervalMs, micros }) => [pollingEvery(intervalMs), cell(micros)]),
            [TRANSPORT.sse, cell(pushMicros)],
          ],
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Bytes of a poll', '一次轮询的字节'),
          parts: [text('up', '上行'), text('down', '下行')],
          bars: [
            { label: text('with a message', '带回消息'), ...pair(hitUp, hitDown) },
            { label: text('in vain', '落空'), ...pair(emptyUp, emptyDown) },
          ],
        },
        {
          kind: 'bars',
          title: text('Server CPU a delivered message, µs', '每条送达消息的服务器 CPU（µs）'),
          bars: [
            ...polling.map(({ intervalMs, micros }) => ({
              label: pollingEvery(intervalMs),
              transport: 'polling' as const,
              values: micros === null ? null : [micros],
              shown: same(figure(micros)),
            })),
            {
              label: TRANSPORT.sse,
              transport: 'sse' as const,
              values: pushMicros === null ? null : [pushMicros],
              shown: same(figure(pushMicros)),
            },
          ],
        },
      ],
    };
  },
});

function pollingEvery(intervalMs: number) {
  return text(`Polling every ${figure(intervalMs)} ms`, `轮询，每 ${figure(intervalMs)} ms`);
}

function pair(up: number | null, down: number | null) {
  return {
    values: up === null || down === null ? null : [up, down],
    shown: same(up === null || down === null ? '—' : `${figure(up)} + ${figure(down)}`),
  };
}

function verdictOf({ exchange, polling, pushMicros }: Data): Verdict {
  const { hitUp, hitDown, emptyUp, emptyDown } = exchange;
  if (hitUp === null || hitDown === null || emptyUp === null || emptyDown === null) return 'open';
  const costs = polling.map(({ micros }) => micros).filter((micros) => micros !== null);
  if (pushMicros === null || costs.length === 0 || costs.length < polling.length) return 'open';
  const hasHeaders = hitUp > 0 && hitDown > PAYLOAD_BYTES && emptyUp > 0 && emptyDown > 0;
  const dearer = costs.filter((micros) => micros > pushMicros).length;
  if (!hasHeaders || dearer === 0) return 'fails';
  return dearer === costs.length ? 'holds' : 'condition';
}
