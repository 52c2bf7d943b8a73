import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FIVE, TRANSPORT } from '../transports.js';

const OTHERS = ['polling', 'longpoll', 'iframe', 'sse'] as const;
const PAYLOAD_BYTES = 1000;

const data = z.object({
  payloadBytes: z.number(),
  rows: z.array(z.object({ transport: z.enum(FIVE), growthBytes: measured, downBytes: measured })),
});
type Row = z.infer<typeof data>['rows'][number];

export const binary = defineClaim({
  id: 'binary',
  title: text('WebSocket supports binary data better', 'WebSocket 对二进制的支持更好'),
  rule: {
    holds: text(
      'bytes that are no text cost WebSocket nothing more, and all other transports something',
      '非文本的字节在 WebSocket 上没有额外代价，在其他所有传输方式上都有',
    ),
    condition: text(
      'nothing more with WebSocket, and something with only some of the others',
      'WebSocket 没有额外代价，其他方式中只有一部分有',
    ),
  },
  plainCondition: text('not beside every other transport', '并非相对于所有其他传输方式'),
  notes: [
    text(
      "SSE and the scripts of an iframe are text by definition. An answer to a poll need not be: HTTP carries bytes as they are, and it is our servers' batch of lines that makes base64 necessary there.",
      'SSE 和 iframe 中的脚本按定义就是文本。轮询的应答则未必：HTTP 可以原样携带字节，是我们服务器按行合并消息的格式使 base64 成为必要。',
    ),
  ],
  data,
  async measure(lab) {
    const rows: Row[] = [];
    for (const transport of FIVE) {
      const wire = (
        await lab.run({
          scenario: transport,
          clients: 10,
          plan: {
            ratePerSecond: 5,
            arrivals: 'constant',
            payloadBytes: PAYLOAD_BYTES,
            content: 'binary',
            durationSeconds: lab.size(2, 1),
            warmupSeconds: 0,
            pollIntervalMs: 100,
          },
          bytesOnly: true,
        })
      )?.measurements.wire;
      rows.push({
        transport,
        growthBytes: wire?.growth?.perDelivery ?? null,
        downBytes: wire?.perDelivery?.down.total ?? null,
      });
    }
    return { payloadBytes: PAYLOAD_BYTES, rows };
  },
  conclude({ payloadBytes, rows }): Conclusion {
    const row = (id: (typeof FIVE)[number]): Row | undefined =>
      rows.find(({ transport }) => transport === id);
    const growth = (id: (typeof FIVE)[number]): string => figure(row(id)?.growthBytes ?? null);
    const event = row('sse')?.growthBytes ?? null;
    const percent = figure(event === null ? null : (event / payloadBytes) * 100);
    return {
      verdict: verdictOf(
        row('websocket')?.growthBytes ?? null,
        OTHERS.map((id) => row(id)?.growthBytes ?? null),
      ),
      figure: text(
        `growth of ${figure(payloadBytes)} bytes: WebSocket ${growth('websocket')}, SSE ${growth('sse')} (${percent} %)`,
        `${figure(payloadBytes)} 字节的增长：WebSocket ${growth('websocket')}，SSE ${growth('sse')}（${percent} %）`,
      ),
      method: text(
        `10 clients, messages of ${figure(payloadBytes)} bytes of all values. Where a transport has only text they travel as base64.`,
        `10 个客户端，消息为 ${figure(payloadBytes)} 字节，含所有取值。传输方式只有文本时以 base64 传送。`,
      ),
      sentences: [
        text(
          `A message of ${figure(payloadBytes)} binary bytes grew by ${growth('websocket')} bytes with WebSocket, whose frames have a kind for it, and by ${growth('sse')} with SSE and ${growth('iframe')} with iframe streaming (base64).`,
          `一条 ${figure(payloadBytes)} 字节的二进制消息，在 WebSocket 上增长 ${growth('websocket')} 字节（它有专门的帧类型），在 SSE 上增长 ${growth('sse')} 字节，在 iframe 流上增长 ${growth('iframe')} 字节（base64）。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('growth, bytes a message', '增长，字节/条'),
            text('down in all, bytes a message', '下行合计，字节/条'),
          ],
          texts: 1,
          rows: rows.map((each) => [TRANSPORT[each.transport], cell(each.growthBytes), cell(each.downBytes)]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text(
            `Growth of a binary message of ${figure(payloadBytes)} bytes, bytes`,
            `${figure(payloadBytes)} 字节二进制消息的增长（字节）`,
          ),
          bars: rows.map(({ transport, growthBytes }) => ({
            label: TRANSPORT[transport],
            transport,
            values: growthBytes === null ? null : [growthBytes],
            shown: same(figure(growthBytes)),
          })),
        },
      ],
    };
  },
});

function verdictOf(socket: number | null, others: readonly (number | null)[]): Verdict {
  if (socket === null || others.includes(null)) return 'open';
  const growing = others.filter((bytes) => bytes !== null && bytes > 0).length;
  if (socket > 0 || growing === 0) return 'fails';
  return growing === others.length ? 'holds' : 'condition';
}
