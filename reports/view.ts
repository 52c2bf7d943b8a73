import { type ComparisonView, comparisonView } from './comparison/comparison-view.js';
import { conditionPhrase } from './condition-phrase.js';
import { linkPhrase } from './link-phrase.js';
import { listed } from './listed.js';
import { FLOOR_METRICS, floorFor } from './noise-floor.js';
import { plainText } from './plain-text.js';
import { areasOf, type MetricArea, nextStepOf } from './reasons.js';
import type { Arm, Measurements, MetricSummary, Reason, Result, Trial } from './result.js';
import { LEAST_FOR_P99, type Spread } from './statistics.js';
import { formatCount } from './units.js';
import { windowRates } from './window-rate.js';
import { samplesOf, scenePhrase, shapePhrase, topOf, unitOf } from './workload-shape.js';

/** A transport of the run. Strings are plain text: one line, no control characters; escape them for the medium. */
export interface TransportView {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  /** Place in the registry's order, from 0: its colour in every chart. */
  readonly colourIndex: number;
}

/** One trial as it is drawn and named. */
export interface TrialView {
  /** Round, from 1. */
  readonly trial: number;
  readonly order: number;
  /** Which arm of an A/A run or a comparison; null in any other run. */
  readonly arm: Arm | null;
  readonly status: Trial['status'];
  readonly reasons: readonly Reason[];
  /** It is void because the run was interrupted, not because its measuring failed. */
  readonly isCutShort: boolean;
  /** Null when the trial failed or was skipped. */
  readonly measurements: Measurements | null;
}

/** One transport under one load: a row of the tables, a bar of the charts. */
export interface ContestantView extends TransportView {
  readonly workload: string;
  readonly clients: number;
  /** Planned length of the window. */
  readonly windowSeconds: number;
  readonly trials: readonly TrialView[];
  /** Completed trials, on which `metrics` rest. */
  readonly completed: number;
  /** By dotted path, such as `latencyUs.p50`; read with `metricOf` or `medianOf`. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** The machine's noise floor by dotted path, as parts; empty where it is not known. */
  readonly floors: Readonly<Record<string, number>>;
}

/** Contestants that can be compared: the same workload and number of clients. */
export interface GroupView {
  readonly workload: string;
  readonly clients: number;
  /** In registry order. */
  readonly contestants: readonly ContestantView[];
}

/** A reason that one or more trials gave, once. */
export interface WarningView {
  readonly code: string;
  /** The message of the first trial that gave it. */
  readonly message: string;
  /** What the reader can do about it; null for codes that are not known. */
  readonly nextStep: string | null;
  /** What became of its trials; one that became another thing gives a warning of its own. */
  readonly status: Trial['status'];
  /** How many trials gave it. */
  readonly count: number;
  /** Titles of the transports it touches. */
  readonly transports: readonly string[];
  /** The trials it was given for: `Polling, round 2` or, in a sweep, `Polling, 500 clients, round 2`. */
  readonly where: readonly string[];
  /** What it casts doubt on: the charts it stands above. */
  readonly areas: readonly MetricArea[];
}

/** Everything a renderer needs, already ordered and named. Plain data: it survives JSON. */
export interface ResultView {
  /** The question in plain words. */
  readonly question: string;
  /** The command that repeats the run, quoted for a POSIX shell. */
  readonly command: string;
  /** More than one number of clients. */
  readonly isSweep: boolean;
  /** Numbers of clients, ascending. */
  readonly clients: readonly number[];
  readonly transports: readonly TransportView[];
  readonly groups: readonly GroupView[];
  readonly warnings: readonly WarningView[];
  /** Head against base; null in a run that compares no arms, and before its end. */
  readonly comparison: ComparisonView | null;
  /** How many publishes a trial had, the fewest of any completed trial, and whether they bound p99. */
  readonly tail: { readonly publishes: number; readonly needed: number; readonly bounded: boolean };
  /** False for a run that only verified bytes: it has no times. */
  readonly timed: boolean;
  /** False while a run is under way or when it was interrupted. */
  readonly complete: boolean;
  readonly interrupted: boolean;
}

/** A metric of a contestant with the number of trials that it rests on; null where it was not measured. */
export function metricOf(contestant: ContestantView, path: string): Spread | null {
  const metric = Object.hasOwn(contestant.metrics, path) ? contestant.metrics[path] : undefined;
  if (!metric) return null;
  const floor = Object.hasOwn(contestant.floors, path) ? contestant.floors[path] : undefined;
  return { ...metric, trials: contestant.completed, ...(floor === undefined ? {} : { floor }) };
}

/** The median of a metric over the completed trials; null where it was not measured. */
export function medianOf(contestant: ContestantView, path: string): number | null {
  return metricOf(contestant, path)?.median ?? null;
}

