import { z } from 'zod';
import type { Measurements } from '../../../reports/result.js';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { TRANSPORT } from '../transports.js';
import { behindHandlers, HANDLERS } from '../wishes.js';

const TRANSPORTS = ['polling', 'longpoll', 'sse', 'websocket'] as const;
/** Whom the claim names. */
const BOTH = ['polling', 'longpoll'] as const;

const data = z.object({
  clients: z.number(),
  admitted: z.number(),
  /** What newcomers met at a server that admits so many. */
  limited: z.array(
    z.object({
      transport: z.enum(TRANSPORTS),
      newcomers: measured,
      told503: measured,
      /** Refused, reset, timed out and whatever else. */
      otherwise: measured,
      neverIn: measured,
    }),
  ),
  /** Clients that ask for more than slow handlers give, at a server that turns nobody away. */
  unlimited: z.array(
    z.object({ transport: z.enum(BOTH), told503: measured, p50Ms: measured, waitedP50Ms: measured }),
  ),
});

export const busyLine = defineClaim({
  id: 'busy-line',
  title: text('Polling and long polling can both end in 503', '轮询与长轮询都可能以 503 告终'),
  rule: {
    holds: text(
      'past what the server can take both are answered 503, whether or not it limits whom it admits',
      '超出服务器能力时，无论它是否限制准入，两者都会得到 503',
    ),
    condition: text(
      'both are answered 503 at a server with such a limit only',
      '只有在设有准入上限的服务器上，两者才会得到 503',
    ),
  },
  plainCondition: text(
    'only where the server limits whom it admits; elsewhere messages come late instead',
    '仅当服务器限制准入时；否则消息只是迟到',
  ),
  notes: [
    text(
      'A 503 is what an operator who counts says in good time; it is sent with Retry-After, and these clients wait as long. A proxy may have limits of its own.',
      '503 是懂得计数的接线员及时给出的答复；它带有 Retry-After，这里的客户端按其时长等待。代理也可能有自己的上限。',
    ),
  ],
  data,
  async measure(lab) {
    const clients = lab.size(200, 40);
    const admitted = clients / 2;
    const limited = [];
    for (const transport of TRANSPORTS) {
      const found = (
        await lab.run({
          scenario: transport,
          clients,
          plan: {
            workload: 'overload',
            workloadOptions: { admit: admitted },
            ratePerSecond: 10,
            durationSeconds: lab.size(4, 2),
            warmupSeconds: 0,
            pollIntervalMs: 200,
          },
          bytesOnly: true,
        })
      )?.measurements.sideCrowd;
      limited.push({ transport, ...seenBy(found) });
    }
    const unlimited = [];
    for (const transport of BOTH) {
      const found = (await lab.run(behindHandlers(lab, transport)))?.measurements;
      const ms = (us: number | null | undefined): number | null => (us == null ? null : us / 1000);
      unlimited.push({
        transport,
        told503: found === undefined ? null : (found.failures['http-503'] ?? 0),
        p50Ms: ms(found?.latencyUs.p50),
        waitedP50Ms: ms(found?.handlers?.waitedUs.p50),
      });
    }
    return { clients, admitted, limited, unlimited };
  },
  conclude({ clients, admitted, limited, unlimited }): Conclusion {
    const told = (
      rows: readonly { transport: string; told503: number | null }[],
      id: string,
    ): number | null => rows.find(({ transport }) => transport === id)?.told503 ?? null;
    const [poll, long, event, socket] = TRANSPORTS.map((id) => figure(told(limited, id)));
    const late = (id: string): string =>
      figure(unlimited.find(({ transport }) => transport === id)?.p50Ms ?? null, 'ms');
    const free = BOTH.map((id) => told(unlimited, id));
    const [freePoll, freeLong] = free.map((value) => figure(value));
    return {
      verdict: verdictOf(
        BOTH.map((id) => told(limited, id)),
        free,
      ),
      figure: text(
        `503s with a limit: ${poll} and ${long}; without one: ${freePoll} and ${freeLong}`,
        `有上限时 503 的次数：${poll} 与 ${long}；无上限时：${freePoll} 与 ${freeLong}`,
      ),
      method: text(
        `${figure(clients)} people want in at a server that admits ${figure(admitted)}, while more and more is published; and, without such a limit, 40 clients at ${HANDLERS.count} handlers that take ${HANDLERS.delayMs} ms for each request.`,
        `${figure(clients)} 人想进入只接纳 ${figure(admitted)} 人的服务器，同时发布的消息越来越多；另有不设上限的情形：40 个客户端面对 ${HANDLERS.count} 个处理程序，每个请求耗时 ${HANDLERS.delayMs} ms。`,
      ),
      sentences: [
        text(
          `Turned away with 503: polling ${poll} times, long polling ${long} times. But a stream and a socket are opened by a request, too: SSE ${event} times, WebSocket ${socket} times.`,
          `被 503 拒绝的次数：轮询 ${poll} 次，长轮询 ${long} 次。不过流和套接字也由请求打开：SSE ${event} 次，WebSocket ${socket} 次。`,
        ),
        text(
          `At a server that admits everybody there were ${freePoll} and ${freeLong}. Messages were late there by ${late('polling')} with polling and ${late('longpoll')} with long polling (median).`,
          `在来者不拒的服务器上分别为 ${freePoll} 次和 ${freeLong} 次。那里的消息迟到：轮询 ${late('polling')}，长轮询 ${late('longpoll')}（中位数）。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('newcomers', '新来者'),
            text('answered 503', '得到 503 的次数'),
            text('other failures', '其他失败'),
            text('never let in', '始终未进入'),
          ],
          texts: 1,
          rows: limited.map((row) => [
            TRANSPORT[row.transport],
            cell(row.newcomers),
            cell(row.told503),
            cell(row.otherwise),
            cell(row.neverIn),
          ]),
        },
        {
          heads: [
            text('without a limit', '不设上限'),
            text('answered 503', '得到 503 的次数'),
            text('request waited, median, ms', '请求等待（中位数），ms'),
            text('message late by, median, ms', '消息迟到（中位数），ms'),
          ],
          texts: 1,
          rows: unlimited.map((row) => [
            TRANSPORT[row.transport],
            cell(row.told503),
            cell(row.waitedP50Ms),
            cell(row.p50Ms),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Answers of 503 at a server with a limit', '设有上限的服务器给出 503 的次数'),
          bars: limited.map(({ transport, told503 }) => ({
            label: TRANSPORT[transport],
            transport,
            values: told503 === null ? null : [told503],
            shown: same(figure(told503)),
          })),
        },
      ],
    };
  },
});

function seenBy(crowd: Measurements['sideCrowd']) {
  if (crowd === undefined) return { newcomers: null, told503: null, otherwise: null, neverIn: null };
  const { 'http-503': told503 = 0, ...others } = crowd.failures;
  return {
    newcomers: crowd.clients,
    told503,
    otherwise: Object.values(others).reduce((sum, count) => sum + count, 0),
    neverIn: crowd.neverIn,
  };
}

function verdictOf(limited: readonly (number | null)[], free: readonly (number | null)[]): Verdict {
  if (limited.includes(null) || free.includes(null)) return 'open';
  const isTold = (count: number | null): boolean => count !== null && count > 0;
  if (!limited.every(isTold)) return 'fails';
  return free.every(isTold) ? 'holds' : 'condition';
}
