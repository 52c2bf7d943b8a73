import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FRAME_PAYLOADS, frames as wish } from '../wishes.js';
import { frameSizes } from './frame-sizes.js';

/** The article's range. */
const LEAST = 2;
const MOST = 14;

const data = z.object({
  rows: z.array(z.object({ payloadBytes: z.number(), up: measured, down: measured })),
});

export const frames = defineClaim({
  id: 'frames',
  title: text('WebSocket frames are small: 2 to 14 bytes', 'WebSocket 的帧很小：2 到 14 字节'),
  rule: {
    holds: text(
      'the smallest header of a frame that was measured has 2 bytes, the largest 14',
      '测得的最小帧头为 2 字节，最大为 14 字节',
    ),
    condition: text(
      'every one lies within, and not both ends are reached',
      '全部落在这一范围内，但没有同时达到两端',
    ),
  },
  plainCondition: text(
    'within that range, without reaching both of its ends',
    '在此范围之内，但没有达到两端',
  ),
  notes: [
    text(
      'The header of a frame is meant, without its payload. By RFC 6455 it grows at 126 and at 65,536 bytes of payload, and in a client by the masking key. TCP and IP add at least 52 bytes a segment, beside which 2 are nothing.',
      '这里指帧头，不含载荷。按 RFC 6455，载荷达到 126 和 65,536 字节时帧头变长，客户端的帧头还多出掩码键。TCP 与 IP 每个报文段至少再加 52 字节，与之相比 2 字节微不足道。',
    ),
  ],
  data,
  async measure(lab) {
    const rows = [];
    for (const payloadBytes of FRAME_PAYLOADS) {
      const sizes = frameSizes(await lab.run(wish(payloadBytes)));
      const head = (size: number | null): number | null => size && size - payloadBytes;
      rows.push({ payloadBytes, up: head(sizes.up), down: head(sizes.down) });
    }
    return { rows };
  },
  conclude({ rows }): Conclusion {
    const values = rows.flatMap(({ up, down }) => [up, down]);
    const known = values.filter((value) => value !== null);
    const [least, most] = known.length === 0 ? [null, null] : [Math.min(...known), Math.max(...known)];
    return {
      verdict: verdictOf(values),
      figure: text(`${figure(least)} to ${figure(most)} bytes`, `${figure(least)} 到 ${figure(most)} 字节`),
      method: text(
        `10 clients over WebSocket say something and are answered with as much, with payloads of ${rows.map(({ payloadBytes }) => figure(payloadBytes)).join(', ')} bytes. A frame is what the sockets counted, less the payload.`,
        `10 个客户端经 WebSocket 发言并收到同样长的回答，载荷为 ${rows.map(({ payloadBytes }) => figure(payloadBytes)).join('、')} 字节。帧头 = 套接字计得的字节 − 载荷。`,
      ),
      sentences: [
        text(
          `The header of a frame had ${figure(least)} bytes at least and ${figure(most)} at most.`,
          `帧头最少 ${figure(least)} 字节，最多 ${figure(most)} 字节。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('payload, bytes', '载荷，字节'),
            text('from the server, bytes', '服务器发出，字节'),
            text('from the client, bytes', '客户端发出，字节'),
          ],
          texts: 0,
          rows: rows.map(({ payloadBytes, up, down }) => [cell(payloadBytes), cell(down), cell(up)]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Header of a WebSocket frame, bytes, by payload', 'WebSocket 帧头（字节），按载荷大小'),
          bars: rows.flatMap(({ payloadBytes, up, down }) => [
            bar(
              text(`${figure(payloadBytes)}, from the server`, `${figure(payloadBytes)}，服务器发出`),
              down,
            ),
            bar(text(`${figure(payloadBytes)}, from the client`, `${figure(payloadBytes)}，客户端发出`), up),
          ]),
        },
      ],
    };
  },
});

function bar(label: ReturnType<typeof text>, value: number | null) {
  return {
    label,
    transport: 'websocket' as const,
    values: value === null ? null : [value],
    shown: same(figure(value)),
  };
}

function verdictOf(values: readonly (number | null)[]): Verdict {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return 'open';
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (least < LEAST || most > MOST) return 'fails';
  return least === LEAST && most === MOST ? 'holds' : 'condition';
}
