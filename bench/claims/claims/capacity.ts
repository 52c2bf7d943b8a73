import { z } from 'zod';
import type { Conclusion, LineChart, Text, Verdict } from '../contract.js';
import { defineClaim, measured } from '../define-claim.js';
import { HeldSockets } from '../held-sockets.js';
import { cell, figure, text } from '../text.js';
import { TRANSPORT } from '../transports.js';
import { broadcast, INTERVAL_MS, NEWS_PER_SECOND } from '../wishes.js';

const TRANSPORTS = ['polling', 'polling-close', 'longpoll'] as const;
type Id = (typeof TRANSPORTS)[number];
/** Part of the polls that must be seen of those that are due; those under way at the window's edges may be missing. */
const SEEN = 0.8;
/** A server holds everybody when it holds at least this part of them, and has room to spare below a half. */
const EVERYBODY = 0.95;
const HALF = 0.5;

const data = z.object({
  points: z.array(
    z.object({
      transport: z.enum(TRANSPORTS),
      clients: z.number(),
      /** Answers, and of them those without news, a second. */
      requestsPerSecond: measured,
      emptyPerSecond: measured,
      /** Connections open at the server, the median over the window. */
      socketsHeld: measured,
    }),
  ),
  /** Answers by client and second when there is news several times an interval. */
  withNews: z.object({ polling: measured, longpoll: measured }),
});
type Data = z.infer<typeof data>;

