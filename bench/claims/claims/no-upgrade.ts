import { z } from 'zod';
import type { MeasuredTrial } from '../../../reports/result.js';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { TRANSPORT } from '../transports.js';
import { behindNginx, broadcast, FREQUENT_PER_SECOND } from '../wishes.js';

const TRANSPORTS = ['sse', 'websocket'] as const;
const WAYS = ['direct', 'nginx', 'nginx-default'] as const;
type Way = (typeof WAYS)[number];
const WAY_NAME = {
  direct: text('direct', '直连'),
  nginx: text('nginx, configured for streams', 'nginx，为流配置'),
  'nginx-default': text("nginx's defaults", 'nginx 默认配置'),
} as const;
/** A message later than this is not what a stream is for. */
const IN_TIME_MS = 100;

const one = z.object({
  expected: z.number(),
  delivered: z.number(),
  p50Ms: z.number().nullable(),
});
const data = z.object({
  rows: z.array(z.object({ transport: z.enum(TRANSPORTS), way: z.enum(WAYS), result: one.nullable() })),
  /** Bytes of the request that opens it. */
  request: z.object({ sse: z.number().nullable(), websocket: z.number().nullable() }),
});
type Data = z.infer<typeof data>;

export const noUpgrade = defineClaim({
  id: 'no-upgrade',
  title: text('SSE needs no upgrade', 'SSE 不需要协议升级'),
  rule: {
    holds: text(
      "through nginx's defaults, which pass no Upgrade on, SSE delivers everything with a median of at most 100 ms, and WebSocket nothing",
      '经过不转发 Upgrade 的 nginx 默认配置，SSE 全部送达且中位延迟不超过 100 ms，WebSocket 一条也送不到',
    ),
    condition: text(
      'SSE delivers something there, late or in part, and WebSocket nothing',
      'SSE 在那里能送达，但迟到或只送达一部分，WebSocket 一条也送不到',
    ),
  },
  plainCondition: text(
    'it passes where upgrades do not, but buffers on the way may hold it up',
    '不转发升级之处它也能通过，但途中的缓冲会拖住它',
  ),
  notes: [
    text(
      'What holds SSE up there are buffers, not a missing upgrade: see [a proxy in front](proxies.md).',
      '在那里拖住 SSE 的是缓冲，而不是缺少升级：见[前置代理](proxies.md)。',
    ),
  ],
  data,
  async measure(lab) {
    const rows: Data['rows'] = [];
    const request: Data['request'] = { sse: null, websocket: null };
    for (const transport of TRANSPORTS) {
      const direct = await lab.run(broadcast(lab, transport));
      request[transport] = direct?.measurements.wire.handshakePerClient.up ?? null;
      const configured = await lab.run(behindNginx(lab, transport, FREQUENT_PER_SECOND));
      const plain = await lab.run({
        scenario: transport,
        clients: 20,
        plan: { ratePerSecond: 100, durationSeconds: 4, warmupSeconds: 0, proxy: 'nginx-default' },
        bytesOnly: true,
      });
      rows.push(
        { transport, way: 'direct', result: resultOf(direct) },
        { transport, way: 'nginx', result: resultOf(configured) },
        { transport, way: 'nginx-default', result: resultOf(plain) },
      );
    }
    return { rows, request };
  },
  conclude({ rows, request }): Conclusion {
    const of = (id: (typeof TRANSPORTS)[number], way: Way) =>
      rows.find((row) => row.transport === id && row.way === way)?.result ?? null;
    const share = (id: (typeof TRANSPORTS)[number], way: Way): number | null => {
      const found = of(id, way);
      return found === null || found.expected === 0 ? null : (found.delivered / found.expected) * 100;
    };
    const percent = (id: (typeof TRANSPORTS)[number], way: Way): string => figure(share(id, way), '%');
    const plain = of('sse', 'nginx-default');
    return {
      verdict: verdictOf(of('sse', 'direct'), plain, of('websocket', 'nginx-default')),
      figure: text(
        `delivered through nginx's defaults: SSE ${percent('sse', 'nginx-default')}, WebSocket ${percent('websocket', 'nginx-default')}`,
        `经 nginx 默认配置送达：SSE ${percent('sse', 'nginx-default')}，WebSocket ${percent('websocket', 'nginx-default')}`,
      ),
      method: text(
        "The broadcast of the other claims, direct and through an nginx configured for streams; and 20 clients with 100 messages a second for 4 s through nginx's defaults.",
        '其他论断所用的广播，直连以及经过为流配置的 nginx；另有 20 个客户端、每秒 100 条消息、持续 4 s，经过 nginx 默认配置。',
      ),
      sentences: [
        text(
          `SSE opens with a plain request of ${figure(request.sse)} bytes, WebSocket with an upgrade of ${figure(request.websocket)}. Through nginx's defaults, which pass no upgrade on, SSE delivered ${percent('sse', 'nginx-default')} and WebSocket ${percent('websocket', 'nginx-default')}.`,
          `SSE 以 ${figure(request.sse)} 字节的普通请求打开，WebSocket 以 ${figure(request.websocket)} 字节的升级请求打开。经过不转发升级的 nginx 默认配置，SSE 送达 ${percent('sse', 'nginx-default')}，WebSocket 送达 ${percent('websocket', 'nginx-default')}。`,
        ),
        text(
          `No upgrade does not mean nothing to configure: SSE's messages were late by ${figure(plain?.p50Ms ?? null, 'ms')} there (median). Configured for streams, nginx let ${percent('sse', 'nginx')} of SSE's through and ${percent('websocket', 'nginx')} of WebSocket's.`,
          `不需要升级不等于无需配置：SSE 的消息在那里迟到 ${figure(plain?.p50Ms ?? null, 'ms')}（中位数）。为流配置之后，nginx 让 SSE 的 ${percent('sse', 'nginx')} 和 WebSocket 的 ${percent('websocket', 'nginx')} 通过。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('way', '路径'),
            text('expected', '应送达'),
            text('delivered', '送达'),
            text('median, ms', '中位数，ms'),
          ],
          texts: 2,
          rows: rows.map(({ transport, way, result }) => [
            TRANSPORT[transport],
            WAY_NAME[way],
            cell(result?.expected ?? null),
            cell(result?.delivered ?? null),
            cell(result?.delivered === 0 ? null : (result?.p50Ms ?? null)),
          ]),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Delivered, % of what was due', '送达，占应送达的 %'),
          bars: rows.map(({ transport, way }) => {
            const value = share(transport, way);
            return {
              label: text(
                `${TRANSPORT[transport].en}, ${WAY_NAME[way].en}`,
                `${TRANSPORT[transport].zh}，${WAY_NAME[way].zh}`,
              ),
              transport,
              values: value === null ? null : [value],
              shown: same(figure(value, '%')),
            };
          }),
        },
      ],
    };
  },
});

function resultOf(trial: MeasuredTrial | null): z.infer<typeof one> | null {
  if (trial === null) return null;
  const { messages, latencyUs } = trial.measurements;
  return {
    expected: messages.expected ?? 0,
    delivered: messages.delivered,
    p50Ms: latencyUs.p50 === null ? null : latencyUs.p50 / 1000,
  };
}

type One = z.infer<typeof one> | null;

function verdictOf(direct: One, plain: One, socket: One): Verdict {
  if (direct === null || plain === null || socket === null) return 'open';
  if (direct.delivered < direct.expected || plain.delivered === 0 || socket.delivered > 0) return 'fails';
  const isInTime = plain.p50Ms !== null && plain.p50Ms <= IN_TIME_MS;
  return plain.delivered === plain.expected && isInTime ? 'holds' : 'condition';
}
