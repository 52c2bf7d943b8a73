import { plainText } from './plain-text.js';
import type { MemorySlope, Result } from './result.js';
import { chooseUnit, formatCount } from './units.js';
import type { ResultView } from './view.js';

/** What each slope is of, for people. */
export const SLOPE_NAMES: Readonly<Record<MemorySlope['metric'], string>> = {
  heap: 'JavaScript',
  process: 'process',
  kernel: 'kernel',
};

/** A contestant's slopes; a metric that could not be read is absent. */
export interface SlopeRow {
  readonly title: string;
  readonly colourIndex: number;
  readonly slopes: readonly MemorySlope[];
}

/** The slopes by transport, in registry order. */
export function slopeRows({ slopes = [] }: Pick<Result, 'slopes'>, view: ResultView): SlopeRow[] {
  return view.transports.flatMap(({ id, title, colourIndex }) => {
    const own = slopes.filter(({ scenario }) => plainText(scenario, 60) === id);
    return own.length > 0 ? [{ title, colourIndex, slopes: own }] : [];
  });
}

/** A slope with its unit, and the ends of its interval in the same unit; null below five points. */
export function slopeParts({ bytesPerClient, low, high }: MemorySlope): {
  readonly value: string;
  readonly interval: string | null;
} {
  const unit = chooseUnit([bytesPerClient, low, high], 'bytes');
  return {
    value: unit.formatWithUnit(bytesPerClient),
    interval: low === null || high === null ? null : `${unit.format(low)} to ${unit.format(high)}`,
  };
}

/** `11.2 KiB (10.9 to 11.6)`: one unit for all three. */
export function slopeText(slope: MemorySlope): string {
  const { value, interval } = slopeParts(slope);
  return interval === null ? value : `${value} (${interval})`;
}

/** The memory slopes in lines for people; none without a sweep, and a sentence where one was asked for in vain. */
export function slopeLines(result: Pick<Result, 'slopes' | 'plan'>, view: ResultView): string[] {
  const rows = slopeRows(result, view);
  if (rows.length === 0) {
    return result.plan.slopes
      ? ['No memory slope could be drawn: fewer than three client counts have a completed trial.']
      : [];
  }
  const points = Math.min(...rows.flatMap(({ slopes }) => slopes.map((slope) => slope.points)));
  const interval =
    points < 5 ? '; fewer than five trials give no interval' : '; in brackets the 99 % interval';
  return [
    `Server memory a client, as a slope over the sweep (Theil-Sen, from ${formatCount(points)} trials${interval}):`,
    ...rows.map(
      ({ title, slopes }) =>
        `${title}: ${slopes.map((slope) => `${SLOPE_NAMES[slope.metric]} ${slopeText(slope)}`).join(', ')}.`,
    ),
  ];
}
