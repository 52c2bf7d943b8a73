import { barChart } from '../charts/bars.js';
import { sweepOf } from '../charts/sweep.js';
import { timelineChart, timelineOf } from '../charts/timeline.js';
import { METRIC_AREAS } from '../reasons.js';
import { ceilingSentence } from '../remarks.js';
import { formatRate } from '../units.js';
import { lineKey } from './marks.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section, warnings } from './report.js';
import { rowTable, timelineTable } from './row-tables.js';
import { rangeSentence, steadinessSentence } from './sentences.js';
import { sweepFigures } from './sweep-figures.js';

const RATE = 'throughput.deliveriesPerSecond';

/** How much got through? */
export function throughputSection(report: Report): Html {
  const { view, result, focus, rows } = report;
  const seconds = focus ? timelineOf(focus, 'delivered') : [];
  const { ratePerSecond, workload } = result.plan;
  const asked =
    focus && workload !== 'idle'
      ? `The schedule asks for ${formatRate(focus.clients * ratePerSecond)} on average. `
      : '';
  const ceiling = ceilingSentence(result.requestCeiling);
  return section(
    'through',
    'How much got through?',
    `${asked}${rangeSentence('Delivered', rows, RATE, 'rate')}`,
    warnings(report, METRIC_AREAS),
    figure(report, {
      title: 'How many messages reached their clients each second?',
      sentence:
        'All transports get the same schedule, so equal bars mean that all kept up; this is not how much they could carry.',
      chart: barChart(rows, [{ name: 'deliveries', path: RATE }], 'rate', true),
      table: rowTable(
        'throughput',
        rows,
        [
          { name: 'deliveries a second', path: RATE, kind: 'rate' },
          { name: 'bytes on the wire a second', path: 'throughput.wireBytesPerSecond', kind: 'bytes' },
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
      { title: 'Do deliveries grow with clients?', name: 'deliveries a second', path: RATE, kind: 'rate' },
    ]),
  );
}
