import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { TRANSPORT } from '../transports.js';

const TRANSPORTS = ['polling', 'polling-close', 'longpoll', 'iframe', 'sse', 'websocket'] as const;
const ASKING = ['polling', 'polling-close', 'longpoll'] as const;
const COOKIE_BYTES = 100;
/** `Cookie: ` and the line end. */
const LINE_BYTES = COOKIE_BYTES + 10;
/** Requests that are under way at the window's edges may be counted at one end only. */
const TOLERANCE = 0.05;

const data = z.object({
  intervalMs: z.number(),
  rows: z.array(
    z.object({
      transport: z.enum(TRANSPORTS),
      /** Cookie lines in the window, by answered request; null without requests. */
      linesPerRequest: measured,
      bytesPerMessage: measured,
      /** By client, before the window. */
      handshakeBytes: measured,
    }),
  ),
});
type Row = z.infer<typeof data>['rows'][number];

export const identity = defineClaim({
  id: 'identity',
  title: text('Identity is sent again with every request', '每次请求都要重新发送身份'),
  rule: {
    holds: text(
      'every request of the transports that ask carries the cookie (once each, within 5 %)',
      '凡是需要请求的传输方式，每个请求都带有 Cookie（各一次，误差 5 % 以内）',
    ),
    condition: text('the requests of only some of them do', '只有其中一部分的请求如此'),
  },
  plainCondition: text('not of every transport that asks', '并非每种需要请求的传输方式都如此'),
  notes: [
    text(
      'What a message costs follows from how often one asks for it: polling pays for polls in vain, and once for several messages in one answer.',
      '一条消息的代价取决于为它询问的次数：轮询要为落空的询问付出，而一次应答带回多条消息时只付一次。',
    ),
  ],
  data,
  async measure(lab) {
    const intervalMs = 200;
    const rows: Row[] = [];
    for (const transport of TRANSPORTS) {
      const found = (
        await lab.run({
          scenario: transport,
          clients: 20,
          plan: {
            ratePerSecond: 5,
            durationSeconds: lab.size(3, 1),
            warmupSeconds: 0,
            pollIntervalMs: intervalMs,
            headers: 'browser',
            cookieBytes: COOKIE_BYTES,
          },
          bytesOnly: true,
        })
      )?.measurements;
      const line = found?.wire.identity;
      rows.push({
        transport,
        linesPerRequest:
          line && found.requests.total > 0 ? line.total / LINE_BYTES / found.requests.total : null,
        bytesPerMessage: line?.perDelivery ?? null,
        handshakeBytes: line?.handshakePerClient ?? null,
      });
    }
    return { intervalMs, rows };
  },
  conclude({ intervalMs, rows }): Conclusion {
    const row = (id: (typeof TRANSPORTS)[number]): Row | undefined =>
      rows.find(({ transport }) => transport === id);
    const bytes = (id: (typeof TRANSPORTS)[number]): string => figure(row(id)?.bytesPerMessage ?? null);
    const once = figure(row('websocket')?.handshakeBytes ?? null);
    return {
      verdict: verdictOf(ASKING.map((id) => row(id)?.linesPerRequest ?? null)),
      figure: text(
        `${bytes('longpoll')} bytes a message with long polling, ${bytes('polling')} with polling, ${bytes('websocket')} with WebSocket`,
        `每条消息：长轮询 ${bytes('longpoll')} 字节，轮询 ${bytes('polling')} 字节，WebSocket ${bytes('websocket')} 字节`,
      ),
      method: text(
        `20 clients with a browser's headers and a cookie of ${COOKIE_BYTES} bytes, which is a line of ${LINE_BYTES}; 5 messages a second at random instants, polled every ${intervalMs} ms.`,
        `20 个客户端，使用浏览器首部和 ${COOKIE_BYTES} 字节的 Cookie，即一行 ${LINE_BYTES} 字节；每秒 5 条消息，时刻随机，每 ${intervalMs} ms 轮询一次。`,
      ),
      sentences: [
        text(
          `Of the cookie's line a delivered message pays ${bytes('longpoll')} bytes with long polling, ${bytes('polling')} with polling and ${bytes('polling-close')} with HTTP/1.0 polling. A stream or socket says who it is once, in its ${once} bytes at the beginning, and then ${bytes('sse')} bytes a message with SSE and ${bytes('websocket')} with WebSocket.`,
          `每条送达的消息分摊的 Cookie 行：长轮询 ${bytes('longpoll')} 字节，轮询 ${bytes('polling')} 字节，HTTP/1.0 式轮询 ${bytes('polling-close')} 字节。流或套接字只在开头用 ${once} 字节表明一次身份，此后 SSE 每条消息 ${bytes('sse')} 字节，WebSocket ${bytes('websocket')} 字节。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('cookie lines a request', '每个请求的 Cookie 行数'),
            text('bytes a delivered message', '每条送达消息的字节'),
            text('bytes in the handshake', '握手中的字节'),
          ],
          texts: 1,
          rows: rows.map((each) => [
            TRANSPORT[each.transport],
            cell(each.linesPerRequest),
            cell(each.bytesPerMessage),
            cell(each.handshakeBytes),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text("Bytes of the cookie's line a delivered message", '每条送达消息的 Cookie 行字节数'),
          bars: rows.map(({ transport, bytesPerMessage }) => ({
            label: TRANSPORT[transport],
            transport,
            values: bytesPerMessage === null ? null : [bytesPerMessage],
            shown: same(figure(bytesPerMessage)),
          })),
        },
      ],
    };
  },
});

function verdictOf(linesPerRequest: readonly (number | null)[]): Verdict {
  if (linesPerRequest.includes(null)) return 'open';
  const isEach = (lines: number | null): boolean => lines !== null && Math.abs(lines - 1) <= TOLERANCE;
  if (linesPerRequest.every(isEach)) return 'holds';
  return linesPerRequest.some(isEach) ? 'condition' : 'fails';
}
