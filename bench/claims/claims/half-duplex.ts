import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FIVE, TRANSPORT } from '../transports.js';
import { broadcast } from '../wishes.js';

const OVER_HTTP = ['polling', 'longpoll', 'iframe', 'sse'] as const;

const data = z.object({
  clients: z.number(),
  intervalMs: z.number(),
  rows: z.array(
    z.object({
      transport: z.enum(FIVE),
      /** The client speaks and is answered. */
      requestsPerExchange: measured,
      roundTripP50Ms: measured,
      bytesPerExchange: measured,
      /** The server has news. */
      requestsPerNews: measured,
    }),
  ),
});
type Row = z.infer<typeof data>['rows'][number];

export const halfDuplex = defineClaim({
  id: 'half-duplex',
  title: text('HTTP is half duplex: only the client may start', 'HTTP 是半双工的：只有客户端能发起'),
  rule: {
    holds: text(
      'over HTTP an exchange takes a request at least, and so does news from the server',
      '经 HTTP 时，一次交换至少需要一个请求，服务器的新消息也是如此',
    ),
    condition: text(
      'an exchange takes a request at least, but some transport over HTTP brings news without one',
      '一次交换至少需要一个请求，但经 HTTP 的某些方式无需请求即可送来新消息',
    ),
  },
  plainCondition: text(
    'for what the client has to say; a response that does not end lets the server go on without being asked again',
    '就客户端要说的话而言；响应若不结束，服务器无需再被询问即可继续发送',
  ),
  notes: [
    text(
      'A stream is a request whose answer does not end: the server speaks without being asked again, and what the client has to say needs a request beside it. Of HTTP/1.1 only.',
      '流就是响应不结束的请求：服务器无需再被询问即可继续说话，而客户端要说话就得另发请求。仅指 HTTP/1.1。',
    ),
  ],
  data,
  async measure(lab) {
    const clients = lab.size(50, 10);
    const intervalMs = 200;
    const rows: Row[] = [];
    for (const transport of FIVE) {
      const echo = (
        await lab.run({
          scenario: transport,
          clients,
          plan: {
            workload: 'echo',
            ratePerSecond: 50,
            durationSeconds: lab.size(4, 2),
            warmupSeconds: lab.size(1, 0),
            pollIntervalMs: intervalMs,
          },
        })
      )?.measurements;
      const news = (await lab.run(broadcast(lab, transport)))?.measurements;
      const { perDelivery } = echo?.wire ?? {};
      rows.push({
        transport,
        requestsPerExchange: echo?.requests.perDelivery ?? null,
        roundTripP50Ms: echo?.latencyUs.p50 == null ? null : echo.latencyUs.p50 / 1000,
        bytesPerExchange: perDelivery == null ? null : perDelivery.up.total + perDelivery.down.total,
        requestsPerNews: news?.requests.perDelivery ?? null,
      });
    }
    return { clients, intervalMs, rows };
  },
  conclude({ clients, intervalMs, rows }): Conclusion {
    const row = (id: (typeof FIVE)[number]): Row | undefined =>
      rows.find(({ transport }) => transport === id);
    const asks = (id: (typeof FIVE)[number]): string => figure(row(id)?.requestsPerExchange ?? null);
    const trip = (id: (typeof FIVE)[number]): string => figure(row(id)?.roundTripP50Ms ?? null, 'ms');
    const news = figure(row('sse')?.requestsPerNews ?? null);
    return {
      verdict: verdictOf(OVER_HTTP.map(row)),
      figure: text(
        `requests an exchange: long polling ${asks('longpoll')}, SSE ${asks('sse')}, WebSocket ${asks('websocket')}`,
        `每次交换的请求数：长轮询 ${asks('longpoll')}，SSE ${asks('sse')}，WebSocket ${asks('websocket')}`,
      ),
      method: text(
        `${figure(clients)} clients speak 50 times a second in all and are answered; where a transport has no way up they speak in a POST. Polled every ${intervalMs} ms. News: the broadcast of the other claims.`,
        `${figure(clients)} 个客户端合计每秒发言 50 次并得到回答；传输方式没有上行通道时用 POST 发言。每 ${intervalMs} ms 轮询一次。新消息：取自其他论断所用的广播。`,
      ),
      sentences: [
        text(
          `To speak and be answered takes ${asks('polling')} requests with polling, ${asks('longpoll')} with long polling, ${asks('sse')} with SSE and ${asks('websocket')} with WebSocket; the median round trips are ${trip('polling')}, ${trip('longpoll')}, ${trip('sse')} and ${trip('websocket')}.`,
          `说一句并得到回答，轮询需要 ${asks('polling')} 个请求，长轮询 ${asks('longpoll')} 个，SSE ${asks('sse')} 个，WebSocket ${asks('websocket')} 个；往返时间的中位数依次为 ${trip('polling')}、${trip('longpoll')}、${trip('sse')}、${trip('websocket')}。`,
        ),
        text(
          `News from the server takes ${news} requests a message with SSE, ${figure(row('longpoll')?.requestsPerNews ?? null)} with long polling and ${figure(row('websocket')?.requestsPerNews ?? null)} with WebSocket.`,
          `服务器的新消息经 SSE 时每条需要 ${news} 个请求，长轮询 ${figure(row('longpoll')?.requestsPerNews ?? null)} 个，WebSocket ${figure(row('websocket')?.requestsPerNews ?? null)} 个。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('requests an exchange', '每次交换的请求数'),
            text('round trip, median, ms', '往返时间（中位数），ms'),
            text('bytes an exchange', '每次交换的字节'),
            text('requests a message of news', '每条新消息的请求数'),
          ],
          texts: 1,
          rows: rows.map((each) => [
            TRANSPORT[each.transport],
            cell(each.requestsPerExchange),
            cell(each.roundTripP50Ms),
            cell(each.bytesPerExchange),
            cell(each.requestsPerNews),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text(
            'Requests an exchange: the client speaks and is answered',
            '每次交换的请求数（客户端发言并得到回答）',
          ),
          bars: rows.map(({ transport, requestsPerExchange: value }) => ({
            label: TRANSPORT[transport],
            transport,
            values: value === null ? null : [value],
            shown: same(figure(value)),
          })),
        },
        {
          kind: 'bars',
          title: text('Round trip, median, ms', '往返时间，中位数（ms）'),
          bars: rows.map(({ transport, roundTripP50Ms: value }) => ({
            label: TRANSPORT[transport],
            transport,
            values: value === null ? null : [value],
            shown: same(figure(value)),
          })),
        },
      ],
    };
  },
});

function verdictOf(overHttp: readonly (Row | undefined)[]): Verdict {
  const known = overHttp.flatMap((row) =>
    row === undefined || row.requestsPerExchange === null || row.requestsPerNews === null
      ? []
      : [{ exchange: row.requestsPerExchange, news: row.requestsPerNews }],
  );
  if (known.length < overHttp.length) return 'open';
  if (known.some(({ exchange }) => exchange < 1)) return 'fails';
  return known.every(({ news }) => news > 0) ? 'holds' : 'condition';
}
