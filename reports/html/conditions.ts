import { barChart } from '../charts/bars.js';
import { valueAt } from '../charts/rows.js';
import { handlerSentence } from '../handler-remarks.js';
import { proxySentences } from '../proxy-remarks.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section } from './report.js';
import { rowTable } from './row-tables.js';
import { renderTable } from './table.js';

const WAITED = 'handlers.waitedUs.p50';

/** What stood between clients and server, and what did it take? Nothing for a run without a proxy. */
export function proxySection(report: Report): Html | null {
  const [first, ...rest] = proxySentences(report.result, report.view);
  if (first === undefined) return null;
  return section(
    'proxy',
    'What does the proxy do?',
    first,
    rest.length > 0 ? html`<p>${rest.join(' ')}</p>` : null,
    renderTable(
      rowTable('the proxy by transport', report.rows, [
        { name: 'connections to the server', path: 'proxy.upstreamConnections', kind: 'count' },
        { name: 'CPU a message', path: 'proxy.cpuMicrosPerDelivery', kind: 'micros' },
        { name: 'memory, peak', path: 'proxy.memory.peakBytes', kind: 'bytes' },
      ]),
    ),
  );
}

/** Who waits for slow handlers? Nothing for a run without them. */
export function handlersSection(report: Report): Html | null {
  const sentence = handlerSentence(report.result, report.view);
  if (sentence === null) return null;
  return section(
    'handlers',
    'Who is held up?',
    sentence,
    figure(report, {
      title: 'How long does a request wait for a handler?',
      sentence:
        'The median over the requests of the window. A stream or socket has had its turn when it connected, and needs no handler for a message.',
      // Hatched is what failed or is void; who needs no handler is neither.
      chart: barChart(
        report.rows.filter((row) => row.status !== 'completed' || valueAt(row, WAITED) !== null),
        [{ name: 'waited for a handler, median', path: WAITED }],
        'micros',
      ),
      table: rowTable('requests of the window that needed a handler', report.rows, [
        { name: 'waited, median', path: WAITED, kind: 'micros' },
        { name: 'p99', path: 'handlers.waitedUs.p99', kind: 'micros' },
        { name: 'longest', path: 'handlers.waitedUs.max', kind: 'micros' },
        { name: 'requests', path: 'handlers.served', kind: 'count' },
        { name: 'most that waited at once', path: 'handlers.longestQueue', kind: 'count' },
      ]),
    }),
  );
}
