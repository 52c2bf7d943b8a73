import { listed } from './listed.js';
import { plainText } from './plain-text.js';
import type { SideCrowdMeasurements } from './result.js';
import { median } from './statistics.js';
import { formatBytes, formatCount, formatMicros, formatRate } from './units.js';
import type { ContestantView, ResultView } from './view.js';

/** One transport's people beside its clients, over its completed trials: counts summed, times and rates as medians. */
export interface SideRow {
  readonly contestant: ContestantView;
  readonly kind: SideCrowdMeasurements['kind'];
  readonly crowds: readonly SideCrowdMeasurements[];
  readonly clients: number;
  readonly connects: number;
  readonly delivered: number;
  readonly late: number;
  readonly missed: number;
  readonly neverIn: number;
  /** Null where nobody can know. */
  readonly cutOff: number | null;
  /** Summed by kind, the most frequent first. */
  readonly failures: readonly (readonly [kind: string, count: number])[];
  readonly connectP50Us: number | null;
  readonly connectP99Us: number | null;
  /** CPU of the server by client of the connect phase, in which nothing is published; microseconds. */
  readonly serverMicrosPerConnect: number | null;
}

const middle = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : median(known);
};

/** A row for each transport; empty for workloads without people beside the clients. */
export function sideRows(view: ResultView): SideRow[] {
  return view.groups.flatMap(({ contestants }) =>
    contestants.flatMap((contestant) => {
      const measured = contestant.trials.flatMap(({ status, measurements }) =>
        status === 'completed' && measurements?.sideCrowd ? [measurements] : [],
      );
      const crowds = measured.flatMap(({ sideCrowd }) => sideCrowd ?? []);
      const [first] = crowds;
      if (first === undefined) return [];
      const sum = (read: (crowd: SideCrowdMeasurements) => number): number =>
        crowds.reduce((total, crowd) => total + read(crowd), 0);
      const kinds = [...new Set(crowds.flatMap(({ failures }) => Object.keys(failures)))];
      return [
        {
          contestant,
          kind: first.kind,
          crowds,
          clients: sum((crowd) => crowd.clients),
          connects: sum((crowd) => crowd.connects),
          delivered: sum((crowd) => crowd.delivered),
          late: sum((crowd) => crowd.late),
          missed: sum((crowd) => crowd.missed),
          neverIn: sum((crowd) => crowd.neverIn),
          cutOff: crowds.some(({ cutOff }) => cutOff === null) ? null : sum(({ cutOff }) => cutOff ?? 0),
          failures: kinds
            .map((kind) => [plainText(kind, 60), sum((crowd) => crowd.failures[kind] ?? 0)] as const)
            .sort((a, b) => b[1] - a[1]),
          connectP50Us: middle(crowds.map(({ connectUs }) => connectUs.p50)),
          connectP99Us: middle(crowds.map(({ connectUs }) => connectUs.p99)),
          serverMicrosPerConnect: middle(measured.map(({ connect }) => connect.serverMicrosPerClient)),
        },
      ];
    }),
  );
}

