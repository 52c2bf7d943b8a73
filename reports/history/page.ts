import { historyChart, isRelative, seriesTitle } from '../charts/history.js';
import type { ChartSpec } from '../charts/spec.js';
import { legend, lineKey } from '../html/marks.js';
import { type Html, html } from '../html/markup.js';
import { type PageAssets, pageFrame, readPageAssets } from '../html/page-frame.js';
import { drawnFigure } from '../html/report.js';
import { renderTable, type Table } from '../html/table.js';
import { metricKind } from '../metric-kind.js';
import { chooseUnit, formatCount } from '../units.js';
import type { TransportView } from '../view.js';
import type { Series, TrendDocument, TrendGroup } from './contract.js';
import {
  changeSentence,
  changeText,
  groupSentence,
  methodSentence,
  shortInstant,
  skippedSentence,
} from './sentences.js';

/** Runs in a table; charts and the JSON document have all. */
const MOST_ROWS = 100;
const MOST_SKIPPED = 50;

/** Values of one metric, a row a run, the newest first; a star where a level changes. */
function valuesTable(metric: string, all: readonly Series[], group: TrendGroup): Table {
  const unit = chooseUnit(
    all.flatMap(({ points }) => points.map(({ value }) => value)),
    metricKind(metric),
  );
  const values = all.map(({ points }) => new Map(points.map(({ run, value }) => [run, value])));
  const changed = all.map(({ changes }) => new Set(changes.map(({ run }) => run)));
  const runs = group.runs.map((labels, run) => ({ labels, run })).slice(-MOST_ROWS);
  const older = group.runs.length - runs.length;
  const stars = all.some(({ changes }) => changes.length > 0) ? ['* the level changes with this run.'] : [];
  const left = older > 0 ? [`${formatCount(older)} older runs are in the chart and in --json.`] : [];
  const note = [...stars, ...left].join(' ');
  return {
    caption: unit.unit === '' ? metric : `${metric}, ${unit.unit}`,
    columns: [
      { head: 'Run, UTC', isText: true },
      ...all.map((series) => ({ head: seriesTitle(series, all), transport: series.order })),
      { head: 'pushbench, Node', isText: true },
    ],
    rows: runs.toReversed().map(({ labels, run }) => ({
      head: shortInstant(labels.startedAt),
      cells: [
        ...all.map((_series, at) => {
          const text = unit.format(values[at]!.get(run) ?? null);
          return changed[at]!.has(run) ? html`<strong>${text}*</strong>` : text;
        }),
        `${labels.version}, ${labels.node}`,
      ],
    })),
    ...(note === '' ? {} : { note }),
  };
}

function changesOf(all: readonly Series[], group: TrendGroup): string[] {
  return all.flatMap((series) =>
    series.changes.map((change) => `${seriesTitle(series, all)} went ${changeText(series, change, group)}.`),
  );
}

function metricFigure(metric: string, group: TrendGroup, charts: Map<string, ChartSpec>): Html | null {
  const all = group.series.filter((series) => series.metric === metric);
  if (all.length === 0) return null;
  const changes = changesOf(all, group);
  const sentence = changes.length === 0 ? 'No level changes beyond chance.' : changes.join(' ');
  const scale = isRelative(all) ? ' Drawn in percent of each first level.' : '';
  const table = valuesTable(metric, all, group);
  const title = `Does ${metric} hold?`;
  const chart = historyChart(group, all);
  if (chart === null) {
    return html`<section class="figure"><h3>${title}</h3><p>${sentence}</p>
<details><summary>The numbers: ${table.caption}</summary>${renderTable(table)}</details></section>
`;
  }
  const key = lineKey(all.map((series) => ({ transport: series.order, title: seriesTitle(series, all) })));
  return drawnFigure(charts, { title, sentence: `${sentence}${scale}`, chart, key, table });
}

function groupSection(
  group: TrendGroup,
  at: number,
  { metrics, method }: TrendDocument,
  charts: Map<string, ChartSpec>,
): Html {
  return html`<section id="group-${at + 1}" aria-labelledby="group-${at + 1}-load"><h2 id="group-${at + 1}-load">${group.load}</h2>
<p class="answer">${groupSentence(group, method.leastValues)}</p>
<p class="note">${group.machine}</p>
${metrics.map((metric) => metricFigure(metric, group, charts))}</section>
`;
}

function transportsOf({ groups }: TrendDocument): TransportView[] {
  const byOrder = new Map<number, TransportView>();
  for (const { series } of groups) {
    for (const { scenario, title, order } of series) {
      if (!byOrder.has(order)) byOrder.set(order, { id: scenario, title, family: '', colourIndex: order });
    }
  }
  return [...byOrder.values()].sort((a, b) => a.colourIndex - b.colourIndex);
}

function findingsOf({ groups, method }: TrendDocument): string[] {
  const changes = groups.flatMap((group) =>
    group.series.flatMap((series) => series.changes.map((change) => changeSentence(series, change, group))),
  );
  if (changes.length > 3)
    return [...changes.slice(0, 3), `And ${formatCount(changes.length - 3)} more changes, below.`];
  if (changes.length > 0) return changes;
  return groups.length === 0
    ? ['There is no result to draw a trend of.']
    : [groupSentence(groups[0]!, method.leastValues)];
}

/**
 * A trend as one self-contained page, made as the report is: it loads nothing, holds every number as text (of the last
 * hundred runs), and escapes the texts of the results.
 *
 * @param assets the built ones when left out
 */
export function renderTrendPage(document: TrendDocument, assets: PageAssets = readPageAssets()): string {
  const { groups, skipped, results } = document;
  const charts = new Map<string, ChartSpec>();
  const title = `${formatCount(results)} ${results === 1 ? 'result' : 'results'}: what changed, and when?`;
  const transports = transportsOf(document);
  const body = [
    html`<header>
<div class="top"><p class="dateline">pushbench trend</p><button type="button" id="theme">Dark theme</button></div>
<h1>${title}</h1>
<div class="findings">${findingsOf(document).map((sentence) => html`<p>${sentence}</p>`)}</div>
<p class="note">${methodSentence(document)}</p>
</header>
${transports.length > 0 ? legend(transports) : null}
`,
    ...groups.map((group, at) => groupSection(group, at, document, charts)),
    html`${
      skipped.length === 0
        ? null
        : html`<section id="skipped" aria-labelledby="skipped-question"><h2 id="skipped-question">What was not read?</h2>
<p class="answer">${skippedSentence(document)}</p>
<ul class="prose">${skipped.slice(0, MOST_SKIPPED).map((sentence) => html`<li>${sentence}</li>`)}${skipped.length > MOST_SKIPPED ? html`<li>And ${skipped.length - MOST_SKIPPED} more.</li>` : null}</ul></section>
`
    }`,
  ];
  return pageFrame(title, body, charts, assets);
}
