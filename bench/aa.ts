import { parseArgs } from 'node:util';
import { createRandom, type Random } from '../protocol/random.js';
import { noiseFloorOf } from '../reports/noise-floor.js';
import type { Arm, NoiseFloor, Trial } from '../reports/result.js';
import { isClearlyBelow, summariseMetric } from '../reports/statistics.js';
import { metricsOf } from '../reports/summarise.js';
import { killChildren } from '../runner/child.js';
import { allowedCores, pinning, readEnvironment } from '../runner/environment.js';
import { Interrupt } from '../runner/interrupt.js';
import { contestantOrder } from '../runner/order.js';
import { DEFAULT_LIMITS, type Plan } from '../runner/plan.js';
import { processPlan } from '../runner/process-plan.js';
import { runTrial } from '../runner/trial.js';

// How often two identical arms are told apart, which a 99 % interval may let happen once in a hundred: in simulated runs,
// where the truth is known, and in real ones on this machine. A benchmark, not a test: prints, and misses no exit code.

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
  },
});
const ROUNDS = Number(values.rounds);
/** Noise is what is to be measured: what the machine did to a trial does not void it. */
const LIFTED = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, 1e9]),
) as unknown as typeof DEFAULT_LIMITS;
/** Of a hundred simulated runs five may differ, of twenty real ones one. */
const ALLOWED = 0.05;

/** The metrics that are counted, each on its own. */
const METRICS = [
  'latencyUs.p50',
  'latencyUs.p99',
  'cpu.serverMicrosPerDelivery',
  'memory.server.bytesPerClient',
];

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** What a trial adds to a metric, as a factor, on machines of several tempers. `round` is what its round has in common. */
const MACHINES: Readonly<Record<string, (random: Random, round: number, order: number) => number>> = {
  quiet: (random) => Math.exp(0.03 * normal(random)),
  noisy: (random) => Math.exp(0.3 * normal(random)),
  'slower by the hour': (random, _round, order) => Math.exp(0.02 * order + 0.05 * normal(random)),
  'shared rounds': (random, round) => Math.exp(round + 0.05 * normal(random)),
  'with outliers': (random) => Math.exp(0.05 * normal(random)) * (random() < 0.1 ? 1 + 3 * random() : 1),
  'of two minds': (random) => Math.exp(0.03 * normal(random)) * (random() < 0.5 ? 1 : 1.4),
};

/** A trial with nothing but the numbers that are compared. */
function syntheticTrial(at: { trial: number; order: number; arm?: Arm }, factor: () => number): Trial {
  const measurements = {
    latencyUs: { p50: 5000 * factor(), p99: 20_000 * factor() },
    wire: { perDelivery: null },
    cpu: { serverMicrosPerDelivery: 6 * factor() },
    memory: { server: { bytesPerClient: 11_000 * factor() } },
  };
  const trial = { ...at, scenario: 'simulated', workload: 'broadcast', clients: 1000, reasons: [] };
  return { ...trial, status: 'completed', measurements } as unknown as Trial;
}

/** An A/A run of `rounds` rounds in the runner's own balanced random order. */
function simulatedRun(machine: string, rounds: number, seed: number): Trial[] {
  const random = createRandom(seed, `aa/${machine}`);
  const noise = MACHINES[machine]!;
  const order = contestantOrder({
    scenarios: ['simulated'],
    clients: [1000],
    trials: rounds,
    seed,
    aa: true,
  });
  const shared = Array.from({ length: rounds + 1 }, () => 0.3 * normal(random));
  return order.map((contestant) =>
    syntheticTrial(contestant, () => noise(random, shared[contestant.trial]!, contestant.order)),
  );
}

/** Whether the report would mark one arm as better, were the arms two transports. */
function wouldMark(trials: readonly Trial[], metric: string): boolean {
  const spreads = (['A', "A'"] as const).map((arm) => {
    const list = trials.flatMap((trial) =>
      trial.status === 'completed' && trial.arm === arm
        ? (metricsOf(trial.measurements).get(metric) ?? [])
        : [],
    );
    const summary = summariseMetric(list);
    return summary && { ...summary, trials: list.length };
  });
  const [a, b] = spreads;
  return Boolean(a && b && (isClearlyBelow(a, b) || isClearlyBelow(b, a)));
}