/** `http-503 39, reset 2`, or `none`. */
export function failuresText(failures: SideRow['failures']): string {
  const named = failures
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${formatCount(count)}`);
  return named.length === 0 ? 'none' : named.join(', ');
}

const each = (rows: readonly SideRow[], say: (row: SideRow) => string | null): string =>
  listed(
    rows.flatMap((row) => {
      const said = say(row);
      return said === null ? [] : [`${said} with ${row.contestant.title}`];
    }),
  );

function missedSentence(rows: readonly SideRow[], who: string): string {
  const missing = rows.filter(({ missed }) => missed > 0);
  if (missing.length === 0)
    return `Between the first message one of them heard and the last, none was missing.`;
  return `Between their first message and their last, ${who} missed ${each(missing, ({ missed }) => formatCount(missed))}.`;
}

function visitorLines(rows: readonly SideRow[]): string[] {
  const asked = middle(rows.flatMap(({ crowds }) => crowds.map(({ askedPerSecond }) => askedPerSecond)));
  const reached = middle(
    rows.flatMap(({ crowds }) => crowds.map(({ connectsPerSecond }) => connectsPerSecond)),
  );
  const unheard = rows.filter(({ neverIn }) => neverIn > 0);
  const failed = rows.filter(({ failures }) => failures.some(([, count]) => count > 0));
  const cost = each(rows, ({ serverMicrosPerConnect: us }) => (us === null ? null : formatMicros(us)));
  return [
    `Visitors came and went beside the clients that stayed, ${formatRate(asked)} asked for and ${formatRate(reached)} connected (median); all other numbers are those of the clients that stayed.`,
    `A visitor was connected after ${each(rows, (row) => (row.connectP50Us === null ? null : formatMicros(row.connectP50Us)))} (median).`,
    ...(cost === ''
      ? []
      : [`In CPU time a connect cost the server ${cost} (median; in the connect phase before the window).`]),
    failed.length === 0
      ? 'None of their connections failed.'
      : `Connections that failed: ${each(failed, ({ failures }) => failuresText(failures))}.`,
    missedSentence(rows, 'visitors'),
    ...(unheard.length === 0
      ? []
      : [
          `Some left before they had heard anything: ${each(unheard, (row) => `${formatCount(row.neverIn)} of ${formatCount(row.clients)}`)}.`,
        ]),
  ];
}

function slowLines(rows: readonly SideRow[]): string[] {
  const slow = rows.flatMap(({ crowds }) => crowds.flatMap((crowd) => crowd.slow ?? []))[0];
  if (slow === undefined) return [];
  const { readBytesPerSecond, sentBytesPerSecond, kernelBytesPerConnection: kernel } = slow;
  const rates = `A slow reader takes ${formatBytes(readBytesPerSecond)} a second, and ${formatBytes(sentBytesPerSecond)} of payload a second are sent to each client`;
  const cut = rows.filter(({ cutOff }) => (cutOff ?? 0) > 0);
  const unasked = rows.filter(({ cutOff }) => cutOff === null);
  const unread = rows.filter(({ crowds }) => crowds.some((crowd) => (crowd.unread ?? 0) > 0));
  if (cut.length === 0 && unread.length === 0) {
    return [
      `${rates}: nobody fell behind, and there is nothing to be seen of slow reading. More --payload times --rate is needed.`,
    ];
  }
  const isNew = ({ crowds }: SideRow): number =>
    crowds.reduce((sum, { unread: left }) => sum + (left ?? 0), 0);
  const grown = each(rows, ({ crowds }) => {
    const bytes = middle(crowds.map((crowd) => crowd.slow?.serverGrowthBytesPerClient));
    return bytes === null ? null : formatBytes(bytes);
  });
  return [
    `${rates}; all numbers above are those of the clients that read as fast as they can. What slow readers do to them shows beside the same run with --workload broadcast.`,
    ...(cut.length > 0
      ? [`The server cut off ${each(cut, ({ cutOff }) => formatCount(cutOff ?? 0))}.`]
      : unasked.length < rows.length
        ? [
            `The server cut nobody off${unasked.length === 0 ? '' : ` with ${listed(rows.filter((row) => !unasked.includes(row)).map(({ contestant }) => contestant.title))}`}${kernel === null ? '' : `: the kernel takes about ${formatBytes(kernel)} for a connection before the server notices`}.`,
          ]
        : []),
    ...(unasked.length === 0
      ? []
      : [
          `Whether ${listed(unasked.map(({ contestant }) => contestant.title))} cut anybody off is not known, since it is no server of pushbench's.`,
        ]),
    ...(grown === ''
      ? []
      : [
          `Its memory grew over the window by at most ${grown} for each slow reader (resident, from all connected to its peak; what was published is in it too).`,
        ]),
    ...(unread.length === 0
      ? []
      : [
          `At the end of the drain slow readers had not read ${each(unread, (row) => `${formatCount(isNew(row))} deliveries`)}.`,
        ]),
  ];
}

function newcomerLines(rows: readonly SideRow[]): string[] {
  const outside = rows.filter(({ neverIn }) => neverIn > 0);
  const inside = rows.filter(({ neverIn }) => neverIn === 0).map(({ contestant }) => contestant.title);
  const told = (row: SideRow): number => row.failures.find(([kind]) => kind === 'http-503')?.[1] ?? 0;
  const turned = rows.filter((row) => told(row) > 0);
  const others = rows.filter(({ failures }) =>
    failures.some(([kind, count]) => kind !== 'http-503' && count > 0),
  );
  const late = rows.filter((row) => row.late > 0);
  const counts = rows.flatMap(({ contestant }) =>
    contestant.trials.flatMap(({ measurements }) => measurements?.clients.requested ?? []),
  );
  const [there] = new Set(counts).size === 1 ? counts : [];
  const answers = each(turned, (row) => `${formatCount(told(row))} times`);
  return [
    outside.length > 0
      ? `Of those who came, never let in were ${each(outside, (row) => `${formatCount(row.neverIn)} of ${formatCount(row.clients)}`)}${answers === '' ? '' : `; 503 was the answer ${answers}, and they waited as long as Retry-After said before they asked again`}.`
      : answers === ''
        ? 'Everybody who came was let in.'
        : `Everybody who came was let in, but first 503 was the answer ${answers}.`,
    ...(inside.length === 0 || outside.length === 0
      ? []
      : [`Everybody was let in with ${listed(inside)}, whose clients hold no connection while they wait.`]),
    others.length > 0
      ? `Beside 503 they met ${each(others, ({ failures }) => failuresText(failures.filter(([kind]) => kind !== 'http-503')))}.`
      : answers === ''
        ? 'Nobody met an error, a refusal, a reset or a time-out.'
        : 'Nobody met another error, a refusal, a reset or a time-out.',
    late.length === 0
      ? 'What newcomers were sent once they were in was never late by more than a second (and a poll interval).'
      : `Late by more than a second (and a poll interval) were ${each(late, (row) => `${formatCount(row.late)} of ${formatCount(row.delivered)} deliveries`)}.`,
    `All other numbers are those of the ${there === undefined ? '' : `${formatCount(there)} `}clients that were in when the window opened.`,
  ];
}

/** What became of the people beside the clients, a sentence each; none for workloads that have none. */
export function sideCrowdLines(view: ResultView): string[] {
  const rows = sideRows(view);
  switch (rows[0]?.kind) {
    case 'visitors':
      return visitorLines(rows);
    case 'slow readers':
      return slowLines(rows);
    case 'newcomers':
      return newcomerLines(rows);
    default:
      return [];
  }
}
