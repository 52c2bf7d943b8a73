import { comparisonHeadline } from './comparison/comparison-sentences.js';
import { listed } from './listed.js';
import { LEAST_FOR_INTERVAL } from './median-interval.js';
import { isResolved } from './memory-resolution.js';
import { floorNote } from './noise-sentences.js';
import {
  canBeRanked,
  farthestOf,
  leadersOf,
  type Nature,
  plainSpan,
  type Rival,
  rank,
  span,
  titlesOf,
} from './rivals.js';
import type { Spread } from './statistics.js';
import { publishesItself } from './target-sentences.js';
import { formatBytes, formatCount, formatMicros, formatPercent, formatWireBytes } from './units.js';
import { type ContestantView, type GroupView, metricOf, type ResultView } from './view.js';

/** Computed sentences, one or two a question, each with its number. Plain text; escape it for the medium. */
export interface Findings {
  /** Two or three sentences for the first screen. */
  readonly headline: readonly string[];
  /** How late? */
  readonly late: string;
  /** How many bytes? */
  readonly bytes: string;
  /** How much memory? */
  readonly memory: string;
  /** How much CPU? */
  readonly cpu: string;
  /** What went wrong? */
  readonly wrong: string;
  /** How much the comparisons can bear: few trials, an unbounded tail. Null when nothing limits them. */
  readonly caution: string | null;
}

/** Said wherever CPU is compared: on loopback the two sides cannot be told apart entirely. */
export const LOOPBACK_NOTE = "Loopback charges much of the receiver's TCP work to the sender.";

/** Said where values are given without a verdict. */
const NOT_RANKED = 'too few trials to rank them';

/** Those that have the number: a transport without a completed trial is not spoken of. */
function all(group: GroupView, rivals: readonly Rival[]): string {
  return rivals.length === group.contestants.length
    ? 'all transports'
    : 'all transports that could be measured';
}

function lateness(group: GroupView): string {
  const rivals = rank(group, (contestant) => metricOf(contestant, 'latencyUs.p50'));
  if (rivals.length === 0) {
    const gaps = rank(group, (contestant) => metricOf(contestant, 'target.gapsUs.p50'));
    return gaps.length === 0
      ? 'No delivery was timed.'
      : `No delivery was timed; from one message of a client to its next it took ${plainSpan(gaps, formatMicros)} (median).`;
  }
  if (rivals.length === 1)
    return `With ${titlesOf(rivals)} messages are late by ${formatMicros(rivals[0]!.spread.median)} (median).`;
  if (!canBeRanked(rivals))
    return `Messages are late by ${plainSpan(rivals, formatMicros)} (median; ${NOT_RANKED}).`;
  const leaders = leadersOf(rivals);
  const by = span(leaders, formatMicros);
  if (leaders.length === rivals.length) {
    return `${all(group, rivals)} are about as late as each other: by ${by} (median).`.replace(/^a/u, 'A');
  }
  const slow = rivals.find((rival) => rival.contestant.id === 'polling' && !leaders.includes(rival));
  const reference = slow ?? farthestOf(rivals, leaders);
  const against = reference
    ? `; with ${reference.contestant.title} they are late by ${formatMicros(reference.spread.median)}`
    : '';
  return leaders.length === 1
    ? `Messages come soonest with ${titlesOf(leaders)}, late by ${by} (median)${against}.`
    : `${titlesOf(leaders)} are about as late as each other, by ${by} (median)${against}.`;
}

/** Both directions together. */
const bytesOf = (contestant: ContestantView): Spread | null =>
  metricOf(contestant, 'wire.perDelivery.bothWays');

function usefulPart(rival: Rival): string {
  const payload = metricOf(rival.contestant, 'wire.perDelivery.down.payload');
  const total = rival.spread.median;
  return payload && total > 0 ? `, ${formatPercent((100 * payload.median) / total)} of it payload` : '';
}

function wireBytes(group: GroupView): string {
  const rivals = rank(group, bytesOf);
  if (rivals.length === 0) return 'No delivery was counted, so bytes per message are not known.';
  const leaders = leadersOf(rivals, 'exact');
  const first = leaders[0]!;
  const subject =
    leaders.length === 1
      ? `A delivered message takes ${formatWireBytes(first.spread.median)} with ${first.contestant.title}${usefulPart(first)}`
      : `A delivered message takes about the same, ${span(leaders, formatWireBytes)}, with ${titlesOf(leaders)}`;
  const last = farthestOf(rivals, leaders);
  if (!last) return `${subject}.`;
  return `${subject}; with ${last.contestant.title} it takes ${formatWireBytes(last.spread.median)}${usefulPart(last)}.`;
}

/** A difference of resident sets, which small numbers of clients do not resolve. */
const MEMORY = 'memory.server.bytesPerClient';