export const capacity = defineClaim({
  id: 'capacity',
  title: text(
    'Polling needs a fast server, long polling needs room for many at once',
    '轮询需要快的服务器，长轮询需要能同时容纳许多连接',
  ),
  rule: {
    holds: text(
      "without news polling's requests grow with the clients (0.8 of one by client and interval at least) and long polling has none; long polling holds a socket for every client (0.95 at least) and polling for fewer than half of them",
      '没有新消息时，轮询的请求数随客户端数增长（每个客户端每个间隔至少 0.8 次），长轮询没有请求；长轮询为每个客户端保持一个套接字（至少 0.95），轮询保持的不到客户端数的一半',
    ),
    condition: text(
      'the same with HTTP/1.0 polling, while polling over connections that are kept holds as many sockets as long polling',
      '对 HTTP/1.0 式轮询同样成立，但保持连接的轮询与长轮询占用同样多的套接字',
    ),
  },
  plainCondition: text(
    'only beside HTTP/1.0 polling; over connections that are kept polling holds as many sockets',
    '只相对于 HTTP/1.0 式轮询而言；保持连接的轮询占用同样多的套接字',
  ),
  notes: [
    text(
      'Room for many is what every connection that is kept needs: streams and sockets as well.',
      '容纳许多连接，是一切保持连接的方式都要付的代价，流和套接字也不例外。',
    ),
    text(
      'Sockets held are the descriptors that the server has open (/proc), less those it had before the first client; the median over the window.',
      '占用的套接字数 = 服务器打开的描述符数（/proc），减去第一个客户端到来之前的数目；取窗口内的中位数。',
    ),
  ],
  data,
  async measure(lab) {
    const counts = lab.size([250, 1000, 2000], [20, 60]);
    const durationSeconds = lab.size(4, 2);
    const points: Data['points'] = [];
    for (const transport of TRANSPORTS) {
      for (const clients of counts) {
        const sockets = new HeldSockets();
        const found = (
          await lab.run({
            scenario: transport,
            clients,
            plan: { workload: 'idle', durationSeconds, warmupSeconds: 0, pollIntervalMs: INTERVAL_MS },
            bytesOnly: true,
            onReading: sockets.onReading,
          })
        )?.measurements;
        const perSecond = (count: number | undefined): number | null =>
          count === undefined || found === undefined ? null : count / found.measuredSeconds;
        const held = sockets.median();
        points.push({
          transport,
          clients,
          requestsPerSecond: perSecond(found?.requests.total),
          emptyPerSecond: perSecond(found?.requests.empty),
          socketsHeld: found === undefined ? null : held,
        });
      }
    }
    const rate = async (scenario: string): Promise<number | null> => {
      const found = (await lab.run(broadcast(lab, scenario)))?.measurements;
      return found === undefined
        ? null
        : found.requests.total / found.measuredSeconds / found.clients.connected;
    };
    return { points, withNews: { polling: await rate('polling'), longpoll: await rate('longpoll') } };
  },
  conclude({ points, withNews }): Conclusion {
    const most = Math.max(...points.map(({ clients }) => clients));
    const at = (id: Id) => points.find(({ transport, clients }) => transport === id && clients === most);
    const { empty, held } = {
      empty: figure(at('polling')?.emptyPerSecond ?? null),
      held: (id: Id) => figure(at(id)?.socketsHeld ?? null),
    };
    const waiting = figure(at('longpoll')?.emptyPerSecond ?? null);
    const clients = figure(Number.isFinite(most) ? most : null);
    return {
      verdict: verdictOf(points),
      figure: text(
        `${clients} clients: ${empty} polls a second in vain; ${held('longpoll')} sockets held by long polling, ${held('polling-close')} by HTTP/1.0 polling`,
        `${clients} 个客户端：每秒 ${empty} 次徒劳的轮询；长轮询占用 ${held('longpoll')} 个套接字，HTTP/1.0 式轮询占用 ${held('polling-close')} 个`,
      ),
      method: text(
        `Clients that wait, with hardly any news; pollers ask every ${figure(INTERVAL_MS)} ms. HTTP/1.0 polling opens a connection for each poll.`,
        `客户端只是等待，几乎没有新消息；轮询者每 ${figure(INTERVAL_MS)} ms 询问一次。HTTP/1.0 式轮询每次都新建连接。`,
      ),
      sentences: [
        text(
          `With ${clients} clients that wait, polling answered ${empty} requests a second without news and long polling ${waiting}. Long polling held ${held('longpoll')} sockets, HTTP/1.0 polling ${held('polling-close')} at a time, and polling over kept connections ${held('polling')}.`,
          `${clients} 个客户端等待时，轮询每秒回答 ${empty} 个没有新消息的请求，长轮询为 ${waiting} 个。长轮询占用 ${held('longpoll')} 个套接字，HTTP/1.0 式轮询同一时刻占用 ${held('polling-close')} 个，保持连接的轮询占用 ${held('polling')} 个。`,
        ),
        text(
          `With ${NEWS_PER_SECOND} messages a second it is another matter: a client then asked ${figure(withNews.longpoll)} times a second by long polling and ${figure(withNews.polling)} times by polling.`,
          `消息频繁时则另当别论：每秒 ${NEWS_PER_SECOND} 条消息时，每个长轮询客户端每秒请求 ${figure(withNews.longpoll)} 次，轮询客户端为 ${figure(withNews.polling)} 次。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('clients', '客户端'),
            text('requests a second', '每秒请求'),
            text('of them without news', '其中没有新消息'),
            text('sockets held', '占用套接字'),
          ],
          texts: 1,
          rows: points.map((point) => [
            TRANSPORT[point.transport],
            cell(point.clients),
            cell(point.requestsPerSecond),
            cell(point.emptyPerSecond),
            cell(point.socketsHeld),
          ]),
        },
      ],
      charts: [
        sweep(
          points,
          text('Requests a second, by clients that wait', '每秒请求数，按等待的客户端数'),
          text('requests/s', '请求/秒'),
          ({ requestsPerSecond }) => requestsPerSecond,
        ),
        sweep(
          points,
          text('Sockets held, by clients that wait', '占用的套接字数，按等待的客户端数'),
          text('sockets', '套接字'),
          ({ socketsHeld }) => socketsHeld,
        ),
      ],
    };
  },
});

type Point = Data['points'][number];

function sweep(
  points: readonly Point[],
  title: Text,
  label: Text,
  read: (point: Point) => number | null,
): LineChart {
  return {
    kind: 'lines',
    title,
    x: { label: text('clients', '客户端'), scale: 'linear' },
    y: { label, scale: 'linear' },
    lines: TRANSPORTS.map((id) => ({
      name: TRANSPORT[id],
      transport: id,
      dashed: id === 'polling-close',
      points: points.flatMap((point): [number, number][] => {
        const value = read(point);
        return point.transport === id && value !== null ? [[point.clients, value]] : [];
      }),
    })),
  };
}

function verdictOf(points: readonly Point[]): Verdict {
  const isMissing = points.some(
    ({ emptyPerSecond, socketsHeld }) => emptyPerSecond === null || socketsHeld === null,
  );
  if (points.length === 0 || isMissing) return 'open';
  const every = (id: Id, isSo: (point: Point) => boolean): boolean =>
    points.filter(({ transport }) => transport === id).every(isSo);
  const due = ({ clients }: Point): number => (clients * 1000) / INTERVAL_MS;
  const grows = every('polling', (point) => (point.requestsPerSecond ?? 0) >= SEEN * due(point));
  const isStill = every('longpoll', ({ emptyPerSecond }) => emptyPerSecond === 0);
  const holdsAll = every('longpoll', (point) => (point.socketsHeld ?? 0) >= EVERYBODY * point.clients);
  const isSpare = (id: Id): boolean => every(id, (point) => (point.socketsHeld ?? 0) < HALF * point.clients);
  if (!grows || !isStill || !holdsAll || !isSpare('polling-close')) return 'fails';
  return isSpare('polling') ? 'holds' : 'condition';
}
