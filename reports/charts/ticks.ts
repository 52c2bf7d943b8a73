import { formatUnit, type UnitKind } from '../units.js';
import type { Tick } from './spec.js';

/** Ends and ticks of a logarithmic axis. */
export interface LogAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
}

/** Steps within a decade that are labelled, coarsest first. */
const STEPS = [[1], [1, 3], [1, 2, 5]] as const;
/** Steps at which an axis ends. */
const ENDS = [1, 2, 5];
/** Fewest labels that make an axis readable. */
const ENOUGH = 3;
/** Room for markers at the ends. */
const ROOM = 1.15;

/**
 * A logarithmic axis with ticks that people know: 100 µs, 1 ms, 10 ms; steps between them where the range is short.
 * @param values in the kind's base unit; those not above zero are passed over
 */
export function logAxis(values: readonly (number | null | undefined)[], kind: UnitKind): LogAxis {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return { min: 1, max: 10, ticks: label([1, 10], kind) };
  const ends = grid(low / ROOM, high * ROOM, ENDS);
  const min = ends.findLast((end) => end <= low / ROOM)!;
  const max = ends.find((end) => end >= high * ROOM)!;
  const within = STEPS.map((steps) => grid(min, max, steps).filter((tick) => tick >= min && tick <= max));
  return { min, max, ticks: label(within.find((ticks) => ticks.length >= ENOUGH) ?? within.at(-1)!, kind) };
}

/** The steps of every decade from below `low` to above `high`. */
function grid(low: number, high: number, steps: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    // By a power above one, multiplied or divided: 2 * 10 ** -3 is not quite 0.002.
    for (const step of steps) ticks.push(power < 0 ? step / 10 ** -power : step * 10 ** power);
  }
  return ticks;
}

/** The units of a time axis: a tick is a power of ten, so it is printed in the unit that makes it the shortest. */
const TIMES = [
  { size: 1e6, name: 's' },
  { size: 1e3, name: 'ms' },
  { size: 1, name: 'µs' },
];

function print(value: number, kind: UnitKind): string {
  const unit = kind === 'micros' ? TIMES.find(({ size }) => value >= size) : undefined;
  return unit ? `${formatUnit(value / unit.size, 'count')}\u00a0${unit.name}` : formatUnit(value, kind);
}

function label(ticks: readonly number[], kind: UnitKind): Tick[] {
  return ticks.map((value) => ({ value, label: print(value, kind) }));
}