/** Quotes an argument for a POSIX shell where it needs it. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/u.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** Behind the number of bytes of a message. */
const CONTENT_PHRASE = { text: '', unicode: ' of Unicode text', binary: ' of binary content' } as const;

function questionOf(
  result: Result,
  transports: readonly TransportView[],
  clients: readonly number[],
  isScheduled: boolean,
): string {
  const { ratePerSecond, payloadBytes, workload } = result.plan;
  const counts = listed(clients.map(formatCount));
  const who = `${counts} ${clients.length === 1 && clients[0] === 1 ? 'client' : 'clients'}`;
  const size = `${formatCount(payloadBytes)} bytes${CONTENT_PHRASE[result.plan.content ?? 'text']}${workload === 'idle' ? '' : ' each'}`;
  // Titles may be plurals, so none of them is the subject of a verb.
  const what = result.comparison
    ? 'is the head better or worse than the base?'
    : transports.length === 1
      ? `what is the cost of ${transports[0]!.title}?`
      : 'what does each transport cost?';
  if (!isScheduled) return `${who} of a server that publishes by itself: ${what}`;
  if (workload === 'idle') return `${who} that wait, one message of ${size}: ${what}`;
  const [one, several] = unitOf(result.plan);
  const top = ratePerSecond * topOf(result.plan);
  const climbs = top > ratePerSecond ? '0 to ' : '';
  const rate =
    top > 0 && top < 1
      ? `one ${one} every ${formatCount(1 / top)} seconds${climbs === '' ? '' : ' at the end'}`
      : `${climbs}${new Intl.NumberFormat('en-US').format(top)} ${top === 1 ? one : several} a second`;
  const link = linkPhrase(result.plan);
  const { cookieBytes } = result.plan;
  const cookie = cookieBytes ? `, a cookie of ${formatCount(cookieBytes)} bytes in each request` : '';
  return `${who}, ${rate}${shapePhrase(result.plan)}, ${size}${cookie}${link === null ? '' : `, over ${link}`}${conditionPhrase(result.plan)}${scenePhrase(result.plan)}: ${what}`;
}

/** Characters of a name that are shown: a longer one would push every number off its table. */
const LONGEST_NAME = 60;

/** The transports in the order of `scenarioInfo`; then those that only trials name, in the order they appear. */
function transportsOf(result: Result): Map<string, TransportView> {
  const transports = new Map<string, TransportView>();
  const claimed = new Set(result.scenarioInfo.flatMap(({ order }) => order ?? []));
  const used = new Set<number>();
  const placeOf = (order: number | undefined): number => {
    let place = order ?? transports.size;
    // A place is a transport's name on the page, so no two share one, whatever a document says.
    while (used.has(place) || (order !== place && claimed.has(place))) place++;
    used.add(place);
    return place;
  };
  const add = (id: string, title: string, family: string, order?: number): void => {
    if (transports.has(id)) return;
    transports.set(id, {
      id: plainText(id, LONGEST_NAME),
      title: plainText(title, LONGEST_NAME) || plainText(id, LONGEST_NAME) || '(no name)',
      family: plainText(family, LONGEST_NAME),
      colourIndex: placeOf(order),
    });
  };
  for (const { id, title, family, order } of result.scenarioInfo) add(id, title, family, order);
  for (const { scenario } of result.trials) add(scenario, scenario, 'other');
  for (const { scenario } of result.summary) add(scenario, scenario, 'other');
  return transports;
}

/** The code of the reason that a trial was stopped by a person or a signal. */
const INTERRUPTED = 'interrupted';

function trialView(trial: Trial): TrialView {
  const measured = trial.status === 'completed' || trial.status === 'void';
  const isUnexplained = trial.status !== 'completed' && trial.reasons.length === 0;
  const reasons = isUnexplained
    ? [{ code: 'unexplained', message: 'No reason was recorded.' }]
    : trial.reasons;
  return {
    trial: trial.trial,
    order: trial.order,
    arm: trial.arm ?? null,
    status: trial.status,
    isCutShort: trial.status === 'void' && trial.reasons.some(({ code }) => code === INTERRUPTED),
    reasons: reasons.map(({ code, message }) => ({
      code: plainText(code),
      message: plainText(message),
    })),
    measurements: measured ? trial.measurements : null,
  };
}

function floorsOf(
  { noiseFloor }: Result,
  contestant: { readonly scenario: string; readonly workload: string; readonly clients: number },
): Record<string, number> {
  const floors: Record<string, number> = {};
  for (const metric of noiseFloor ? FLOOR_METRICS : []) {
    const floor = floorFor(noiseFloor, metric, contestant);
    if (floor !== null) floors[metric] = floor;
  }
  return floors;
}

