import { defaultRules } from '../../reports/gate/default-rules.js';
import { GATE_PAIRS } from '../../reports/gate/defaults.js';
import { metricText } from '../../reports/gate/metric-path.js';
import { median } from '../../reports/statistics.js';
import { table } from '../trials/markdown-table.js';
import type { NoiseRecord } from './noise-record.js';
import { CURVE, PLANTINGS, type PlantingName, type PowerRecord, type PowerRow } from './power.js';

/** Of a hundred gates without a change so many must pass, and of a hundred with one so many fail. */
export const GOALS = { none: 95, latency: 80, cpu: 80 } as const satisfies Record<PlantingName, number>;

/** A section of docs/gate.md that is written, by what stands around it. */
interface Marks {
  readonly begin: string;
  readonly end: string;
}

const marks = (name: string): Marks => ({
  begin: `<!-- ${name}: written by npm run gate:power -->`,
  end: `<!-- end of ${name} -->`,
});
const POWER = marks('power');
const RULES = marks('default rules');

/** Gates of a hundred that went as they should: passed without a change, failed with one. */
export function rightOfHundred(row: PowerRow, runs: number): number {
  return (100 * (row.planting === 'none' ? row.pass : row.fail)) / runs;
}

export function rowOf(
  { rows }: PowerRecord,
  scenario: string,
  pairs: number,
  planting: PlantingName,
): PowerRow {
  return rows.find((row) => row.scenario === scenario && row.pairs === pairs && row.planting === planting)!;
}

/** Standard deviation of the logarithm of the ratio of two trials of a round, in percent. */
export function pairNoisePercent(noise: NoiseRecord, scenario: string, metric: string): number {
  const at = noise.metrics.indexOf(metric);
  // Each round has three pairs; any two trials of it are a pair of the same server.
  const logs = noise.rounds[scenario]!.flatMap((round) => {
    const [a, b, c] = round.map((trial) => Math.log(trial[at]!));
    return [a! - b!, b! - c!, c! - a!];
  });
  return 100 * Math.sqrt(logs.reduce((sum, log) => sum + log * log, 0) / logs.length);
}

/** Seconds that a comparison with so many pairs takes. */
export function budgetSeconds(noise: NoiseRecord, pairs: number): number {
  return pairs * 3 * noise.secondsPerTrial;
}

function curveOf(noise: NoiseRecord, power: PowerRecord, scenario: string): string {
  const cell = (pairs: number, planting: PlantingName): string =>
    rightOfHundred(rowOf(power, scenario, pairs, planting), power.runs).toFixed(0);
  return table(
    ['pairs', 'seconds', 'no change passes', '15 % latency fails', '15 % CPU fails'],
    0,
    CURVE.map((pairs) => [
      pairs === GATE_PAIRS ? `**${pairs}**` : String(pairs),
      budgetSeconds(noise, pairs).toFixed(0),
      ...(Object.keys(PLANTINGS) as PlantingName[]).map((planting) => cell(pairs, planting)),
    ]),
  );
}

function noiseOf(noise: NoiseRecord, power: PowerRecord, scenario: string): string {
  const quiet = rowOf(power, scenario, GATE_PAIRS, 'none');
  return table(
    ['metric', 'median', 'noise of a pair', 'tolerance', 'inconclusive', 'false alarms'],
    1,
    defaultRules('comparison')
      .defaults.filter(({ level, metric }) => level !== 'exact' && noise.metrics.includes(metric))
      .map(({ metric, tolerancePercent }) => {
        const at = noise.metrics.indexOf(metric);
        const values = noise.rounds[scenario]!.flatMap((round) => round.map((trial) => trial[at]!));
        const { inconclusive, fail } = quiet.metrics[metric]!;
        const part = (count: number): string => ((100 * count) / power.runs).toFixed(1);
        return [
          `\`${metric}\``,
          metricText(metric, median(values)).replace('\u00a0', ' '),
          `${pairNoisePercent(noise, scenario, metric).toFixed(1)} %`,
          `${tolerancePercent} %`,
          part(inconclusive),
          part(fail),
        ];
      }),
  );
}

function powerSection(noise: NoiseRecord, power: PowerRecord): string {
  const { environment } = noise;
  const scenarios = Object.keys(noise.rounds);
  const rounds = Math.min(...Object.values(noise.rounds).map((list) => list.length));
  const foreign =
    noise.foreignCpuPercent === null
      ? ''
      : ` Other processes used ${noise.foreignCpuPercent} % of the machine (median).`;
  return [
    `Noise: ${rounds} rounds of three identical trials each of ${scenarios.join(' and ')}, ${noise.clients} clients, ${noise.ratePerSecond} messages a second, ${noise.durationSeconds} s after ${noise.warmupSeconds} s of warm-up; ${environment.cpuModel}, ${environment.cores} cores, Node ${environment.node}, ${noise.recordedAt.slice(0, 10)}.${foreign} A trial took ${noise.secondsPerTrial} s with all its phases. Recorded by \`${noise.command}\`.`,
    `Of 100 simulated gates (${power.runs} a row; the default in bold):`,
    ...scenarios.flatMap((scenario) => [
      `### ${scenario}`,
      curveOf(noise, power, scenario),
      `With ${GATE_PAIRS} pairs and no change, of 100 gates:`,
      noiseOf(noise, power, scenario),
    ]),
  ].join('\n\n');
}

function rulesSection(): string {
  const byDefault = defaultRules('baseline').defaults;
  return table(
    ['metric', 'level', 'tolerance', 'better'],
    2,
    byDefault.map(({ metric, level, tolerancePercent, direction }) => [
      `\`${metric}\``,
      level,
      level === 'exact' ? 'none' : `${tolerancePercent} %`,
      direction === 'both' ? 'no change' : direction.split(' ')[0]!,
    ]),
  );
}

/** docs/gate.md with its written sections anew. @throws Error for a page without their marks */
export function writtenPage(page: string, noise: NoiseRecord, power: PowerRecord): string {
  return withSection(withSection(page, RULES, rulesSection()), POWER, powerSection(noise, power));
}

function withSection(page: string, { begin, end }: Marks, section: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`The page has no place for what is written between ${begin} and ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${section}\n\n${page.slice(to)}`;
}