function memory(group: GroupView): string {
  const rivals = rank(group, (contestant) => metricOf(contestant, MEMORY));
  if (rivals.length === 0) return 'Server memory could not be read.';
  const seen = rivals.filter(({ spread }) => isResolved(MEMORY, spread, group.clients));
  if (seen.length < rivals.length) {
    const who = seen.length === 0 ? '' : ` with ${titlesOf(rivals.filter((rival) => !seen.includes(rival)))}`;
    return `Server memory for each client is not resolved at ${plural(group.clients, 'client')}${who}: what they add is within the noise of a process's resident set; more clients would show it.`;
  }
  const leaders = leadersOf(seen);
  const each = span(leaders, formatBytes);
  if (seen.length === 1) return `A client costs the server ${each} with ${titlesOf(seen)}.`;
  if (!canBeRanked(seen)) return `A client costs the server ${plainSpan(seen, formatBytes)} (${NOT_RANKED}).`;
  const last = farthestOf(seen, leaders);
  if (!last) return `A client costs the server about the same with ${all(group, rivals)}: ${each}.`;
  const subject =
    leaders.length === 1
      ? `A client costs the server ${each} with ${titlesOf(leaders)}`
      : `A client costs the server about the same, ${each}, with ${titlesOf(leaders)}`;
  return `${subject}, and ${formatBytes(last.spread.median)} with ${last.contestant.title}.`;
}