function groupsOf(result: Result, transports: ReadonlyMap<string, TransportView>): GroupView[] {
  const loads = new Map<string, { workload: string; clients: number }>();
  for (const { workload, clients } of [...result.trials, ...result.summary]) {
    loads.set(JSON.stringify([workload, clients]), { workload, clients });
  }
  const ordered = [...loads.values()].sort((a, b) => a.clients - b.clients);
  return ordered.map(({ workload, clients }) => ({
    workload: plainText(workload),
    clients,
    contestants: [...transports].flatMap(([id, transport]) => {
      const isOurs = (entry: { scenario: string; workload: string; clients: number }): boolean =>
        entry.scenario === id && entry.workload === workload && entry.clients === clients;
      const trials = result.trials.filter(isOurs).sort((a, b) => a.trial - b.trial);
      const summary = result.summary.find(isOurs);
      if (trials.length === 0 && !summary) return [];
      return [
        {
          ...transport,
          workload: plainText(workload),
          clients,
          windowSeconds: result.plan.durationSeconds,
          trials: trials.map(trialView),
          completed: summary?.trials ?? 0,
          metrics: {
            ...summary?.metrics,
            ...windowRates(
              trials.flatMap((trial) => (trial.status === 'completed' ? [trial.measurements] : [])),
              result.plan.durationSeconds,
            ),
          },
          floors: floorsOf(result, { scenario: id, workload, clients }),
        },
      ];
    }),
  }));
}

const SEVERITY: readonly Trial['status'][] = ['completed', 'skipped', 'void', 'failed'];

/** The same reason with other numbers is the same reason, as long as it did the same to its trial. */
function kindOf(reason: Reason, status: Trial['status']): string {
  return JSON.stringify([status, reason.code, reason.message.replace(/\d+(?:[.,]\d+)*/gu, '#')]);
}

/** A loss behind a proxy that let nothing through has its reason, and its advice, beside it. */
function isExplained({ code }: Reason, beside: readonly Reason[]): boolean {
  return code === 'lost' && beside.some((other) => other.code === 'proxy-blocked');
}

function warningsOf(groups: readonly GroupView[], isSweep: boolean): WarningView[] {
  const found = new Map<
    string,
    { first: Reason; status: Trial['status']; titles: Set<string>; where: string[]; isExplained: boolean }
  >();
  for (const { contestants } of groups) {
    for (const { title, clients, trials } of contestants) {
      for (const trial of trials) {
        for (const reason of trial.reasons) {
          const kind = kindOf(reason, trial.status);
          const warning = found.get(kind) ?? {
            first: reason,
            status: trial.status,
            titles: new Set<string>(),
            where: [],
            isExplained: true,
          };
          found.set(kind, warning);
          warning.isExplained &&= isExplained(reason, trial.reasons);
          warning.titles.add(title);
          warning.where.push(
            `${title}, ${isSweep ? `${formatCount(clients)} clients, ` : ''}round ${trial.trial}${trial.arm === null ? '' : `, arm ${trial.arm}`}`,
          );
        }
      }
    }
  }
  return [...found.values()]
    .map(({ first, status, titles, where, isExplained }) => ({
      ...first,
      nextStep: isExplained ? null : nextStepOf(first.code),
      status,
      count: where.length,
      transports: [...titles],
      where,
      areas: areasOf(first.code),
    }))
    .sort((a, b) => SEVERITY.indexOf(b.status) - SEVERITY.indexOf(a.status));
}

/** Turns a result into what is shown of it. Pure; the result is not changed. */
export function viewOf(result: Result): ResultView {
  const transports = transportsOf(result);
  const groups = groupsOf(result, transports);
  const counts = groups.map(({ clients }) => clients);
  const clients = [...new Set(counts.length > 0 ? counts : result.plan.clients)].sort((a, b) => a - b);
  const shown = [...transports.values()];
  const publishes = result.trials.flatMap((trial) =>
    // Where the target publishes by itself nobody knows.
    trial.status === 'completed' && trial.measurements.messages.published !== null
      ? [samplesOf(result.plan, trial.measurements.messages.published)]
      : [],
  );
  const isKnown = publishes.length > 0 || result.trials.every(({ status }) => status !== 'completed');
  const fewest = publishes.reduce((least, count) => Math.min(least, count), publishes[0] ?? 0);
  return {
    question: questionOf(result, shown, clients, isKnown),
    command: result.command.map((argument) => quote(plainText(argument, 4_096))).join(' '),
    isSweep: clients.length > 1,
    clients,
    transports: shown,
    groups,
    warnings: warningsOf(groups, clients.length > 1),
    comparison: comparisonView(result),
    tail: { publishes: fewest, needed: LEAST_FOR_P99, bounded: !isKnown || fewest >= LEAST_FOR_P99 },
    timed: result.plan.verifyWire !== true,
    complete: result.finishedAt !== null && !result.interrupted,
    interrupted: result.interrupted,
  };
}
