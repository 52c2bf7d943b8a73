import { contestantName } from '../gate/contestant-name.js';
import { metricKind } from '../metric-kind.js';
import { formatCount, formatUnit } from '../units.js';
import type { Change, Series, TrendDocument, TrendGroup } from './contract.js';

/** `2026-05-03 14:07` of an ISO instant, in UTC. */
export function shortInstant(startedAt: string): string {
  return startedAt.slice(0, 16).replace('T', ' ');
}

/** `+15 %`, `-3.2 %`; empty from zero. */
export function percentText(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return '';
  const size = Math.abs(percent);
  return `${percent < 0 ? '-' : '+'}${size.toFixed(size < 10 ? 1 : 0)} %`;
}

/** Everything about one change but whose it is. */
export function changeText(series: Series, change: Change, { runs }: TrendGroup): string {
  const kind = metricKind(series.metric);
  const { file, startedAt } = runs[change.run]!;
  const by = percentText(change.percent);
  const beside = change.beside.length === 0 ? '' : `; ${change.beside.join(', ')} there too`;
  return (
    `from ${formatUnit(change.before, kind)} to ${formatUnit(change.after, kind)}${by === '' ? '' : ` (${by})`} ` +
    `with the run of ${shortInstant(startedAt)} (${file})${beside}`
  );
}

/** A change as a sentence. */
export function changeSentence(series: Series, change: Change, group: TrendGroup): string {
  return `${contestantName(series)}: ${series.metric} went ${changeText(series, change, group)}.`;
}

const runsText = (count: number): string => `${formatCount(count)} ${count === 1 ? 'run' : 'runs'}`;

/** What a group says, in one sentence. */
export function groupSentence({ runs, series }: TrendGroup, leastValues: number): string {
  const { length } = runs;
  const changed = series.filter(({ changes }) => changes.length > 0).length;
  const span =
    length === 1
      ? `One run, of ${shortInstant(runs[0]!.startedAt)}`
      : `${runsText(length)} from ${shortInstant(runs[0]!.startedAt)} to ${shortInstant(runs.at(-1)!.startedAt)}`;
  if (length < 2 * leastValues) {
    return `${span}: a change shows from ${2 * leastValues} runs on, ${leastValues} before it and ${leastValues} after.`;
  }
  if (changed === 0) {
    return `${span}: none of the ${formatCount(series.length)} series changes its level beyond chance.`;
  }
  return `${span}: ${formatCount(changed)} of the ${formatCount(series.length)} series ${changed === 1 ? 'changes its' : 'change their'} level.`;
}

/** How changes are found, and what that means. */
export function methodSentence({ method, groups, seriesLeftOut }: TrendDocument): string {
  const series = groups.reduce((sum, group) => sum + group.series.length, 0);
  const left =
    seriesLeftOut === 0
      ? ''
      : ` ${formatCount(seriesLeftOut)} more series were left out; name fewer --metric.`;
  return (
    `A change is where a series splits more clearly than its own values do in all but 1 of ${Math.round(1 / method.level)} random ` +
    `orders. So of series without a change 1 in ${Math.round(1 / method.level)} is marked all the same; here are ` +
    `${formatCount(series)}. Nothing here blocks; it is for reading.${left}`
  );
}

/** How many files were not used. */
export function skippedSentence({ skipped }: TrendDocument): string {
  const { length } = skipped;
  return length === 0 ? '' : `${formatCount(length)} ${length === 1 ? 'file was' : 'files were'} skipped:`;
}