class Tally {
  readonly #counts = new Map<string, { judged: number; differ: number; marked: number }>();

  add(trials: readonly Trial[], floor: NoiseFloor | null): void {
    for (const metric of METRICS) {
      const entry = floor?.entries.find((each) => each.metric === metric);
      if (!entry || entry.low === null) continue;
      const count = this.#counts.get(metric) ?? { judged: 0, differ: 0, marked: 0 };
      this.#counts.set(metric, count);
      count.judged++;
      if (entry.differs) count.differ++;
      if (wouldMark(trials, metric)) count.marked++;
    }
  }

  print(): void {
    for (const [metric, { judged, differ, marked }] of this.#counts) {
      const goal = Math.floor(judged * ALLOWED);
      console.log(
        `  ${metric.padEnd(30)} arms differ in ${String(differ).padStart(3)} of ${judged} (goal ${goal}: ${differ <= goal ? 'met' : 'MISSED'}), ` +
          `a better one would be marked in ${marked}`,
      );
    }
    if (this.#counts.size === 0) console.log('  nothing could be judged');
  }
}

for (const machine of Object.keys(MACHINES)) {
  for (const rounds of new Set([5, ROUNDS, 20])) {
    const tally = new Tally();
    for (let run = 0; run < Number(values.simulated); run++) {
      const trials = simulatedRun(machine, rounds, Number(values.seed) * 10_000 + run);
      tally.add(trials, noiseFloorOf(trials));
    }
    if (Number(values.simulated) === 0) continue;
    console.log(`simulated, a machine that is ${machine}, ${rounds} rounds`);
    tally.print();
  }
}

await realRuns(Number(values.real));

async function realRuns(count: number): Promise<void> {
  if (count === 0) return;
  const interrupt = new Interrupt();
  process.on('SIGINT', () => {
    killChildren();
    process.exit(130);
  });
  const environment = readEnvironment(true);
  const tally = new Tally();
  let left = 0;
  for (let run = 0; run < count; run++) {
    const plan = realPlan(Number(values.seed) + run);
    const trials: Trial[] = [];
    for (const contestant of contestantOrder(plan)) {
      trials.push(
        await runTrial({
          plan,
          contestant,
          processes: processPlan(contestant.clients, allowedCores().length),
          pinning: pinning(plan),
          interrupt,
          onReading: () => {},
        }),
      );
    }
    const completed = trials.filter(({ status }) => status === 'completed').length;
    left += trials.length - completed;
    const floor = noiseFloorOf(trials);
    tally.add(trials, floor);
    const p50 = floor?.entries.find(({ metric }) => metric === 'latencyUs.p50');
    console.log(
      `real run ${run + 1} of ${count}: ${completed} of ${trials.length} trials completed, p50 ratio ` +
        (p50
          ? `${p50.ratio.toFixed(3)} (${p50.low?.toFixed(3) ?? '-'} to ${p50.high?.toFixed(3) ?? '-'})`
          : 'not known'),
    );
  }
  console.log(
    `real, ${values.scenario}, ${values.clients} clients, ${ROUNDS} rounds; ${environment.cpuModel}, node ${environment.node}; ` +
      `${left} trials were not completed`,
  );
  tally.print();
}

function realPlan(seed: number): Plan {
  return {
    scenarios: [values.scenario],
    workload: 'broadcast',
    clients: [Number(values.clients)],
    ratePerSecond: Number(values.rate),
    arrivals: 'poisson',
    payloadBytes: 10,
    durationSeconds: Number(values.duration),
    warmupSeconds: 0.5,
    trials: ROUNDS,
    aa: true,
    pollIntervalMs: 1000,
    headers: 'minimal',
    rttMs: 0,
    bandwidthBitsPerSecond: null,
    seed,
    pin: true,
    limits: LIFTED,
    overridden: Object.keys(LIFTED),
  };
}
