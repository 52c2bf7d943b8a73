import { type LatencyCurve, latencyCurve } from '../latency-curve.js';
import { formatCount } from '../units.js';
import type { GroupView, ResultView } from '../view.js';
import { type Line, lineChart } from './lines.js';
import type { ChartSpec } from './spec.js';

/** The curve of one transport over its completed trials, or over the void ones where none was completed. */
export interface TransportCurve {
  readonly transport: number;
  readonly title: string;
  readonly isVoid: boolean;
  readonly curve: LatencyCurve;
}

export function curvesOf(group: GroupView): TransportCurve[] {
  return group.contestants.flatMap(({ trials, title, colourIndex, completed }) => {
    const status = completed > 0 ? 'completed' : 'void';
    const latencies = trials.flatMap((trial) =>
      trial.status === status && trial.measurements ? [trial.measurements.latencyUs] : [],
    );
    const curve = latencyCurve(latencies);
    return curve ? [{ transport: colourIndex, title, isVoid: status === 'void', curve }] : [];
  });
}

const TICKS = [
  { value: 1, label: 'min' },
  { value: 2, label: '50 %' },
  { value: 10, label: '90 %' },
  { value: 100, label: '99 %' },
  { value: 1e3, label: '99.9 %' },
  { value: 1e4, label: '99.99 %' },
  { value: 1e5, label: '99.999 %' },
  { value: 1e6, label: '99.9999 %' },
];

/** -ln 0.05: with n independent samples, the part 1 - this/n is bounded by their maximum at 95 % confidence. */
const BOUND = 2.996;

/** Lateness against the part of deliveries that are no later, the tail spread out: a 1/(1-p) axis. */
export function curveChart(curves: readonly TransportCurve[], tail: ResultView['tail']): ChartSpec | null {
  const lines: Line[] = curves.map(({ transport, title, isVoid, curve }) => ({
    transport,
    name: title,
    isVoid,
    points: curve.points.map(({ part, micros }) => ({
      x: 1 / (1 - part),
      y: micros,
      note: `${formatCount(curve.samples)} deliveries`,
    })),
  }));
  const end = Math.max(2, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  const bounded = tail.publishes / BOUND;
  return lineChart(lines, {
    kind: 'micros',
    logarithmic: true,
    markers: false,
    horizontal: {
      title: 'part of the deliveries that are no later',
      unit: { kind: 'ratio', unit: 'part', size: 1 },
      ticks: TICKS.filter(({ value }) => value <= end * 1.01),
      logarithmic: true,
      min: 1,
      max: end,
    },
    ...(bounded > 2 && bounded < end
      ? { rule: { value: bounded, label: `${formatCount(tail.publishes)} publishes bound it to here` } }
      : {}),
  });
}
