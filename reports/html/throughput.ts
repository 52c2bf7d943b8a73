import { barChart } from '../charts/bars.js';
import type { Row } from '../charts/rows.js';
import { sweepOf } from '../charts/sweep.js';
import { timelineChart, timelineOf } from '../charts/timeline.js';
import { listed } from '../listed.js';
import { METRIC_AREAS } from '../reasons.js';
import { ceilingSentence } from '../remarks.js';
import { publishesItself } from '../target-sentences.js';
import { formatCount, formatMicros, formatRate } from '../units.js';
import { AFTER_WINDOW, WINDOW_RATE } from '../window-rate.js';
import { hearersOf } from '../workload-shape.js';
import { lineKey } from './marks.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section, warnings } from './report.js';
import { rowTable, timelineTable } from './row-tables.js';
import { rangeSentence, steadinessSentence } from './sentences.js';
import { sweepFigures } from './sweep-figures.js';

/** A last message this little behind the window's end is only on its ordinary way, microseconds. */
const NOTEWORTHY = 10_000;

/** Whether all messages arrived, and how long after the window the last of them did. */
function arrival({ focus, rows }: Report): string {
  const completed = rows.filter(({ status }) => status === 'completed');
  if (focus?.contestants.some(publishesItself)) return '';
  if (!focus || completed.length === 0) return '';
  const losers = focus.contestants.flatMap(({ title, trials }) => {
    const lost = trials.reduce(
      (sum, { status, measurements }) =>
        sum + (status === 'completed' ? (measurements?.messages.lost ?? 0) : 0),
      0,
    );
    return lost > 0 ? [`${title} lost ${formatCount(lost)}`] : [];
  });
  const latest = (row: Row): number => row.metrics.get(AFTER_WINDOW)?.max ?? 0;
  const last = completed.reduce((a, b) => (latest(b) > latest(a) ? b : a));
  const late = latest(last);
  const after = late < NOTEWORTHY ? '' : `, the last ${formatMicros(late)} after the window (${last.title})`;
  return losers.length === 0
    ? ` All messages arrived${after}.`
    : ` Not all messages arrived: ${listed(losers)}.`;
}

/** How much got through? */
export function throughputSection(report: Report): Html {
  const { view, result, focus, rows } = report;
  const seconds = focus ? timelineOf(focus, 'delivered') : [];
  const { ratePerSecond, workload } = result.plan;
  const asked =
    focus && workload !== 'idle' && !focus.contestants.every(publishesItself)
      ? `The schedule asks for ${formatRate(hearersOf(result.plan, focus.clients) * ratePerSecond)} on average. `
      : '';
  const ceiling = ceilingSentence(result.requestCeiling);
  return section(
    'through',
    'How much got through?',
    `${asked}${rangeSentence('Delivered, for each second of the window', rows, WINDOW_RATE, 'rate')}${arrival(report)}`,
    warnings(report, METRIC_AREAS),
    figure(report, {
      title: 'How many messages reached their clients for each second?',
      sentence:
        'Everything that arrived, also after the window\u2019s end, for each second of the window. All transports get the same schedule, so equal bars mean that all kept up; this is not how much they could carry.',
      chart: barChart(rows, [{ name: 'deliveries', path: WINDOW_RATE }], 'rate', true),
      table: rowTable(
        'throughput',
        rows,
        [
          { name: 'deliveries for a second of the window', path: WINDOW_RATE, kind: 'rate' },
          { name: 'last one after the window', path: AFTER_WINDOW, kind: 'micros' },
          {
            name: 'bytes on the wire a second, up to the last one',
            path: 'throughput.wireBytesPerSecond',
            kind: 'bytes',
          },
          { name: 'requests per delivery', path: 'requests.perDelivery', kind: 'ratio' },
          { name: 'messages per answer', path: 'messages.perResponse', kind: 'ratio' },
          { name: 'clients connected a second', path: 'connect.perSecond', kind: 'rate' },
        ],
        true,
      ),
    }),
    ceiling ? html`<p>${ceiling}</p>` : null,
    figure(report, {
      title: 'Do deliveries keep their pace?',
      sentence: `Deliveries by the second in which they arrived. ${steadinessSentence(seconds, 'count')}`,
      chart: timelineChart(seconds, 'count'),
      key: lineKey(seconds),
      table: timelineTable('deliveries of each second, median over trials', seconds, 'count'),
    }),
    ...sweepFigures(report, sweepOf(view), [
      {
        title: 'Do deliveries grow with clients?',
        name: 'deliveries for a second of the window',
        path: WINDOW_RATE,
        kind: 'rate',
      },
    ]),
  );
}
