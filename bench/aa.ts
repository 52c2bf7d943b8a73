import { parseArgs } from 'node:util';
import { noiseFloorOf } from '../reports/noise-floor.js';
import type { Trial } from '../reports/result.js';
import { killChildren } from '../runner/child.js';
import { allowedCores, pinning, readEnvironment } from '../runner/environment.js';
import { Interrupt } from '../runner/interrupt.js';
import { contestantOrder } from '../runner/order.js';
import type { Plan } from '../runner/plan.js';
import { processPlan } from '../runner/process-plan.js';
import { runTrial } from '../runner/trial.js';
import { type AaRecord, AaRecordError, type AaRun, readRecord, writeRecord } from './aa/record.js';
import { MACHINES, simulatedRun } from './aa/simulated.js';
import { tallyLines, verdictsOf } from './aa/tally.js';
import { benchPlan } from './lab.js';

// How often two identical arms are told apart, which a 99 % interval may let happen once in a hundred: in simulated runs,
// where the truth is known, and in real ones on this machine. A benchmark, not a test: prints, and misses no exit code.
// Real runs are kept in a file as they are done; called again, it goes on where it was.

const { values } = parseArgs({
  options: {
    simulated: { type: 'string', default: '100' },
    real: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '8' },
    scenario: { type: 'string', default: 'websocket' },
    clients: { type: 'string', default: '200' },
    rate: { type: 'string', default: '50' },
    duration: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'results/aa.json' },
  },
});
const ROUNDS = Number(values.rounds);

simulatedRuns(Number(values.simulated));
await realRuns(Number(values.real));

function simulatedRuns(count: number): void {
  if (count === 0) return;
  for (const machine of Object.keys(MACHINES)) {
    for (const rounds of new Set([5, ROUNDS, 20])) {
      const runs = Array.from({ length: count }, (_, run) => {
        const trials = simulatedRun(machine, rounds, Number(values.seed) * 10_000 + run);
        return verdictsOf(trials, noiseFloorOf(trials));
      });
      console.log(`simulated, a machine that is ${machine}, ${rounds} rounds`);
      console.log(tallyLines(runs).join('\n'));
    }
  }
}

async function realRuns(count: number): Promise<void> {
  if (count === 0) return;
  let record = openRecord();
  const found = record.runs.length;
  if (found > 0) console.log(`${found} real runs are in ${values.out}; going on from there`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Before the benchmarks' common handler, which leaves at once.
    process.prependListener(signal, () => {
      killChildren();
      console.log(`interrupted; the same command goes on with run ${record.runs.length + 1}`);
      printRuns(record);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
  const startedMs = performance.now();
  for (let run = found; run < count; run++) {
    const done = await realRun(Number(values.seed) + run, `real run ${run + 1} of ${count}`);
    record = { ...record, runs: [...record.runs, done] };
    writeRecord(values.out, record);
    const p50 = done.verdicts.find(({ metric }) => metric === 'latencyUs.p50');
    const minutesEach = (performance.now() - startedMs) / 60_000 / (run + 1 - found);
    console.log(
      `real run ${run + 1} of ${count}: ${done.completed} of ${done.trials} trials completed, p50 ratio ` +
        (p50 ? `${p50.ratio.toFixed(3)} (${p50.low.toFixed(3)} to ${p50.high.toFixed(3)})` : 'not judged') +
        `; about ${Math.ceil(minutesEach * (count - run - 1))} min left`,
    );
  }
  printRuns(record);
}

function openRecord(): AaRecord {
  const { cpuModel, node } = readEnvironment(true);
  try {
    return readRecord(values.out, {
      scenario: values.scenario,
      clients: Number(values.clients),
      ratePerSecond: Number(values.rate),
      durationSeconds: Number(values.duration),
      rounds: ROUNDS,
      cpuModel: cpuModel ?? 'unknown',
      node,
    });
  } catch (error) {
    if (!(error instanceof AaRecordError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** A/A in earnest: every trial with fresh processes, in balanced random order. */
async function realRun(seed: number, title: string): Promise<AaRun> {
  const plan = realPlan(seed);
  const order = contestantOrder(plan);
  const trials: Trial[] = [];
  for (const contestant of order) {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${title}: trial ${trials.length + 1} of ${order.length} `);
    trials.push(
      await runTrial({
        plan,
        contestant,
        processes: processPlan(contestant.clients, allowedCores().length),
        pinning: pinning(plan),
        interrupt: new Interrupt(),
        onReading: () => {},
      }),
    );
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const completed = trials.filter(({ status }) => status === 'completed').length;
  return { seed, trials: trials.length, completed, verdicts: verdictsOf(trials, noiseFloorOf(trials)) };
}

/** Noise is what is to be measured: what the machine did to a trial does not void it. */
function realPlan(seed: number): Plan {
  return {
    ...benchPlan({
      scenarios: [values.scenario],
      clients: [Number(values.clients)],
      ratePerSecond: Number(values.rate),
      durationSeconds: Number(values.duration),
      warmupSeconds: 0.5,
      trials: ROUNDS,
    }),
    aa: true,
    seed,
  };
}

function printRuns({ settings, runs }: AaRecord): void {
  const missing = runs.reduce((sum, { trials, completed }) => sum + trials - completed, 0);
  console.log(
    `${runs.length} real runs, ${settings.scenario}, ${settings.clients} clients, ${settings.rounds} rounds; ` +
      `${settings.cpuModel}, node ${settings.node}; ${missing} trials were not completed`,
  );
  console.log(tallyLines(runs.map(({ verdicts }) => verdicts)).join('\n'));
}
