import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultRules } from '../reports/gate/default-rules.js';
import { GATE_PAIRS } from '../reports/gate/defaults.js';
import { writeFileAtomically } from '../reports/result-file.js';
import { NOISE_FILE, readNoise } from './gate/noise-record.js';
import { type PlantingName, POWER_FILE, powerText, simulatePower } from './gate/power.js';
import { budgetSeconds, GOALS, rightOfHundred, rowOf, writtenPage } from './gate/power-page.js';

import { tune } from './gate/tuning.js';

// How often the default gate is right on this machine: gates simulated over recorded noise, with nothing planted, and with
// 15 % on latency or CPU. Prints whether the goals are met, and writes the curve against the budget into docs/gate.md.

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    noise: { type: 'string', default: NOISE_FILE },
    /** Prints only. */
    dry: { type: 'boolean', default: false },
  },
});
const PAGE = fileURLToPath(new URL('../../docs/gate.md', import.meta.url));
/** The default gate on one scenario ends within this. */
const MOST_SECONDS = 180;

/** Numbers of pairs that tolerances are shown for. */
const TUNED = [GATE_PAIRS, Math.round(GATE_PAIRS * 1.5)];

const noise = readNoise(values.noise);
const power = simulatePower(noise, Number(values.runs));
const names: Readonly<Record<PlantingName, string>> = {
  none: 'no change passes',
  latency: '15 % more latency fails',
  cpu: '15 % more CPU fails',
};
for (const scenario of Object.keys(noise.rounds)) {
  const seconds = budgetSeconds(noise, GATE_PAIRS);
  console.log(
    `${scenario}, ${GATE_PAIRS} pairs, ${seconds.toFixed(0)} s (goal ${MOST_SECONDS} s: ${seconds <= MOST_SECONDS ? 'met' : 'MISSED'})`,
  );
  for (const [planting, goal] of Object.entries(GOALS) as [PlantingName, number][]) {
    const row = rowOf(power, scenario, GATE_PAIRS, planting);
    const right = rightOfHundred(row, power.runs);
    const part = (count: number): string => ((100 * count) / power.runs).toFixed(1);
    console.log(
      `  ${names[planting].padEnd(24)} ${right.toFixed(1).padStart(5)} of 100 (goal ${goal}: ${right >= goal ? 'met' : 'MISSED'}); ` +
        `pass ${part(row.pass)}, fail ${part(row.fail)}, inconclusive ${part(row.inconclusive)}`,
    );
  }
}
tellTuning();
if (!values.dry) {
  await writeFileAtomically(POWER_FILE, [powerText(power)]);
  await writeFileAtomically(PAGE, [writtenPage(readFileSync(PAGE, 'utf8'), noise, power)]);
  console.log('Written: docs/gate.md');
}

/** What whoever sets tolerances and numbers of pairs wants to know. */
function tellTuning(): void {
  const tolerant = defaultRules('comparison').defaults.filter(({ level }) => level !== 'exact');
  const known = tolerant.filter(({ metric }) => noise.metrics.includes(metric));
  console.log(
    'what the noise allows: the tolerance that is inconclusive once in 100, and the change caught 87 times of 100',
  );
  for (const scenario of Object.keys(noise.rounds)) {
    for (const { metric, tolerancePercent } of known) {
      const cells = TUNED.map((pairs) => {
        const tuning = tune(noise, scenario, metric, pairs, known.length);
        return `${pairs} pairs: ${tuning.tolerancePercent.toFixed(1)} %, catches ${tuning.changeCaughtAt(tolerancePercent).toFixed(1)} %`;
      });
      console.log(`  ${scenario} ${metric}, tolerance ${tolerancePercent} %\n    ${cells.join('; ')}`);
    }
  }
}
