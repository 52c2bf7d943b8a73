import type { Tick } from './spec.js';

/** A logarithmic axis of ratios around 1, as far down as up. */
export interface RatioAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
}

/** Steps from 1, in parts of it. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5];
/** Ticks on each side of 1. */
const MOST = 3;
const DECADES = [2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** An axis shows at least 2 % and never more than a thousandfold. */
const LEAST = 1.02;
const FARTHEST = 1000;
const ROOM = 1.1;

/** @param values ratios and ends of their intervals; those not above zero are passed over */
export function ratioAxis(values: readonly (number | null | undefined)[]): RatioAxis {
  const reaches = values.flatMap((value) =>
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? [Math.max(value, 1 / value)] : [],
  );
  const farthest = Math.min(FARTHEST, Math.max(LEAST, ...reaches));
  const max = farthest ** ROOM;
  const step = STEPS.find((each) => Math.floor((max - 1) / each + 1e-9) <= MOST);
  const above =
    step === undefined || max > 2.5
      ? DECADES.filter((tick) => tick <= max)
      : Array.from({ length: Math.floor((max - 1) / step + 1e-9) }, (_, at) => 1 + step * (at + 1));
  // Thinned, so that those that are left stand apart.
  const every = Math.ceil(above.length / MOST);
  const kept = above.filter((_tick, at) => (at + 1) % every === 0);
  const below = kept.map((tick) => (max > 2.5 ? 1 / tick : 2 - tick)).filter((tick) => tick >= 1 / max);
  return {
    min: 1 / max,
    max,
    ticks: [...below.reverse(), 1, ...kept].map((value) => ({
      value,
      label: String(Number(value.toPrecision(3))),
    })),
  };
}