function cpu(group: GroupView): string {
  const rivals = rank(group, (contestant) => metricOf(contestant, 'cpu.serverMicrosPerDelivery'));
  if (rivals.length === 0) return 'Server CPU per delivered message is not known.';
  const leaders = leadersOf(rivals);
  const each = span(leaders, formatMicros);
  if (rivals.length === 1)
    return `The server spends ${each} of CPU on a delivered message with ${titlesOf(rivals)}.`;
  if (!canBeRanked(rivals))
    return `A delivered message costs the server in CPU time ${plainSpan(rivals, formatMicros)} (${NOT_RANKED}). ${LOOPBACK_NOTE}`;
  const last = farthestOf(rivals, leaders);
  if (!last) {
    return `The server spends about the same CPU on a delivered message with ${all(group, rivals)}: ${each}. ${LOOPBACK_NOTE}`;
  }
  const subject =
    leaders.length === 1
      ? `The server spends least CPU on a delivered message with ${titlesOf(leaders)}, ${each}`
      : `The server spends least CPU on a delivered message with ${titlesOf(leaders)}, about the same at ${each}`;
  return `${subject}, and ${formatMicros(last.spread.median)} with ${last.contestant.title}. ${LOOPBACK_NOTE}`;
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

interface Mishaps {
  expected: number;
  lost: number;
  duplicated: number;
  reordered: number;
  failures: number;
}

/** Losses of completed trials, counted over all of them: a loss is a fact, not a sample. */
function mishapsOf(contestant: ContestantView): Mishaps {
  const sum: Mishaps = { expected: 0, lost: 0, duplicated: 0, reordered: 0, failures: 0 };
  for (const { status, measurements } of contestant.trials) {
    if (status !== 'completed' || !measurements) continue;
    const { messages, failures } = measurements;
    sum.expected += messages.expected ?? 0;
    sum.lost += messages.lost ?? 0;
    sum.duplicated += messages.duplicated ?? 0;
    sum.reordered += messages.reordered ?? 0;
    sum.failures += Object.values(failures).reduce((total, count) => total + count, 0);
  }
  return sum;
}

type Fate = 'void' | 'cut short' | 'failed' | 'skipped';

/** What is said of trials that were not completed, by how many there are. */
const FATES: readonly (readonly [Fate, (count: number) => string])[] = [
  [
    'cut short',
    (n) =>
      `${n === 1 ? 'was' : 'were'} cut short by an interrupt (Ctrl-C), so the summary leaves ${n === 1 ? 'it' : 'them'} out`,
  ],
  [
    'void',
    (n) =>
      `${n === 1 ? 'is' : 'are'} void: the measuring cannot be trusted, so summaries leave ${n === 1 ? 'it' : 'them'} out`,
  ],
  ['failed', () => 'failed'],
  ['skipped', (n) => `${n === 1 ? 'was' : 'were'} skipped`],
];

function wentWrong(view: ResultView): string {
  const contestants = view.groups.flatMap((group) => group.contestants);
  const statuses = contestants.flatMap(({ trials }) =>
    trials.map(({ status, isCutShort }) => (isCutShort ? 'cut short' : status)),
  );
  const sentences: string[] = [];
  for (const contestant of contestants) {
    const { expected, lost, duplicated, reordered, failures } = mishapsOf(contestant);
    const at = view.isSweep ? ` at ${plural(contestant.clients, 'client')}` : '';
    const parts = [
      lost > 0 ? `lost ${formatCount(lost)} of ${formatCount(expected)} messages` : '',
      duplicated > 0 ? `delivered ${formatCount(duplicated)} twice` : '',
      reordered > 0 ? `delivered ${formatCount(reordered)} out of order` : '',
      failures > 0
        ? `had ${plural(failures, 'failed connection or exchange', 'failed connections or exchanges')}`
        : '',
    ].filter((part) => part !== '');
    if (parts.length > 0) sentences.push(`${contestant.title}${at} ${listed(parts)}.`);
  }
  const completed = statuses.filter((status) => status === 'completed').length;
  const unjudged = [...new Set(contestants.filter(publishesItself).map(({ title }) => title))];
  const isJudged = contestants.some((each) => each.completed > 0 && !publishesItself(each));
  if (sentences.length === 0 && completed > 0 && isJudged)
    sentences.push('No message was lost, repeated or out of order.');
  if (unjudged.length > 0)
    sentences.push(`What was lost, repeated or out of order with ${listed(unjudged)} is not judged.`);
  for (const [status, words] of FATES) {
    const count = statuses.filter((each) => each === status).length;
    if (count > 0)
      sentences.push(`${plural(count, 'trial')} of ${formatCount(statuses.length)} ${words(count)}.`);
  }
  if (view.interrupted) sentences.push('The run was interrupted; this is what it had measured.');
  return sentences.length > 0 ? sentences.join(' ') : 'No trial has been completed.';
}

function cautionOf(view: ResultView, group: GroupView): string | null {
  const trials = group.contestants.filter(({ completed }) => completed > 0).map(({ completed }) => completed);
  if (trials.length === 0) return null;
  const fewest = Math.min(...trials);
  const sentences: string[] = [];
  if (fewest < 2) {
    sentences.push(
      'With a single trial the noise is not known, so times, CPU and memory are given without a verdict; bytes are counted, not sampled.',
    );
  } else if (fewest < LEAST_FOR_INTERVAL) {
    sentences.push(
      `With ${formatCount(fewest)} trials there is no interval; a difference is named only where no two trials overlap.`,
    );
  }
  if (!view.tail.bounded && view.timed) {
    const publishes = plural(view.tail.publishes, 'publish', 'publishes');
    sentences.push(`A p99 is not bounded by ${publishes} a trial; ${view.tail.needed} would do.`);
  }
  return sentences.length > 0 ? sentences.join(' ') : null;
}

const lower = (text: string): string => text.toLowerCase();

function hasTrouble(group: GroupView): boolean {
  return group.contestants.some((contestant) => {
    const { lost, duplicated, reordered, failures } = mishapsOf(contestant);
    const incomplete = contestant.trials.some(({ status }) => status !== 'completed');
    return incomplete || lost + duplicated + reordered + failures > 0;
  });
}

/** The largest load at which anything was completed: what a sweep's sentences speak of. */
function spokenGroup(view: ResultView): GroupView | undefined {
  return view.groups.findLast(({ contestants }) => contestants.some(({ completed }) => completed > 0));
}

/**
 * The sentences of a run. In a sweep they speak of the largest number of clients with a completed trial, and say so.
 * A transport is called better only where intervals lie apart, or, below five trials, where trials do not overlap and
 * medians differ by 10 % or more; with a single trial only bytes are compared, for they are counted; inside the machine's noise floor, where it is known, a difference is a tie.
 */
export function findingsOf(view: ResultView): Findings {
  const group = spokenGroup(view);
  const wrong = wentWrong(view);
  if (!group) {
    const none = 'No trial was completed, so there is nothing to compare.';
    return {
      headline: [none, wrong],
      late: none,
      bytes: none,
      memory: none,
      cpu: none,
      wrong,
      caution: null,
    };
  }
  const say = (sentence: string): string =>
    view.isSweep
      ? `At ${plural(group.clients, 'client')}, ${sentence.replace(/^(?:A|All|The|With|Messages|Server) /u, lower)}`
      : sentence;
  const beside = (path: string, nature: Nature = 'noisy'): string => {
    const rivals = rank(group, (contestant) => metricOf(contestant, path));
    // What is not resolved is not compared, so there is nothing for a floor to stand beside.
    if (rivals.some(({ spread }) => !isResolved(path, spread, group.clients))) return '';
    return floorNote(group, path, leadersOf(rivals, nature).length > 1);
  };
  const late = say(lateness(group)) + beside('latencyUs.p50');
  const bytes = say(wireBytes(group)) + beside('wire.perDelivery.bothWays', 'exact');
  const held = say(memory(group)) + beside(MEMORY);
  const troubled = view.interrupted || view.groups.some(hasTrouble);
  const third = troubled ? wrong : group.workload === 'idle' ? late : held;
  return {
    headline: view.comparison
      ? [...comparisonHeadline(view.comparison), ...(troubled ? [wrong] : [])]
      : [...(group.workload === 'idle' ? [held, bytes] : [late, bytes]), third],
    late,
    bytes,
    memory: held,
    cpu: say(cpu(group)) + beside('cpu.serverMicrosPerDelivery'),
    wrong,
    caution: cautionOf(view, group),
  };
}
