import { parseArgs } from 'node:util';
import {
  GATE_CLIENTS,
  GATE_DURATION_SECONDS,
  GATE_RATE,
  GATE_WARMUP_SECONDS,
} from '../reports/gate/defaults.js';
import type { MeasuredTrial } from '../reports/result.js';
import { writeFileAtomically } from '../reports/result-file.js';
import { median } from '../reports/statistics.js';
import { metricsOf } from '../reports/summarise.js';
import { readEnvironment } from '../runner/environment.js';
import { NOISE_FILE, type NoiseRound, noiseText, RECORDED_METRICS } from './gate/noise-record.js';
import { benchPlan, benchTrial } from './lab.js';
import { benchEnvironment } from './trials/bench-environment.js';

// Records the noise that the simulation of `npm run gate:power` draws from: rounds of three identical trials, as a
// comparison would run them. The file is written after every round, so that an interruption loses none.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    scenario: { type: 'string', default: 'websocket,sse' },
    clients: { type: 'string', default: String(GATE_CLIENTS) },
    rate: { type: 'string', default: String(GATE_RATE) },
    duration: { type: 'string', default: String(GATE_DURATION_SECONDS) },
    warmup: { type: 'string', default: String(GATE_WARMUP_SECONDS) },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: NOISE_FILE },
  },
});
const scenarios = values.scenario.split(',');
const wanted = Number(values.rounds);
const environment = benchEnvironment(readEnvironment(true));
const rounds: Record<string, NoiseRound[]> = Object.fromEntries(scenarios.map((id) => [id, []]));
const seconds: number[] = [];
const foreign: number[] = [];
const recordedAt = new Date().toISOString();

for (let round = 1; round <= wanted; round++) {
  // Each round its own schedule, which its three trials share, as those of a comparison do.
  const seed = Number(values.seed) * 100_000 + round;
  for (const scenario of scenarios) {
    const plan = benchPlan({
      scenarios: [scenario],
      clients: [Number(values.clients)],
      ratePerSecond: Number(values.rate),
      durationSeconds: Number(values.duration),
      warmupSeconds: Number(values.warmup),
      seed,
    });
    const trials: number[][] = [];
    for (let arm = 0; arm < 3; arm++) {
      const started = performance.now();
      const trial = await benchTrial(plan, scenario, round);
      seconds.push((performance.now() - started) / 1000);
      trials.push(compact(trial));
      if (trial.measurements.health.foreignCpuPercent !== null)
        foreign.push(trial.measurements.health.foreignCpuPercent);
    }
    rounds[scenario]!.push(trials);
  }
  await writeFileAtomically(values.out, [
    noiseText({
      recordedAt,
      command: `npm run gate:noise -- --rounds ${wanted} --scenario ${values.scenario} --clients ${values.clients} --rate ${values.rate} --duration ${values.duration} --warmup ${values.warmup} --seed ${values.seed}`,
      environment,
      clients: Number(values.clients),
      ratePerSecond: Number(values.rate),
      durationSeconds: Number(values.duration),
      warmupSeconds: Number(values.warmup),
      secondsPerTrial: Number(median(seconds).toFixed(2)),
      foreignCpuPercent: foreign.length === 0 ? null : Number(median(foreign).toFixed(1)),
      metrics: RECORDED_METRICS,
      rounds,
    }),
  ]);
  const left = (wanted - round) * scenarios.length * 3 * median(seconds);
  console.log(`round ${round} of ${wanted}, about ${Math.ceil(left / 60)} min left`);
}
console.log(`Written: ${values.out}`);
process.exit(0);

/** Values of a trial in the order of the metrics, with the digits that its noise has. */
function compact(trial: MeasuredTrial): number[] {
  const all = metricsOf(trial.measurements);
  return RECORDED_METRICS.map((metric) => {
    const value = all.get(metric);
    if (value === undefined) throw new Error(`${trial.scenario}: ${metric} has no number.`);
    return Number(value.toPrecision(5));
  });
}
