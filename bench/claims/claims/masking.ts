import { z } from 'zod';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FRAME_PAYLOADS, frames as wish } from '../wishes.js';
import { frameSizes } from './frame-sizes.js';

/** RFC 6455, 5.3. */
const KEY_BYTES = 4;

const data = z.object({
  /** Whole frames, bytes: unmasked from the server, masked from the client. */
  rows: z.array(z.object({ payloadBytes: z.number(), unmasked: measured, masked: measured })),
});

export const masking = defineClaim({
  id: 'masking',
  title: text('Masking leaves the length unchanged', '掩码不改变长度'),
  rule: {
    holds: text('a masked frame is as long as an unmasked one', '带掩码的帧与不带掩码的帧一样长'),
    condition: text(
      'it is longer by the same 4 bytes at every size, so that the payload keeps its length and only the key is added',
      '无论大小都恰好多 4 字节：载荷长度不变，只多出掩码键',
    ),
  },
  plainCondition: text(
    'the payload keeps its length; the frame is longer by the 4 bytes of the key',
    '载荷长度不变；帧因掩码键而多 4 字节',
  ),
  notes: [
    text(
      'Masking combines each byte of the payload with one of the key and adds none; the key itself, 4 bytes, travels in the header. Only clients mask. That every byte of the payload is changed and comes back is tested, not measured here.',
      '掩码把载荷的每个字节与掩码键的一个字节相异或，不增加字节；掩码键本身的 4 字节放在帧头里。只有客户端才加掩码。载荷的每个字节经掩码改变后能否还原，由测试保证，不在此测量。',
    ),
  ],
  data,
  async measure(lab) {
    const rows = [];
    for (const payloadBytes of FRAME_PAYLOADS) {
      const { up, down } = frameSizes(await lab.run(wish(payloadBytes)));
      rows.push({ payloadBytes, unmasked: down, masked: up });
    }
    return { rows };
  },
  conclude({ rows }): Conclusion {
    const added = rows.map(({ unmasked, masked }) =>
      unmasked === null || masked === null ? null : masked - unmasked,
    );
    const known = added.filter((value) => value !== null);
    const range = [...new Set(known)].sort((a, b) => a - b).map((value) => figure(value));
    const shown = range.length === 0 ? '—' : range.join(' / ');
    const last = rows.at(-1);
    return {
      verdict: verdictOf(added),
      figure: text(`${shown} bytes more, whatever the payload`, `无论载荷大小，多 ${shown} 字节`),
      method: text(
        'The same echoes as for the size of frames: the frame up is masked, the frame down has the same payload and is not. Lengths are those that the sockets counted.',
        '与测帧大小时相同的回声：上行帧带掩码，下行帧载荷相同但不带掩码。长度以套接字计数为准。',
      ),
      sentences: [
        text(
          `A masked frame was ${shown} bytes longer than an unmasked one with the same payload, at every size up to ${figure(last?.payloadBytes ?? null)} bytes.`,
          `载荷相同时，带掩码的帧比不带掩码的帧长 ${shown} 字节，直到 ${figure(last?.payloadBytes ?? null)} 字节的载荷都是如此。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('payload, bytes', '载荷，字节'),
            text('unmasked frame, bytes', '不带掩码的帧，字节'),
            text('masked frame, bytes', '带掩码的帧，字节'),
            text('added, bytes', '增加，字节'),
          ],
          texts: 0,
          rows: rows.map(({ payloadBytes, unmasked, masked }, at) => [
            cell(payloadBytes),
            cell(unmasked),
            cell(masked),
            cell(added[at] ?? null),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Header of a masked frame, bytes, by payload', '带掩码的帧：帧头（字节），按载荷大小'),
          parts: [text('as without a mask', '与不带掩码时相同'), text('added by masking', '掩码增加')],
          bars: rows.map(({ payloadBytes, unmasked }, at) => {
            const more = added[at] ?? null;
            return {
              label: same(figure(payloadBytes)),
              values: unmasked === null || more === null ? null : [unmasked - payloadBytes, more],
              shown:
                unmasked === null || more === null
                  ? same('—')
                  : same(`${figure(unmasked - payloadBytes)} + ${figure(more)}`),
            };
          }),
        },
      ],
    };
  },
});

function verdictOf(added: readonly (number | null)[]): Verdict {
  if (added.length === 0 || added.includes(null)) return 'open';
  if (added.every((bytes) => bytes === 0)) return 'holds';
  return added.every((bytes) => bytes === KEY_BYTES) ? 'condition' : 'fails';
}
