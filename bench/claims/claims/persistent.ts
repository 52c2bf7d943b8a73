import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { TRANSPORT } from '../transports.js';
import {
  behindHandlers,
  behindNginx,
  FREQUENT_PER_SECOND,
  HANDLERS,
  INTERVAL_MS,
  RARE_PER_SECOND,
} from '../wishes.js';

const TRANSPORTS = ['polling', 'longpoll', 'sse', 'websocket'] as const;
const ASKING = ['polling', 'longpoll'] as const;
const PERSISTENT = ['sse', 'websocket'] as const;
const NEWS = ['rare', 'frequent'] as const;

const RATE = { rare: RARE_PER_SECOND, frequent: FREQUENT_PER_SECOND } as const;

const data = z.object({
  clients: z.number(),
  /** CPU by delivered message, microseconds. */
  proxied: z.array(
    z.object({
      transport: z.enum(TRANSPORTS),
      news: z.enum(NEWS),
      proxyMicros: measured,
      handlerMicros: measured,
    }),
  ),
  /** Behind a few slow handlers: requests that needed one by delivered message. */
  queued: z.array(z.object({ transport: z.enum(TRANSPORTS), requestsPerMessage: measured, p50Ms: measured })),
});
type Data = z.infer<typeof data>;

export const persistent = defineClaim({
  id: 'persistent',
  title: text('A persistent connection spares the slow handler', '持久连接能减轻慢速处理程序的负担'),
  rule: {
    holds: text(
      'behind nginx a message costs the handler less CPU with SSE and with WebSocket than with polling and with long polling, both when news come once an interval and when they come 10 times; and with slow handlers no message of theirs needs one',
      '在 nginx 之后，无论每个轮询间隔有一条还是 10 条新消息，SSE 和 WebSocket 每条消息耗费的处理程序 CPU 都少于轮询和长轮询；且在慢速处理程序之后，它们的消息不需要处理程序',
    ),
    condition: text(
      'the same, but less CPU only for one of the two rates of news',
      '同上，但只在其中一种消息频度下 CPU 更少',
    ),
  },
  plainCondition: text('only at one of the two rates of news', '只在两种消息频度之一成立'),
  notes: [
    text(
      "The more messages one poll brings, the less it costs by message. nginx is the fast operator, our server the handler; both run on one core here, and loopback charges much of the receiver's TCP work to the sender.",
      '一次轮询带回的消息越多，分摊到每条的代价越低。nginx 是快的接线员，我们的服务器是处理程序；两者在此共用一个核心，而环回接口把接收方的许多 TCP 工作计在发送方名下。',
    ),
  ],
  data,
  async measure(lab) {
    const proxied: Data['proxied'] = [];
    let clients = 0;
    for (const news of NEWS) {
      for (const transport of TRANSPORTS) {
        const wish = behindNginx(lab, transport, RATE[news]);
        clients = wish.clients;
        const found = (await lab.run(wish))?.measurements;
        proxied.push({
          transport,
          news,
          proxyMicros: found?.proxy?.cpuMicrosPerDelivery ?? null,
          handlerMicros: found?.cpu.serverMicrosPerDelivery ?? null,
        });
      }
    }
    const queued: Data['queued'] = [];
    for (const transport of TRANSPORTS) {
      const found = (await lab.run(behindHandlers(lab, transport)))?.measurements;
      const { delivered = 0 } = found?.messages ?? {};
      queued.push({
        transport,
        requestsPerMessage:
          found?.handlers === undefined || delivered === 0 ? null : found.handlers.served / delivered,
        p50Ms: found?.latencyUs.p50 == null ? null : found.latencyUs.p50 / 1000,
      });
    }
    return { clients, proxied, queued };
  },
  conclude({ clients, proxied, queued }): Conclusion {
    const cpu = (id: string, news: string) =>
      proxied.find((each) => each.transport === id && each.news === news);
    const handler = (id: string, news: string): string => figure(cpu(id, news)?.handlerMicros ?? null, 'µs');
    const needed = (id: string): string =>
      figure(queued.find(({ transport }) => transport === id)?.requestsPerMessage ?? null);
    const late = (id: string): string =>
      figure(queued.find(({ transport }) => transport === id)?.p50Ms ?? null, 'ms');
    return {
      verdict: verdictOf({ clients, proxied, queued }),
      figure: text(
        `CPU of the handler a message, news once an interval: SSE ${handler('sse', 'rare')}, WebSocket ${handler('websocket', 'rare')}, polling ${handler('polling', 'rare')}`,
        `每条消息的处理程序 CPU（每个间隔一条新消息）：SSE ${handler('sse', 'rare')}，WebSocket ${handler('websocket', 'rare')}，轮询 ${handler('polling', 'rare')}`,
      ),
      method: text(
        `${figure(clients)} clients behind nginx, configured for streams, with ${RATE.rare} and with ${RATE.frequent} messages a second, polled every ${figure(INTERVAL_MS)} ms. Beside it, without nginx: 40 clients, ${HANDLERS.count} handlers of ${HANDLERS.delayMs} ms that every request first needs, 5 messages a second, polled every 500 ms.`,
        `${figure(clients)} 个客户端在为流配置的 nginx 之后，每秒 ${RATE.rare} 条和 ${RATE.frequent} 条消息，每 ${figure(INTERVAL_MS)} ms 轮询一次。另外不用 nginx：40 个客户端，每个请求先要占用 ${HANDLERS.count} 个处理程序之一 ${HANDLERS.delayMs} ms，每秒 5 条消息，每 500 ms 轮询一次。`,
      ),
      sentences: [
        text(
          `When news come as seldom as polls, a delivered message costs the handler ${handler('sse', 'rare')} with SSE and ${handler('websocket', 'rare')} with WebSocket, but ${handler('polling', 'rare')} with polling and ${handler('longpoll', 'rare')} with long polling. When there are ${RATE.frequent} an interval: ${handler('sse', 'frequent')} and ${handler('websocket', 'frequent')} against ${handler('polling', 'frequent')} and ${handler('longpoll', 'frequent')}.`,
          `新消息与轮询一样稀少时，每条送达的消息耗费处理程序 CPU：SSE ${handler('sse', 'rare')}，WebSocket ${handler('websocket', 'rare')}；轮询 ${handler('polling', 'rare')}，长轮询 ${handler('longpoll', 'rare')}。每个间隔有 ${RATE.frequent} 条时：前两者为 ${handler('sse', 'frequent')} 和 ${handler('websocket', 'frequent')}，后两者为 ${handler('polling', 'frequent')} 和 ${handler('longpoll', 'frequent')}。`,
        ),
        text(
          `With slow handlers a message needs ${needed('polling')} of their turns with polling and ${needed('longpoll')} with long polling, and is late by ${late('polling')} and ${late('longpoll')}; with SSE and WebSocket it needs ${needed('sse')} and ${needed('websocket')}, and is late by ${late('sse')} and ${late('websocket')}.`,
          `面对慢速处理程序，一条消息在轮询中要占用它们 ${needed('polling')} 次，在长轮询中 ${needed('longpoll')} 次，分别迟到 ${late('polling')} 和 ${late('longpoll')}；在 SSE 和 WebSocket 中占用 ${needed('sse')} 次和 ${needed('websocket')} 次，迟到 ${late('sse')} 和 ${late('websocket')}。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            ...NEWS.flatMap((news) => [
              text(`${RATE[news]} a second: handler, µs a message`, `每秒 ${RATE[news]} 条：处理程序，µs/条`),
              text(`${RATE[news]} a second: nginx, µs a message`, `每秒 ${RATE[news]} 条：nginx，µs/条`),
            ]),
            text('turns of slow handlers a message', '每条消息占用慢速处理程序次数'),
            text('late behind them, median, ms', '在其后迟到（中位数），ms'),
          ],
          texts: 1,
          rows: TRANSPORTS.map((id) => [
            TRANSPORT[id],
            ...NEWS.flatMap((news) => [
              cell(cpu(id, news)?.handlerMicros ?? null),
              cell(cpu(id, news)?.proxyMicros ?? null),
            ]),
            same(needed(id)),
            cell(queued.find(({ transport }) => transport === id)?.p50Ms ?? null),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text(
            'CPU a delivered message behind nginx, µs, by messages a second',
            '在 nginx 之后每条送达消息的 CPU（µs），按每秒消息数',
          ),
          parts: [text('handler', '处理程序'), text('nginx', 'nginx')],
          bars: NEWS.flatMap((news) =>
            TRANSPORTS.map((id) => {
              const found = cpu(id, news);
              const [own, proxy] = [found?.handlerMicros ?? null, found?.proxyMicros ?? null];
              return {
                label: text(
                  `${RATE[news]}/s, ${TRANSPORT[id].en}`,
                  `每秒 ${RATE[news]} 条，${TRANSPORT[id].zh}`,
                ),
                values: own === null || proxy === null ? null : [own, proxy],
                shown: same(own === null || proxy === null ? '—' : `${figure(own)} + ${figure(proxy)}`),
              };
            }),
          ),
        },
      ],
    };
  },
});

function verdictOf({ proxied, queued }: Data): Verdict {
  const isLess = (news: (typeof NEWS)[number]): boolean | null => {
    const micros = (id: string): number | null =>
      proxied.find((each) => each.transport === id && each.news === news)?.handlerMicros ?? null;
    const asking = ASKING.map(micros);
    const push = PERSISTENT.map(micros);
    if (asking.includes(null) || push.includes(null)) return null;
    return Math.max(...push.map(Number)) < Math.min(...asking.map(Number));
  };
  const needs = PERSISTENT.map(
    (id) => queued.find(({ transport }) => transport === id)?.requestsPerMessage ?? null,
  );
  const spared = NEWS.map(isLess);
  if (needs.includes(null) || spared.includes(null)) return 'open';
  if (needs.some((count) => count !== 0) || !spared.includes(true)) return 'fails';
  return spared.every((each) => each === true) ? 'holds' : 'condition';
}
