import { z } from 'zod';
import type { MeasuredTrial } from '../../../reports/result.js';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FIVE, TRANSPORT } from '../transports.js';

/** The article's "400+". */
const STATED_BYTES = 400;
const OVER_HTTP = ['polling', 'longpoll', 'iframe', 'sse'] as const;
const ASKING = ['polling', 'longpoll'] as const;
const CLIENTS = { minimal: text('bare client', '最简客户端'), browser: text('browser', '浏览器') } as const;

const data = z.object({
  payloadBytes: z.number(),
  /** Bytes of one delivered message, both directions; null without a valid trial. */
  rows: z.array(
    z.object({
      transport: z.enum(FIVE),
      headers: z.enum(['minimal', 'browser']),
      overhead: z.number().nullable(),
    }),
  ),
});

export const headers = defineClaim({
  id: 'headers',
  title: text(
    'An HTTP message carries 400 bytes of headers and more around 10 useful ones',
    '一条 HTTP 消息为 10 字节的有效内容附带 400 字节以上的首部',
  ),
  rule: {
    holds: text(
      'every message over HTTP has at least 400 bytes of headers and framing, whoever asks and whatever the transport',
      '无论客户端是谁、采用哪种传输方式，经 HTTP 送达的每条消息都至少带有 400 字节的首部与成帧开销',
    ),
    condition: text(
      'a message that is asked for has them with the headers of a browser',
      '只有以浏览器的首部发出请求而得到的消息才如此',
    ),
  },
  plainCondition: text(
    "with a browser's headers, and for messages that are asked for one by one; not on a stream",
    '限于使用浏览器首部、逐条请求的消息；流上不成立',
  ),
  notes: [
    text(
      'Both directions are counted, request and answer. A cookie comes on top, and so do TCP and IP: see [bytes on the wire](wire-bytes.md).',
      '请求与响应两个方向都计入。Cookie 以及 TCP、IP 的字节另计，见 [bytes on the wire](wire-bytes.md)。',
    ),
  ],
  data,
  async measure(lab) {
    const payloadBytes = 10;
    const rows = [];
    for (const transport of FIVE) {
      for (const style of ['minimal', 'browser'] as const) {
        const trial = await lab.run({
          scenario: transport,
          clients: 10,
          plan: {
            ratePerSecond: 5,
            arrivals: 'constant',
            payloadBytes,
            durationSeconds: lab.size(2, 1),
            warmupSeconds: 0,
            pollIntervalMs: 100,
            headers: style,
          },
          bytesOnly: true,
        });
        rows.push({ transport, headers: style, overhead: trial && overheadOf(trial, payloadBytes) });
      }
    }
    return { payloadBytes, rows };
  },
  conclude({ payloadBytes, rows }): Conclusion {
    const of = (transport: (typeof FIVE)[number], style: keyof typeof CLIENTS): number | null =>
      rows.find((row) => row.transport === transport && row.headers === style)?.overhead ?? null;
    const all = OVER_HTTP.flatMap((id) => [of(id, 'minimal'), of(id, 'browser')]);
    const browser = ASKING.map((id) => of(id, 'browser'));
    const [poll, bare, event, frame] = [
      of('polling', 'browser'),
      of('polling', 'minimal'),
      of('sse', 'browser'),
      of('websocket', 'browser'),
    ].map((value) => figure(value));
    return {
      verdict: verdictOf(all, browser),
      figure: text(
        `a poll: ${poll} bytes with a browser, ${bare} with a bare client; an SSE event: ${event}`,
        `一次轮询：浏览器 ${poll} 字节，最简客户端 ${bare} 字节；一个 SSE 事件：${event} 字节`,
      ),
      method: text(
        `10 clients, messages of ${payloadBytes} bytes, one at a time, each in an answer of its own where it is asked for; once with the headers of a bare client and once with those of Chromium.`,
        `10 个客户端，消息每条 ${payloadBytes} 字节，逐条发送；需要请求的传输方式中每条消息独占一个响应。先用最简客户端的首部，再用 Chromium 的首部各测一遍。`,
      ),
      sentences: [
        text(
          `A poll that brings a message takes ${poll} bytes of headers with a browser and ${bare} with a bare client. On a response that never ends the headers are paid once: after that an SSE event has ${event} bytes around it, and a WebSocket frame ${frame}.`,
          `带回一条消息的一次轮询，浏览器需要 ${poll} 字节首部，最简客户端需要 ${bare} 字节。响应若不结束，首部只付一次：此后一个 SSE 事件的额外开销为 ${event} 字节，一个 WebSocket 帧为 ${frame} 字节。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('bare client, bytes', '最简客户端，字节'),
            text('browser, bytes', '浏览器，字节'),
          ],
          texts: 1,
          rows: FIVE.map((id) => [TRANSPORT[id], cell(of(id, 'minimal')), cell(of(id, 'browser'))]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text(
            `Bytes around a message of ${payloadBytes} bytes, both directions`,
            `${payloadBytes} 字节消息的额外开销（字节，双向合计）`,
          ),
          bars: FIVE.flatMap((id) =>
            (['browser', 'minimal'] as const).map((style) => {
              const value = of(id, style);
              return {
                label: text(
                  `${TRANSPORT[id].en}, ${CLIENTS[style].en}`,
                  `${TRANSPORT[id].zh}，${CLIENTS[style].zh}`,
                ),
                transport: id,
                values: value === null ? null : [value],
                shown: same(figure(value)),
              };
            }),
          ),
          mark: { at: STATED_BYTES, label: same(String(STATED_BYTES)) },
        },
      ],
    };
  },
});

function verdictOf(all: readonly (number | null)[], browser: readonly (number | null)[]): Verdict {
  if (all.includes(null)) return 'open';
  const isEnough = (value: number | null): boolean => value !== null && value >= STATED_BYTES;
  if (all.every(isEnough)) return 'holds';
  return browser.every(isEnough) ? 'condition' : 'fails';
}

/** Header and framing of one message, both directions. Of polls those with exactly one: the window's edges cut through others. */
function overheadOf({ measurements }: MeasuredTrial, payloadBytes: number): number | null {
  const { exchange, perDelivery } = measurements.wire;
  if (exchange !== null) return exchange.hit && exchange.hit.up + exchange.hit.down - payloadBytes;
  if (perDelivery === null) return null;
  const { up, down } = perDelivery;
  return up.header + up.framing + down.header + down.framing;
}
