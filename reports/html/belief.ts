import { calibrationRows, calibrationSentence } from '../calibration-remarks.js';
import { LOOPBACK_NOTE } from '../findings.js';
import { linkPhrase } from '../link-phrase.js';
import { plainText } from '../plain-text.js';
import type { Measurements, Result } from '../result.js';
import { NOT_JUDGED } from '../target-sentences.js';
import { formatBytes, formatCount, formatMicros, formatPercent, NOT_AVAILABLE } from '../units.js';
import { type Html, html } from './markup.js';
import { noiseTable } from './noise-table.js';
import { type Report, section } from './report.js';
import { renderTable, type Table } from './table.js';

const BARE_LOOPBACK =
  'Server and clients ran on one machine: no network card, no loss, packets of up to 64 KiB, and round trips of tens of microseconds. That flatters long polling most, because each of its messages costs a round trip more.';
const LIMITS_OF_LOOPBACK = [
  LOOPBACK_NOTE,
  'The clients are lean programs, not browsers: what a page does with a message is not in these numbers.',
  'Deliveries of one publish arrive together, so the number of publishes, not of deliveries, says how well a tail is known.',
];

/** What the way between clients and server was, and what it was not. */
function distance(plan: Result['plan']): string {
  const link = linkPhrase(plan);
  return link === null
    ? BARE_LOOPBACK
    : `Server and clients ran on one machine, with a link in user space between them (${link}): no network card, no loss, and packets as large as the program writes them.`;
}

function worst(
  all: readonly Measurements[],
  pick: (measurements: Measurements) => number | null,
): number | null {
  const values = all.flatMap((measurements) => pick(measurements) ?? []);
  return values.length > 0 ? values.reduce((most, value) => Math.max(most, value)) : null;
}

function answer(report: Report): string {
  const trials = report.result.trials;
  const completed = trials.flatMap((trial) => (trial.status === 'completed' ? [trial.measurements] : []));
  const head = `${formatCount(completed.length)} of ${formatCount(trials.length)} trials were completed and count.`;
  if (completed.length === 0) return head;
  const share = worst(completed, ({ generatorShareUs }) => generatorShareUs.p99);
  const lag = worst(completed, ({ health }) => health.publisherLagP50Us);
  const load = worst(completed, ({ health }) => health.generatorUtilization);
  const parts = [
    share === null ? null : `the generator itself added at most ${formatMicros(share)} (p99) to a latency`,
    lag === null ? null : `an idle publisher was late by ${formatMicros(lag)} (median)`,
    load === null ? null : `the busiest generator process used ${formatPercent(load * 100)} of a core`,
  ].filter((part) => part !== null);
  return parts.length > 0 ? `${head} In the worst of these ${parts.join('; ')}.` : head;
}

function trialTable(report: Report): Table {
  const titles = new Map(report.view.transports.map((transport) => [transport.colourIndex, transport]));
  const entries = report.view.groups
    .flatMap(({ contestants, clients }) =>
      contestants.flatMap(({ colourIndex, trials }) =>
        trials.map((trial) => ({ colourIndex, clients, trial })),
      ),
    )
    .sort((a, b) => a.trial.order - b.trial.order);
  return {
    caption: 'Every trial in the order of the run',
    columns: [
      { head: 'Transport', isText: true },
      { head: 'order' },
      { head: 'round' },
      { head: 'clients' },
      { head: 'status', isText: true },
      { head: 'median' },
      { head: 'p99' },
      { head: 'publishes' },
      { head: 'generator share p99' },
      { head: 'generator held p99' },
      { head: 'of its ceiling' },
      { head: 'busiest generator' },
      { head: 'publisher lag p50' },
      { head: 'publisher lag p99' },
      { head: 'steal' },
      { head: 'other programs' },
      { head: 'limited by', isText: true },
    ],
    rows: entries.map(({ colourIndex, clients, trial }) => {
      const m = trial.measurements;
      const utilization = m?.health.generatorUtilization ?? null;
      return {
        head: titles.get(colourIndex)?.title ?? '',
        transport: colourIndex,
        cells: [
          formatCount(trial.order),
          formatCount(trial.trial),
          m ? `${formatCount(m.clients.connected)} of ${formatCount(clients)}` : formatCount(clients),
          trial.isCutShort ? 'cut short' : trial.status,
          formatMicros(m?.latencyUs.p50),
          formatMicros(m?.latencyUs.p99),
          m?.messages.published === null ? NOT_JUDGED : formatCount(m?.messages.published),
          formatMicros(m?.generatorShareUs.p99),
          formatMicros(m?.health.generatorHeldP99Us),
          percentOf(m?.health.ceilingShare),
          formatPercent(utilization === null ? null : utilization * 100),
          formatMicros(m?.health.publisherLagP50Us),
          formatMicros(m?.health.publisherLagP99Us),
          formatPercent(m?.health.stealPercent),
          formatPercent(m?.health.foreignCpuPercent),
          limitText(m),
        ],
      };
    }),
  };
}

