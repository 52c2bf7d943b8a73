import { formatUnit, type UnitKind } from '../units.js';
import type { Tick } from './spec.js';

/** Ends and ticks of a logarithmic axis. */
export interface LogAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
}

/** Steps within a decade, coarsest first. */
const STEPS = [[1], [1, 3], [1, 2, 5]] as const;
/** Fewest ticks that make an axis readable. */
const ENOUGH = 3;

/**
 * A logarithmic axis with ticks that people know: 100 µs, 1 ms, 10 ms; between them 2 and 5 where the range is short.
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
  // Room for markers at the ends.
  low /= 1.15;
  high *= 1.15;
  for (const steps of STEPS) {
    const all = grid(low, high, steps);
    const min = all.findLast((tick) => tick <= low)!;
    const max = all.find((tick) => tick >= high)!;
    const ticks = all.filter((tick) => tick >= min && tick <= max);
    if (ticks.length > ENOUGH || steps.length === 3) return { min, max, ticks: label(ticks, kind) };
  }
  throw new Error('unreachable: the last step always answers');
}

function grid(low: number, high: number, steps: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++) {
    // From a positive or a divided power: 10 ** -3 * 2 is not 0.002.
    for (const step of steps) ticks.push(power < 0 ? step / 10 ** -power : step * 10 ** power);
  }
  return ticks;
}

function label(ticks: readonly number[], kind: UnitKind): Tick[] {
  return ticks.map((value) => ({ value, label: formatUnit(value, kind) }));
}
