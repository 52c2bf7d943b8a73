import { listed } from './listed.js';
import { plainText } from './plain-text.js';
import type { NoiseFloor, Result } from './result.js';
import { formatCount, formatPercent } from './units.js';
import { type GroupView, metricOf, type ResultView } from './view.js';

type Entry = NoiseFloor['entries'][number];

/** The metrics that people compare, by the names of the headline table; the others are in the result only. */
export const FLOOR_NAMES: readonly (readonly [path: string, name: string])[] = [
  ['latencyUs.p50', 'p50'],
  ['latencyUs.p99', 'p99'],
  ['wire.perDelivery.bothWays', 'bytes'],
  ['cpu.serverMicrosPerDelivery', 'server CPU'],
  ['memory.server.bytesPerClient', 'server memory'],
];

/** What stands beside a comparison: how large a difference must be to be one. Empty where no floor is known. */
export function floorNote(group: GroupView, path: string, isTie: boolean): string {
  const floors = group.contestants.flatMap((contestant) => metricOf(contestant, path)?.floor ?? []);
  if (floors.length === 0 || group.contestants.length < 2) return '';
  const floor = formatPercent(100 * Math.max(...floors));
  return isTie
    ? ` A difference inside the machine's noise floor, ${floor}, is a tie.`
    : ` The machine's noise floor for this is ${floor}.`;
}

/** A contestant of the floor, as the tables name it. */
export interface FloorRow {
  readonly title: string;
  /** Place in the registry; null for a transport that this run does not have. */
  readonly colourIndex: number | null;
  readonly workload: string;
  readonly clients: number;
  readonly entries: readonly Entry[];
}

/** The floor by contestant, in the order it was measured. */
export function floorRows(floor: NoiseFloor, view: ResultView): FloorRow[] {
  const rows = new Map<string, Entry[]>();
  for (const entry of floor.entries) {
    const key = JSON.stringify([entry.scenario, entry.workload, entry.clients]);
    rows.set(key, [...(rows.get(key) ?? []), entry]);
  }
  return [...rows.values()].map((entries) => {
    const { scenario, workload, clients } = entries[0]!;
    const id = plainText(scenario, 60);
    const transport = view.transports.find((each) => each.id === id);
    return {
      title: transport?.title ?? id,
      colourIndex: transport?.colourIndex ?? null,
      workload: plainText(workload, 60),
      clients,
      entries,
    };
  });
}

function originOf({ from, entries }: NoiseFloor): string {
  const rounds = Math.min(...entries.map((entry) => entry.rounds));
  const where = from === null ? 'two identical arms' : `the A/A run of ${plainText(from.startedAt, 40)}`;
  return `${where}, ${formatCount(rounds)} ${rounds === 1 ? 'round' : 'rounds'}`;
}

/** Whether identical arms were told apart, which an interval that is right lets happen once in a hundred. */
function arms({ from, entries }: NoiseFloor, rows: readonly FloorRow[]): string[] {
  if (from !== null) return [];
  const judged = entries.filter(({ low }) => low !== null);
  if (judged.length === 0) {
    return ['Fewer than five rounds give no interval; each floor is the farthest single round.'];
  }
  const apart = judged.filter(({ differs }) => differs);
  const where = apart.map((entry) => {
    const title = rows.find((row) => row.entries.includes(entry))?.title ?? plainText(entry.scenario, 60);
    const name = FLOOR_NAMES.find(([path]) => path === entry.metric)?.[1] ?? plainText(entry.metric, 80);
    const clients = new Set(entries.map((each) => each.clients)).size > 1;
    return `${title} ${name}${clients ? ` at ${formatCount(entry.clients)} clients` : ''}`;
  });
  return [
    `The identical arms differ beyond their 99 % interval in ${formatCount(apart.length)} of ${formatCount(judged.length)} ratios` +
      `${apart.length > 0 ? ` (${listed(where)})` : ''}; chance alone makes it 1 of 100.`,
  ];
}

/** The noise floor in lines for people; none where it is not known, but a sentence where it was to be measured. */
export function floorLines(
  { noiseFloor, plan }: Pick<Result, 'noiseFloor' | 'plan'>,
  view: ResultView,
): string[] {
  if (!noiseFloor || noiseFloor.entries.length === 0) {
    return plan.aa ? ['No noise floor could be measured: in no round were both arms completed.'] : [];
  }
  const contestants = floorRows(noiseFloor, view);
  const rows = contestants.map(({ title, clients, entries }) => {
    const parts = FLOOR_NAMES.flatMap(([path, name]) => {
      const entry = entries.find(({ metric }) => metric === path);
      return entry ? [`${name} ${formatPercent(entry.floorPercent)}`] : [];
    });
    return `${title}, ${formatCount(clients)} clients: ${parts.join(', ')}.`;
  });
  return [
    `Noise floor of this machine (${originOf(noiseFloor)}): a smaller difference is a tie.`,
    ...rows,
    ...arms(noiseFloor, contestants),
  ];
}
