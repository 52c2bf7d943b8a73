import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, text } from '../text.js';
import { FIVE, TRANSPORT } from '../transports.js';
import { broadcast, broadcastSize } from '../wishes.js';

/** A handshake inside the window is no rule any more from this part of the bytes on. */
const RARELY = 0.01;
const AFTER = [1, 10, 100, 1000, 10_000];
const SHOWN = [1, 100, 10_000];

const data = z.object({
  clients: z.number(),
  rows: z.array(
    z.object({
      transport: z.enum(FIVE),
      messagesPerClient: measured,
      lost: measured,
      requestsPerMessage: measured,
      /** By client, both directions, before the window. */
      handshakeBytes: measured,
      /** By message, both directions, in the window: connections that were made anew. */
      againBytes: measured,
      /** By message, both directions, all in the window. */
      bytesPerMessage: measured,
    }),
  ),
});
type Row = z.infer<typeof data>['rows'][number];

export const handshake = defineClaim({
  id: 'handshake',
  title: text(
    'With WebSocket one handshake is enough for an endless stream',
    'WebSocket 只需一次握手即可得到无尽的数据流',
  ),
  rule: {
    holds: text(
      'in the window WebSocket makes no request and no handshake, and loses nothing',
      '测量窗口内 WebSocket 没有请求，没有握手，也没有丢失',
    ),
    condition: text(
      'it makes handshakes anew, of less than 1 % of its bytes',
      '有重新握手，但不到其字节数的 1 %',
    ),
  },
  plainCondition: text('as long as the connection lives', '只要连接不断'),
  notes: [
    text(
      'The averages over n messages are computed: (handshake + n × bytes a message) / n. A connection that breaks needs a new handshake: see the restart below.',
      '前 n 条消息的平均值由计算得出：（握手 + n × 每条字节）/ n。连接一旦断开就要重新握手：见下文的重启。',
    ),
  ],
  data,
  async measure(lab) {
    const { clients } = broadcastSize(lab);
    const rows: Row[] = [];
    for (const transport of FIVE) {
      const found = (await lab.run(broadcast(lab, transport)))?.measurements;
      const { perDelivery, handshakePerClient } = found?.wire ?? {};
      rows.push({
        transport,
        messagesPerClient: found === undefined ? null : found.messages.delivered / found.clients.connected,
        lost: found?.messages.lost ?? null,
        requestsPerMessage: found?.requests.perDelivery ?? null,
        handshakeBytes:
          handshakePerClient === undefined ? null : handshakePerClient.up + handshakePerClient.down,
        againBytes: perDelivery == null ? null : perDelivery.up.handshake + perDelivery.down.handshake,
        bytesPerMessage: perDelivery == null ? null : perDelivery.up.total + perDelivery.down.total,
      });
    }
    return { clients, rows };
  },
  conclude({ clients, rows }): Conclusion {
    const row = (id: (typeof FIVE)[number]): Row | undefined =>
      rows.find(({ transport }) => transport === id);
    const [socket, event, long] = [row('websocket'), row('sse'), row('longpoll')];
    const number = (value: number | null | undefined): string => figure(value ?? null);
    return {
      verdict: verdictOf(socket),
      figure: text(
        `${number(socket?.handshakeBytes)} bytes once, then ${number(socket?.requestsPerMessage)} requests and ${number(socket?.bytesPerMessage)} bytes a message; SSE: ${number(event?.handshakeBytes)}, ${number(event?.requestsPerMessage)} and ${number(event?.bytesPerMessage)}`,
        `一次 ${number(socket?.handshakeBytes)} 字节，此后每条消息 ${number(socket?.requestsPerMessage)} 次请求、${number(socket?.bytesPerMessage)} 字节；SSE 依次为 ${number(event?.handshakeBytes)}、${number(event?.requestsPerMessage)}、${number(event?.bytesPerMessage)}`,
      ),
      method: text(
        `${figure(clients)} clients, ${number(socket?.messagesPerClient)} messages to each of them, with the headers of a bare client.`,
        `${figure(clients)} 个客户端，每个接收 ${number(socket?.messagesPerClient)} 条消息，使用最简客户端的首部。`,
      ),
      sentences: [
        text(
          `A WebSocket's handshake takes ${number(socket?.handshakeBytes)} bytes, both directions; in the window it made ${number(socket?.requestsPerMessage)} requests and ${number(socket?.againBytes)} bytes of handshake a message, and lost ${number(socket?.lost)} messages.`,
          `WebSocket 的握手双向共 ${number(socket?.handshakeBytes)} 字节；窗口内每条消息有 ${number(socket?.requestsPerMessage)} 次请求、${number(socket?.againBytes)} 字节握手，丢失 ${number(socket?.lost)} 条消息。`,
        ),
        text(
          `That is true of every response that does not end: SSE opens with ${number(event?.handshakeBytes)} bytes and then asks ${number(event?.requestsPerMessage)} times a message, too. Long polling asks ${number(long?.requestsPerMessage)} time a message.`,
          `任何不结束的响应都是如此：SSE 以 ${number(event?.handshakeBytes)} 字节打开，此后每条消息同样是 ${number(event?.requestsPerMessage)} 次请求。长轮询每条消息 ${number(long?.requestsPerMessage)} 次。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('requests a message', '每条消息的请求数'),
            text('handshake, bytes', '握手，字节'),
            text('bytes a message', '每条消息字节'),
            ...SHOWN.map((n) =>
              text(
                `average over ${figure(n)} ${n === 1 ? 'message' : 'messages'}, bytes`,
                `前 ${figure(n)} 条平均，字节`,
              ),
            ),
          ],
          texts: 1,
          rows: rows.map((each) => [
            TRANSPORT[each.transport],
            cell(each.requestsPerMessage),
            cell(each.handshakeBytes),
            cell(each.bytesPerMessage),
            ...SHOWN.map((n) => cell(averageOver(each, n))),
          ]),
        },
      ],
      charts: [
        {
          kind: 'lines',
          title: text(
            'Average bytes a message, handshake contained (computed)',
            '每条消息的平均字节，含握手（计算值）',
          ),
          x: { label: text('messages so far', '已收消息数'), scale: 'log' },
          y: { label: text('bytes', '字节'), scale: 'log' },
          lines: rows.map((each) => ({
            name: TRANSPORT[each.transport],
            transport: each.transport,
            points: AFTER.flatMap((n): [number, number][] => {
              const value = averageOver(each, n);
              return value === null ? [] : [[n, value]];
            }),
          })),
        },
      ],
    };
  },
});

function averageOver({ handshakeBytes, bytesPerMessage }: Row, messages: number): number | null {
  return handshakeBytes === null || bytesPerMessage === null
    ? null
    : handshakeBytes / messages + bytesPerMessage;
}

function verdictOf(row: Row | undefined): Verdict {
  if (row === undefined) return 'open';
  const { lost, requestsPerMessage, againBytes, bytesPerMessage } = row;
  if (lost === null || requestsPerMessage === null || againBytes === null || bytesPerMessage === null)
    return 'open';
  if (lost > 0 || requestsPerMessage > 0) return 'fails';
  if (againBytes === 0) return 'holds';
  return againBytes < RARELY * bytesPerMessage ? 'condition' : 'fails';
}
