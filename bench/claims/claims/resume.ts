import { z } from 'zod';
import type { MeasuredTrial } from '../../../reports/result.js';
import type { Conclusion, Verdict } from '../contract.js';
import { defineClaim } from '../define-claim.js';
import { cell, figure, same, text } from '../text.js';
import { FIVE, TRANSPORT } from '../transports.js';

const LOGS = ['broker', 'memory'] as const;
type Log = (typeof LOGS)[number];
const LOG_NAME = {
  broker: text('log outside', '日志在外部'),
  memory: text('log in memory', '日志在内存'),
} as const;

const one = z.object({
  expected: z.number(),
  lost: z.number(),
  duplicated: z.number(),
  resumed: z.number(),
  left: z.number(),
  back: z.number(),
  allBackAfterMs: z.number().nullable(),
});
const data = z.object({
  clients: z.number(),
  downMs: z.number(),
  rows: z.array(z.object({ transport: z.enum(FIVE), broker: one.nullable(), memory: one.nullable() })),
});
type Data = z.infer<typeof data>;
type One = z.infer<typeof one>;

export const resume = defineClaim({
  id: 'resume',
  title: text('SSE reconnects and resumes by itself', 'SSE 会自行重连并续传'),
  rule: {
    holds: text(
      'after both restarts every SSE client is back by itself, nothing is lost and nothing comes twice',
      '两次重启后，所有 SSE 客户端都自行恢复连接，没有丢失，也没有重复',
    ),
    condition: text(
      'so it is after the restart whose log was kept outside the server, but not after the other',
      '日志保存在服务器之外的那次重启如此，另一次则不然',
    ),
  },
  plainCondition: text('as long as the log outlives the server', '前提是日志不随服务器消失'),
  notes: [
    text(
      'That the client comes back and says what it had last is the protocol; that the server still knows what came after it is not. Our clients of the other transports come back by themselves, too, which a page has to program.',
      '客户端恢复连接并告知最后收到的编号，这是协议的一部分；服务器是否还记得之后的消息则不是。这里其他传输方式的客户端也会自行重连，而在网页里这需要自己编写。',
    ),
  ],
  data,
  async measure(lab) {
    const clients = lab.size(100, 10);
    const downMs = lab.size(500, 200);
    const rows: Data['rows'] = [];
    for (const transport of FIVE) {
      const trial = await lab.run({
        scenario: transport,
        clients,
        plan: {
          workload: 'restart',
          workloadOptions: { down: downMs },
          ratePerSecond: 20,
          durationSeconds: lab.size(8, 6),
          warmupSeconds: 0,
          pollIntervalMs: 500,
        },
        bytesOnly: true,
      });
      rows.push({ transport, broker: restartOf(trial, 'broker'), memory: restartOf(trial, 'memory') });
    }
    return { clients, downMs, rows };
  },
  conclude({ clients, downMs, rows }): Conclusion {
    const of = (id: (typeof FIVE)[number], log: Log): One | null =>
      rows.find(({ transport }) => transport === id)?.[log] ?? null;
    const lost = (id: (typeof FIVE)[number], log: Log): string => figure(of(id, log)?.lost ?? null);
    const [kept, gone] = [of('sse', 'broker'), of('sse', 'memory')];
    const number = (value: number | null | undefined): string => figure(value ?? null);
    return {
      verdict: verdictOf(kept, gone),
      figure: text(
        `lost by SSE: ${lost('sse', 'broker')} with the log outside, ${lost('sse', 'memory')} with it in memory; by WebSocket ${lost('websocket', 'broker')} and ${lost('websocket', 'memory')}`,
        `SSE 丢失：日志在外部 ${lost('sse', 'broker')}，在内存 ${lost('sse', 'memory')}；WebSocket 为 ${lost('websocket', 'broker')} 和 ${lost('websocket', 'memory')}`,
      ),
      method: text(
        `${figure(clients)} clients, 20 messages a second; the server is killed twice for ${figure(downMs)} ms at least. The first time its log lies outside, as with a broker, and the new server gets it; the second time it was in the server's memory.`,
        `${figure(clients)} 个客户端，每秒 20 条消息；服务器先后两次被杀死，每次至少停 ${figure(downMs)} ms。第一次日志在服务器之外（如消息代理），交给新服务器；第二次日志只在服务器内存中。`,
      ),
      sentences: [
        text(
          `With the log outside ${number(kept?.back)} of ${number(kept?.left)} SSE clients came back, the last ${figure(kept?.allBackAfterMs ?? null, 'ms')} after the kill; ${number(kept?.resumed)} deliveries were made up for, ${number(kept?.lost)} of ${number(kept?.expected)} lost and ${number(kept?.duplicated)} doubled.`,
          `日志在外部时，${number(kept?.left)} 个断开的 SSE 客户端中有 ${number(kept?.back)} 个恢复，最后一个在杀死之后 ${figure(kept?.allBackAfterMs ?? null, 'ms')}；补发 ${number(kept?.resumed)} 次，应送达 ${number(kept?.expected)} 次中丢失 ${number(kept?.lost)} 次，重复 ${number(kept?.duplicated)} 次。`,
        ),
        text(
          `With the log gone ${number(gone?.lost)} of ${number(gone?.expected)} were lost: what came due while no server listened, nobody had published. WebSocket, which has no way to resume, lost ${lost('websocket', 'broker')} even where the log was kept.`,
          `日志随进程消失时，${number(gone?.expected)} 次中丢失 ${number(gone?.lost)} 次：没有服务器在监听时到期的消息，没有人发布。WebSocket 没有续传机制，即使日志得以保留也丢失 ${lost('websocket', 'broker')} 次。`,
        ),
      ],
      tables: [
        {
          heads: [
            text('transport', '传输方式'),
            text('restart', '重启'),
            text('expected', '应送达'),
            text('lost', '丢失'),
            text('doubled', '重复'),
            text('resumed', '续传'),
            text('all back after, ms', '全部恢复用时，ms'),
          ],
          texts: 2,
          rows: FIVE.flatMap((id) =>
            LOGS.map((log) => {
              const found = of(id, log);
              return [
                TRANSPORT[id],
                LOG_NAME[log],
                cell(found?.expected ?? null),
                cell(found?.lost ?? null),
                cell(found?.duplicated ?? null),
                cell(found?.resumed ?? null),
                cell(found?.allBackAfterMs ?? null),
              ];
            }),
          ),
        },
      ],
      charts: [
        {
          kind: 'bars',
          title: text('Lost across a restart, % of the deliveries due', '重启造成的丢失，占应送达的 %'),
          bars: FIVE.flatMap((id) =>
            LOGS.map((log) => {
              const found = of(id, log);
              const percent =
                found === null || found.expected === 0 ? null : (found.lost / found.expected) * 100;
              return {
                label: text(
                  `${TRANSPORT[id].en}, ${LOG_NAME[log].en}`,
                  `${TRANSPORT[id].zh}，${LOG_NAME[log].zh}`,
                ),
                transport: id,
                values: percent === null ? null : [percent],
                shown: same(percent === null ? '—' : `${figure(percent)} %`),
              };
            }),
          ),
        },
      ],
    };
  },
});

/** Null also where the second restart came before everybody was back from the first. */
function restartOf(trial: MeasuredTrial | null, log: Log): One | null {
  if (trial === null || trial.reasons.some(({ code }) => code === 'restarts-overlap')) return null;
  const found = trial.measurements.restarts?.each.find((each) => each.log === log);
  if (found === undefined) return null;
  const { expected, lost, duplicated, resumed, left, back, allBackAfterMs } = found;
  return { expected, lost, duplicated, resumed, left, back, allBackAfterMs };
}

function verdictOf(kept: One | null, gone: One | null): Verdict {
  if (kept === null || gone === null) return 'open';
  const isWhole = ({ lost, duplicated, left, back }: One): boolean =>
    lost === 0 && duplicated === 0 && left > 0 && back === left;
  if (!isWhole(kept)) return 'fails';
  return isWhole(gone) ? 'holds' : 'condition';
}
