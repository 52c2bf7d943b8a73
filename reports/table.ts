import { isResolved, UNRESOLVED_MARK } from './memory-resolution.js';
import { isClearlyBelow, type Spread } from './statistics.js';
import { NOT_JUDGED, publishesItself } from './target-sentences.js';
import { type ColumnUnit, chooseUnit, formatCount, type UnitKind } from './units.js';
import { type ContestantView, type GroupView, metricOf, type ResultView } from './view.js';
import { WINDOW_RATE } from './window-rate.js';

/** A column of the headline table, its unit chosen for all of its values. */
export interface TableColumn {
  readonly key: string;
  /** `p50`. */
  readonly head: string;
  /** `ms` or `B/msg`; empty where the head says it. */
  readonly unit: string;
  /** Columns with a higher number give way first where space is short; 0 stays. */
  readonly yields: number;
  /** Its p99 rests on too few publishes to be bounded. */
  readonly unbounded: boolean;
}

export interface TableCell {
  /** The number without its unit, `~` before one that is not resolved, `n/a` where there is none. */
  readonly text: string;
  /** Better than every other of its group beyond the noise. */
  readonly best: boolean;
}

export interface TableRow {
  readonly contestant: ContestantView;
  /** One for each column. */
  readonly cells: readonly TableCell[];
}

/** The headline table: one row a contestant, grouped by load. */
export interface HeadlineTable {
  readonly columns: readonly TableColumn[];
  readonly groups: readonly { readonly clients: number; readonly rows: readonly TableRow[] }[];
  /** Whether any cell is marked. */
  readonly marked: boolean;
}

interface Definition {
  readonly key: string;
  readonly head: string;
  readonly path: string;
  readonly kind: UnitKind;
  /** Follows the unit: `/msg`. */
  readonly per: string;
  readonly yields: number;
  /** Whether less is better and the best may be marked. */
  readonly ranked: boolean;
  /** Left out where no contestant has it. */
  readonly optional?: boolean;
}

const DEFINITIONS: readonly Definition[] = [
  { key: 'p50', head: 'p50', path: 'latencyUs.p50', kind: 'micros', per: '', yields: 0, ranked: true },
  { key: 'p99', head: 'p99', path: 'latencyUs.p99', kind: 'micros', per: '', yields: 0, ranked: true },
  { key: 'max', head: 'max', path: 'latencyUs.max', kind: 'micros', per: '', yields: 9, ranked: false },
  {
    key: 'up',
    head: 'up',
    path: 'wire.perDelivery.up.total',
    kind: 'wireBytes',
    per: '/msg',
    yields: 3,
    ranked: true,
  },
  {
    key: 'down',
    head: 'down',
    path: 'wire.perDelivery.down.total',
    kind: 'wireBytes',
    per: '/msg',
    yields: 0,
    ranked: true,
  },
  {
    key: 'requests',
    head: 'req',
    path: 'requests.perDelivery',
    kind: 'ratio',
    per: '/msg',
    yields: 4,
    ranked: true,
  },
  {
    key: 'cpu',
    head: 'CPU',
    path: 'cpu.serverMicrosPerDelivery',
    kind: 'micros',
    per: '/msg',
    yields: 2,
    ranked: true,
  },
  {
    key: 'proxy',
    head: 'proxy CPU',
    path: 'proxy.cpuMicrosPerDelivery',
    kind: 'micros',
    per: '/msg',
    yields: 6,
    ranked: false,
    optional: true,
  },
  {
    key: 'link',
    head: 'link CPU',
    path: 'link.cpuMicrosPerDelivery',
    kind: 'micros',
    per: '/msg',
    yields: 7,
    ranked: false,
    optional: true,
  },
  {
    key: 'memory',
    head: 'memory',
    path: 'memory.server.bytesPerClient',
    kind: 'bytes',
    per: '/client',
    yields: 1,
    ranked: true,
  },
  {
    key: 'rate',
    head: 'delivered',
    path: WINDOW_RATE,
    kind: 'rate',
    per: '',
    yields: 8,
    ranked: false,
  },
];

/** The contestant whose metric lies below that of all others beyond the noise; null where none does. */
function bestOf(group: GroupView, path: string): ContestantView | null {
  const rivals = group.contestants.flatMap((contestant) => {
    const spread = metricOf(contestant, path);
    return spread ? [{ contestant, spread }] : [];
  });
  const isBest = (own: Spread, contestant: ContestantView): boolean =>
    own.median >= 0 &&
    rivals.every((other) => other.contestant === contestant || isClearlyBelow(own, other.spread));
  if (rivals.length < 2) return null;
  // Behind noise may hide the lowest of all.
  if (rivals.some(({ spread }) => !isResolved(path, spread, group.clients))) return null;
  return rivals.find(({ spread, contestant }) => isBest(spread, contestant))?.contestant ?? null;
}

function cellText(contestant: ContestantView, { path }: Definition, unit: ColumnUnit): string {
  const metric = metricOf(contestant, path);
  if (!metric) return unit.format(null);
  return `${isResolved(path, metric, contestant.clients) ? '' : UNRESOLVED_MARK}${unit.format(metric.median)}`;
}

/** Messages lost over all completed trials: a loss is counted, not averaged away by a median. */
function lostBy(contestant: ContestantView): string {
  const completed = contestant.trials.filter(({ status }) => status === 'completed');
  if (completed.length === 0) return 'n/a';
  if (publishesItself(contestant)) return NOT_JUDGED;
  return formatCount(
    completed.reduce((sum, { measurements }) => sum + (measurements?.messages.lost ?? 0), 0),
  );
}

/** Computes the headline table from medians. A p99 that too few publishes bound is never marked as the best. */
export function tableOf(view: ResultView): HeadlineTable {
  const all = view.groups.flatMap((group) => group.contestants);
  const shown = DEFINITIONS.filter(
    ({ kind, optional, path }) =>
      (view.timed || kind !== 'micros') &&
      (!optional || all.some((contestant) => metricOf(contestant, path) !== null)),
  );
  const columns = shown.map((definition) => {
    const unit = chooseUnit(
      all.map((contestant) => metricOf(contestant, definition.path)?.median),
      definition.kind,
    );
    const unbounded =
      definition.key === 'p99' && !view.tail.bounded && all.some(({ completed }) => completed > 0);
    return { definition, unit, unbounded, ranked: definition.ranked && !unbounded };
  });
  const groups = view.groups.map((group) => {
    const bests = columns.map(({ definition, ranked }) => (ranked ? bestOf(group, definition.path) : null));
    const rows = group.contestants.map((contestant) => ({
      contestant,
      cells: [
        ...columns.map(({ definition, unit }, at) => ({
          text: cellText(contestant, definition, unit),
          best: bests[at] === contestant,
        })),
        { text: lostBy(contestant), best: false },
      ],
    }));
    return { clients: group.clients, rows };
  });
  return {
    columns: [
      ...columns.map(({ definition, unit, unbounded }) => ({
        key: definition.key,
        head: definition.head,
        unit:
          unit.unit === '/s'
            ? 'msg/s'
            : definition.kind === 'ratio'
              ? definition.per
              : unit.unit + definition.per,
        yields: definition.yields,
        unbounded,
      })),
      { key: 'lost', head: 'lost', unit: 'msg', yields: 0, unbounded: false },
    ],
    groups,
    marked: groups.some(({ rows }) => rows.some(({ cells }) => cells.some(({ best }) => best))),
  };
}
