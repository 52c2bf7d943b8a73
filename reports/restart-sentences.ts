import { listed } from './listed.js';
import type { Measurements } from './result.js';
import { median } from './statistics.js';
import { formatCount, formatMicros, formatPercent } from './units.js';
import type { ContestantView, ResultView } from './view.js';

type Restarts = NonNullable<Measurements['restarts']>;
type Log = Restarts['each'][number]['log'];

/** How a restart is called, in the order of the window. */
export const RESTART_NAMES: Readonly<Record<Log, string>> = {
  broker: 'log kept by a broker',
  memory: "log in the server's memory",
};

/** One transport's restarts of one kind, over its completed trials: counts summed, times as medians. */
export interface RestartRow {
  readonly contestant: ContestantView;
  readonly log: Log;
  readonly expected: number;
  readonly lost: number;
  readonly lostWhileAway: number;
  readonly duplicated: number;
  readonly resumed: number;
  readonly left: number;
  readonly back: number;
  /** From the kill to the new server's listening, milliseconds. */
  readonly awayMs: number;
  /** How long a client was without a connection, microseconds; null where none was seen to leave. */
  readonly clientAwayP50Us: number | null;
  /** From the kill to the last return, milliseconds; null where not all came back. */
  readonly allBackAfterMs: number | null;
}

/** Trials that are spoken of: completed ones with restarts. */
export function restartsOf(contestant: ContestantView): readonly Restarts[] {
  return contestant.trials.flatMap(({ status, measurements }) =>
    status === 'completed' && measurements?.restarts ? [measurements.restarts] : [],
  );
}

/** A row for each transport and kind of restart; empty for any other workload. */
export function restartRows(view: ResultView): RestartRow[] {
  return view.groups.flatMap(({ contestants }) =>
    contestants.flatMap((contestant) =>
      (Object.keys(RESTART_NAMES) as Log[]).flatMap((log) => {
        const each = restartsOf(contestant).flatMap((restarts) =>
          restarts.each.filter((restart) => restart.log === log),
        );
        if (each.length === 0) return [];
        const sum = (
          name: 'expected' | 'lost' | 'lostWhileAway' | 'duplicated' | 'resumed' | 'left' | 'back',
        ) => each.reduce((total, restart) => total + restart[name], 0);
        const middle = (values: readonly (number | null)[]): number | null => {
          const known = values.filter((value) => value !== null);
          return known.length === each.length ? median(known) : null;
        };
        return [
          {
            contestant,
            log,
            expected: sum('expected'),
            lost: sum('lost'),
            lostWhileAway: sum('lostWhileAway'),
            duplicated: sum('duplicated'),
            resumed: sum('resumed'),
            left: sum('left'),
            back: sum('back'),
            awayMs: median(each.map(({ awayMs }) => awayMs)),
            clientAwayP50Us: middle(each.map(({ clientAwayUs }) => clientAwayUs.p50)),
            allBackAfterMs: middle(each.map(({ allBackAfterMs }) => allBackAfterMs)),
          },
        ];
      }),
    ),
  );
}

function lossSentence(name: string, rows: readonly RestartRow[]): string {
  const losers = rows.filter(({ lost }) => lost > 0);
  const keepers = rows.filter(({ lost }) => lost === 0).map(({ contestant }) => contestant.title);
  const told = losers.map(({ contestant, lost, lostWhileAway, expected }) => {
    const away =
      lostWhileAway === 0
        ? 'none of them due while no server listened'
        : `${formatCount(lostWhileAway)} of them due while no server listened`;
    return `${contestant.title} lost ${formatCount(lost)} of ${formatCount(expected)} deliveries (${formatPercent((100 * lost) / expected)}; ${away})`;
  });
  const kept = keepers.length === 0 ? [] : [`${listed(keepers)} lost nothing`];
  return `With its ${name}: ${[...kept, ...told].join('; ')}.`;
}

function returnSentence(rows: readonly RestartRow[]): string | null {
  const known = rows.filter(({ allBackAfterMs }) => allBackAfterMs !== null);
  if (known.length === 0) return null;
  const parts = known.map(
    ({ contestant, allBackAfterMs }) => `${contestant.title} ${formatMicros(allBackAfterMs! * 1000)}`,
  );
  return `From the kill until everybody was back: ${listed(parts)}.`;
}

/** What was lost with the log kept and with the log gone, for a first screen; null for any other workload. */
export function restartLosses(view: ResultView): string | null {
  const rows = restartRows(view);
  const losses = (Object.keys(RESTART_NAMES) as Log[]).flatMap((log) => {
    const own = rows.filter((row) => row.log === log);
    return own.length === 0 ? [] : [lossSentence(RESTART_NAMES[log], own)];
  });
  return losses.length === 0 ? null : `The server was killed twice. ${losses.join(' ')}`;
}

/** What the restarts did, a sentence each; none for any other workload. */
export function restartLines(view: ResultView): string[] {
  const rows = restartRows(view);
  if (rows.length === 0) return [];
  const of = (log: Log): RestartRow[] => rows.filter((row) => row.log === log);
  const away = median(rows.map(({ awayMs }) => awayMs));
  return [
    `The server was killed twice and was away for ${formatMicros(away * 1000)} (median) each time.`,
    lossSentence(RESTART_NAMES.broker, of('broker')),
    lossSentence(RESTART_NAMES.memory, of('memory')),
    returnSentence(of('broker')),
  ].filter((line) => line !== null);
}