function percentOf(part: number | null | undefined): string {
  return formatPercent(part === null || part === undefined ? null : part * 100);
}

/** `generator, at 12 %`: what made the trial void or came nearest to its limit, and how near. */
function limitText(m: Measurements | null): string {
  const part = m?.health.limitedBy ?? null;
  if (part === null) return '\u2013';
  const share = m?.health.limitShare ?? null;
  return share === null ? part : `${part}, at ${percentOf(share)}`;
}

function environmentTable(report: Report): Table {
  const { environment } = report.result;
  const cores =
    environment.allowedCores === null || environment.allowedCores === environment.cores
      ? formatCount(environment.cores)
      : `${formatCount(environment.allowedCores)} of ${formatCount(environment.cores)}`;
  const ports = environment.ephemeralPorts;
  const facts: [string, string][] = [
    ['Processor', plainText(environment.cpuModel)],
    ['Cores it may use', cores],
    ['CPU quota', environment.cpuQuotaCores === null ? 'none' : `${environment.cpuQuotaCores} cores`],
    ['Server pinned apart from the generator', environment.pinned ? 'yes' : 'no'],
    ['Memory', formatBytes(environment.memoryBytes)],
    [
      'Memory limit',
      environment.memoryLimitBytes === null ? 'none' : formatBytes(environment.memoryLimitBytes),
    ],
    ['System', `${plainText(environment.os)} ${plainText(environment.kernel)}`],
    ['Node', `${plainText(environment.node)} (V8 ${plainText(environment.v8)})`],
    [
      'Open files',
      environment.openFilesLimit === null ? NOT_AVAILABLE : formatCount(environment.openFilesLimit),
    ],
    ['Ephemeral ports', ports ? `${ports.first} to ${ports.last}` : NOT_AVAILABLE],
    ...Object.entries(environment.unavailable).map(([name, reason]): [string, string] => [
      `Not available: ${plainText(name, 80)}`,
      plainText(reason),
    ]),
  ];
  return {
    caption: 'The machine',
    columns: [
      { head: 'Fact', isText: true },
      { head: 'value', isText: true },
    ],
    rows: facts.map(([head, value]) => ({ head, cells: [value] })),
  };
}

/** What the generator can take, and how much of that the trials asked of it; null without a calibration. */
function calibrationPart({ result, view }: Report): Html | null {
  const rows = calibrationRows(result);
  if (rows.length === 0) return null;
  const table = renderTable({
    caption: 'What the generator takes from a trivial server',
    columns: [
      { head: 'Transport', isText: true },
      { head: 'deliveries' },
      { head: 'cores' },
      { head: 'used of a core' },
      { head: 'measured', isText: true },
      { head: 'when', isText: true },
    ],
    rows,
  });
  return html`<h3>How far was the generator from its own ceiling?</h3><p>${calibrationSentence(result, view)}</p>${table}`;
}

/** Can I believe it? */
export function beliefSection(report: Report): Html {
  const { findings, result } = report;
  const changed = result.plan.overridden.map((name) => plainText(name, 80));
  return section(
    'belief',
    'Can I believe it?',
    answer(report),
    findings.caution === null ? null : html`<p>${findings.caution}</p>`,
    changed.length > 0
      ? html`<p><strong>Limits that were changed for this run:</strong> ${changed.join(', ')}.</p>`
      : null,
    noiseTable(report),
    calibrationPart(report),
    html`<h3>What can this machine not show?</h3><ul class="prose">${[distance(report.result.plan), ...LIMITS_OF_LOOPBACK].map((limit) => html`<li>${limit}</li>`)}</ul>`,
    html`<h3>What was each trial like?</h3>`,
    renderTable(trialTable(report)),
    html`<h3>What did it run on?</h3>`,
    renderTable(environmentTable(report)),
  );
}
