import { plainText } from './plain-text.js';
import type { Result } from './result.js';
import { formatPercent, formatRate } from './units.js';
import type { ResultView } from './view.js';

/** How near the trials came to what their generator can take, at worst; null in a run without a calibration. */
export function calibrationSentence(result: Result, view: ResultView): string | null {
  const shares = view.groups.flatMap(({ contestants }) =>
    contestants.flatMap(({ title, trials }) =>
      trials.flatMap(({ measurements }) => {
        const share = measurements?.health.ceilingShare ?? null;
        return share === null ? [] : [{ title, share }];
      }),
    ),
  );
  const worst = shares.reduce((most, each) => (each.share > most.share ? each : most), {
    title: '',
    share: -1,
  });
  if (worst.share < 0) return null;
  const cached = Object.values(result.calibration ?? {}).every((each) => each.cached);
  return `The generator ran at most at ${formatPercent(worst.share * 100)} of what it can take (${worst.title}), by a calibration against a trivial server${cached ? ' in an earlier run' : ''}.`;
}

/** The calibrations of a run, a row a scenario; empty without one. */
export function calibrationRows(result: Result): { head: string; cells: string[] }[] {
  const titles = new Map(result.scenarioInfo.map(({ id, title }) => [id, title]));
  return Object.entries(result.calibration ?? {}).map(([id, ceiling]) => ({
    head: plainText(titles.get(id) ?? id, 60),
    cells: [
      formatRate(ceiling.deliveriesPerSecond),
      String(ceiling.generatorCores),
      formatPercent(ceiling.utilization * 100),
      plainText(ceiling.measuredAt, 40),
      ceiling.cached ? 'earlier' : 'in this run',
    ],
  }));
}
