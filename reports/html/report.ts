import { type Row, rowsOf } from '../charts/rows.js';
import type { ChartSpec } from '../charts/spec.js';
import { type Findings, findingsOf } from '../findings.js';
import type { MetricArea } from '../reasons.js';
import { warningHeading } from '../remarks.js';
import type { Result } from '../result.js';
import { type GroupView, type ResultView, viewOf, type WarningView } from '../view.js';
import { type Html, html } from './markup.js';
import { renderTable, type Table } from './table.js';

/** What all sections are made of. */
export interface Report {
  readonly result: Result;
  readonly view: ResultView;
  readonly findings: Findings;
  /** The load that bars and curves show: the largest with a completed trial, else with a void one, else the largest. */
  readonly focus: GroupView | null;
  /** Rows of the focus. */
  readonly rows: readonly Row[];
  /** Filled by `figure` as sections are made; drawn by the page's script. */
  readonly charts: Map<string, ChartSpec>;
}

export function reportOf(result: Result): Report {
  const view = viewOf(result);
  const having = (status: string): GroupView | undefined =>
    view.groups.findLast(({ contestants }) =>
      contestants.some(({ trials, completed }) =>
        status === 'completed' ? completed > 0 : trials.some((trial) => trial.status === status),
      ),
    );
  const focus = having('completed') ?? having('void') ?? view.groups.at(-1) ?? null;
  return {
    result,
    view,
    findings: findingsOf(view),
    focus,
    rows: focus ? rowsOf(focus) : [],
    charts: new Map(),
  };
}

export interface Figure {
  /** A question. */
  readonly title: string;
  /** Computed from the data. */
  readonly sentence: string;
  /** Null where there is nothing to draw. */
  readonly chart: ChartSpec | null;
  /** What the picture's shapes mean, where the legend does not say it. */
  readonly key?: Html;
  readonly table: Table;
}

/** A chart with its question, its sentence, and the numbers behind it. Without a chart the table stands alone. */
export function figure(report: Report, { title, sentence, chart, key, table }: Figure): Html {
  if (!chart) {
    // Where no trial was measured at all, the section's first line says it once.
    if (report.rows.every(({ status }) => status === 'failed')) return html``;
    return html`<section class="figure"><h3>${title}</h3><p>${sentence}</p>
<p class="note">There is nothing to draw: no trial has this number.</p></section>
`;
  }
  return drawnFigure(report.charts, { title, sentence, chart, table, ...(key ? { key } : {}) });
}

/** A chart that there is, whatever page it is on. `charts` takes it for the page's script. */
export function drawnFigure(
  charts: Map<string, ChartSpec>,
  { title, sentence, chart, key, table }: Figure & { readonly chart: ChartSpec },
): Html {
  const id = `chart-${charts.size + 1}`;
  charts.set(id, chart);
  return html`<figure class="figure"><figcaption><h3>${title}</h3><p>${sentence}</p></figcaption>
${key ?? null}<div class="plot"><canvas data-chart="${id}" role="img" tabindex="0" aria-label="${title} ${sentence} The table below holds the numbers; arrow keys walk through them."></canvas></div>
<details><summary>The numbers: ${table.caption}</summary>${renderTable(table)}</details></figure>
`;
}

const PLACES = 4;

function places({ where, transports }: WarningView): string {
  if (where.length > 2 && transports.length === 1) return `${transports[0]}, ${where.length} trials`;
  return where.length > PLACES
    ? `${where.slice(0, PLACES).join('; ')}; and ${where.length - PLACES} more`
    : where.join('; ');
}

/** Doubts that touch one of these areas, as sentences with the next step; nothing when there are none. */
export function warnings(report: Report, areas: readonly MetricArea[]): Html | null {
  const touching = report.view.warnings.filter((warning) =>
    areas.every((area) => warning.areas.includes(area)),
  );
  if (touching.length === 0) return null;
  return html`<ul class="warnings" aria-label="Warnings">${touching.map(
    (warning) =>
      html`<li class="${warning.status}"><strong>${warningHeading(warning)}</strong> (${places(warning)}): ${warning.message}${warning.nextStep ? ` ${warning.nextStep}` : ''}</li>`,
  )}</ul>`;
}

/** A section that asks one question and answers it in its first line. */
export function section(
  id: string,
  question: string,
  answer: string,
  ...content: readonly (Html | null)[]
): Html {
  return html`<section id="${id}" aria-labelledby="${id}-question"><h2 id="${id}-question">${question}</h2>
<p class="answer">${answer}</p>
${[...content]}</section>
`;
}
