import { isAtLeast, unheardSentence } from '../censored.js';
import { curveChart, curvesOf } from '../charts/curve.js';
import { PERCENTILES, percentileChart } from '../charts/percentiles.js';
import type { Row } from '../charts/rows.js';
import { sweepOf } from '../charts/sweep.js';
import { timelineChart, timelineOf } from '../charts/timeline.js';
import { tradeOffChart } from '../charts/trade-off.js';
import { clockSentence } from '../clock-remarks.js';
import { chooseUnit, formatCount } from '../units.js';
import { lineKey, marker } from './marks.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section, warnings } from './report.js';
import { rowTable, timelineTable } from './row-tables.js';
import { rangeSentence, steadinessSentence } from './sentences.js';
import { sweepFigures } from './sweep-figures.js';
import type { Table } from './table.js';

/** Which marker is which percentile. */
function percentileKey(): Html {
  return html`<ul class="key">${PERCENTILES.map(({ name, marker: shape }) => html`<li>${marker(shape)}${name}</li>`)}</ul>`;
}

/** Lost messages are drawn where the waiting for them ended; said wherever there are any. */
const LOST_NOTE = ' A lost message counts as if it had come when the waiting for it ended.';

/** Rows whose number is not only a lower bound. */
function boundedRows({ rows, focus }: Report, path: string): readonly Row[] {
  return rows.filter(
    ({ mark, transport }) =>
      mark !== null ||
      !focus?.contestants.some(
        (contestant) => contestant.colourIndex === transport && isAtLeast(contestant, path),
      ),
  );
}

function hasLosses({ focus }: Report): boolean {
  return focus?.contestants.some((contestant) => isAtLeast(contestant, 'latencyUs.max')) ?? false;
}

/** Medians, tails and maxima of all transports in one picture. */
export function percentileFigure(report: Report): Html {
  const { rows, focus } = report;
  const unheard = unheardSentence(focus?.contestants ?? []);
  const range = (subject: string, path: string): string => {
    const bounded = boundedRows(report, path);
    return bounded.length === 0 && rows.length > 0
      ? `${subject}: not known, for lost messages reach it with all.`
      : rangeSentence(subject, bounded, path, 'micros');
  };
  return figure(report, {
    title: 'How late are most messages, and how late the last ones?',
    sentence: `${range('Late by, median', 'latencyUs.p50')} ${range('p99', 'latencyUs.p99')}${unheard === null ? '' : ` ${unheard}`}${hasLosses(report) ? LOST_NOTE : ''}`,
    chart: percentileChart(rows),
    key: percentileKey(),
    table: rowTable(
      'percentiles of lateness',
      rows,
      PERCENTILES.map(({ path, name }) => ({ path, name, kind: 'micros' as const })),
    ),
  });
}

const PARTS = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];
const percent = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });

function curveTable(curves: ReturnType<typeof curvesOf>): Table {
  const unit = chooseUnit(
    curves.flatMap(({ curve }) => curve.points.map(({ micros }) => micros)),
    'micros',
  );
  return {
    caption: `lateness that a part of the deliveries does not exceed, ${unit.unit}`,
    columns: [
      { head: 'Part', isText: true },
      ...curves.map(({ title, transport, isVoid }) => ({
        head: isVoid ? `${title} (void)` : title,
        transport,
      })),
    ],
    rows: [
      ...PARTS.filter((part) => curves.some(({ curve }) => curve.samples * (1 - part) >= 1)).map((part) => ({
        head: part === 0 ? 'soonest' : `${percent.format(part * 100)} %`,
        cells: curves.map(({ curve }) => {
          if (curve.samples * (1 - part) < 1) return 'n/a';
          const point = curve.points.find((each) => each.part >= part - 1e-9);
          return unit.format(point?.micros ?? null);
        }),
      })),
      { head: 'deliveries', cells: curves.map(({ curve }) => formatCount(curve.samples)) },
    ],
  };
}

/** How late? */
export function latencySection(report: Report): Html {
  const { view, findings, focus, rows } = report;
  const curves = focus ? curvesOf(focus) : [];
  const seconds = focus ? timelineOf(focus, 'p99Us') : [];
  const clock = clockSentence(report.result, view);
  return section(
    'late',
    'How late?',
    findings.late,
    warnings(report, ['latency']),
    clock === null ? null : html`<p class="note">${clock}</p>`,
    // With a single transport the headline shows it already.
    tradeOffChart(rows) ? percentileFigure(report) : null,
    figure(report, {
      title: 'What does the tail look like?',
      sentence: `Counted from the instant at which a message was meant to be published, over all deliveries of the completed trials.${hasLosses(report) ? LOST_NOTE : ''}${view.tail.bounded ? '' : ' Deliveries of one publish come together, so the far end says little.'}`,
      chart: curveChart(curves, view.tail),
      key: lineKey(curves),
      table: curveTable(curves),
    }),
    figure(report, {
      title: 'Does lateness hold over time?',
      sentence: `The p99 of each second. ${steadinessSentence(seconds, 'micros')}`,
      chart: timelineChart(seconds, 'micros', true),
      key: lineKey(seconds),
      table: timelineTable('p99 of each second, median over trials', seconds, 'micros'),
    }),
    ...sweepFigures(report, sweepOf(view), [
      {
        title: 'How does the median lateness grow with clients?',
        name: 'median lateness',
        path: 'latencyUs.p50',
        kind: 'micros',
        logarithmic: true,
      },
      {
        title: 'How does the p99 lateness grow with clients?',
        name: 'p99 lateness',
        path: 'latencyUs.p99',
        kind: 'micros',
        logarithmic: true,
      },
    ]),
  );
}
