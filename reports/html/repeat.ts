import { plainText } from '../plain-text.js';
import { formatCount, formatRate, formatSeconds } from '../units.js';
import { type Html, html } from './markup.js';
import { type Report, section } from './report.js';
import { renderTable } from './table.js';

/** How do I repeat it? */
export function repeatSection(report: Report): Html {
  const { view, result } = report;
  const { plan } = result;
  const facts: (readonly [string, string])[] = [
    ['Scenarios', plan.scenarios.map((id) => plainText(id, 80)).join(', ')],
    ['Workload', plainText(plan.workload)],
    ...Object.entries(plan.workloadOptions ?? {}).map(([name, value]): [string, string] => [
      `Workload option ${plainText(name, 80)}`,
      formatCount(value),
    ]),
    ['Clients', plan.clients.map(formatCount).join('; ')],
    ['Messages published', formatRate(plan.ratePerSecond)],
    ['Arrivals', plan.arrivals],
    ['Payload', `${formatCount(plan.payloadBytes)} bytes`],
    ['Content', plan.content ?? 'text'],
    ['Measured window', formatSeconds(plan.durationSeconds)],
    ['Warm-up', formatSeconds(plan.warmupSeconds)],
    ['Trials', formatCount(plan.trials)],
    ['Poll interval', `${formatCount(plan.pollIntervalMs)} ms`],
    ['Request headers', plan.headers],
    ...(plan.cookieBytes ? [['Cookie', `${formatCount(plan.cookieBytes)} bytes`] as [string, string]] : []),
    ...(plan.subprotocols
      ? [
          [
            'Sub-protocols asked for',
            plan.subprotocols.map((name) => plainText(name, 80)).join(', '),
          ] as const,
        ]
      : []),
    ['Seed', String(plan.seed)],
    ['Pinned to cores', plan.pin ? 'yes, where the machine allows' : 'no'],
    ...Object.entries(plan.limits).map(([name, limit]): [string, string] => [
      `Limit ${plainText(name, 80)}`,
      String(limit),
    ]),
  ];
  return section(
    'repeat',
    'How do I repeat it?',
    `With this command; the seed ${plan.seed} gives the same schedule, the same poll phases and the same order of trials.`,
    html`<pre tabindex="0"><code>${view.command}</code></pre>`,
    renderTable({
      caption: 'The plan',
      columns: [
        { head: 'Setting', isText: true },
        { head: 'value', isText: true },
      ],
      rows: facts.map(([head, value]) => ({ head, cells: [value] })),
    }),
  );
}
