import { parseArgs } from 'node:util';
import type { MeasuredTrial, Trial } from '../reports/result.js';
import { killChildren } from '../runner/child.js';
import { allowedCores, pinning } from '../runner/environment.js';
import { Interrupt } from '../runner/interrupt.js';
import { microCases } from '../runner/micro/cases.js';
import { measurePieces, microTable } from '../runner/micro/measure-pieces.js';
import { type Contestant, DEFAULT_LIMITS, type Plan } from '../runner/plan.js';
import { processPlan } from '../runner/process-plan.js';
import { runTrial } from '../runner/trial.js';

// What measuring costs the generator: the same trials with histograms, ledger, timeline and watches on, and with a
// recorder that only counts. CPU a delivery is compared, in pairs, since it is steadier than any rate. A benchmark, not
// a test: a goal that is missed is printed as missed.

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '2000' },
    rate: { type: 'string', default: '10' },
    duration: { type: 'string', default: '8' },
    pairs: { type: 'string', default: '5' },
    scenario: { type: 'string', multiple: true, default: ['websocket', 'sse', 'longpoll'] },
  },
});

/** The instruments may cost this part of the generator's CPU a delivery. */
const GOAL = 0.15;

const plan: Plan = {
  scenarios: values.scenario,
  workload: 'broadcast',
  clients: [Number(values.clients)],
  ratePerSecond: Number(values.rate),
  arrivals: 'constant',
  payloadBytes: 10,
  durationSeconds: Number(values.duration),
  warmupSeconds: 2,
  trials: Number(values.pairs),
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: true,
  limits: DEFAULT_LIMITS,
  overridden: [],
};

const interrupt = new Interrupt();
process.on('SIGINT', () => {
  killChildren();
  process.exit(130);
});

/** The generator's CPU a delivery, microseconds. */
async function cost(scenario: string, round: number, instruments: 'full' | 'count'): Promise<number> {
  const contestant: Contestant = { scenario, clients: plan.clients[0]!, trial: round, order: round };
  const trial: Trial = await runTrial({
    plan,
    contestant,
    processes: processPlan(contestant.clients, allowedCores().length),
    pinning: pinning(plan),
    interrupt,
    onReading: () => {},
    instruments,
  });
  // Without a ledger there is nothing that could add up: such a trial is void, and measured all the same.
  if (trial.status !== 'completed' && trial.status !== 'void') {
    throw new Error(`${scenario}: ${trial.reasons.map((reason) => reason.message).join(' ')}`);
  }
  const { messages, cpu } = (trial as MeasuredTrial).measurements;
  if (messages.delivered !== messages.expected) {
    throw new Error(`${scenario}: ${messages.delivered} of ${messages.expected} deliveries arrived`);
  }
  return cpu.generatorMicrosPerDelivery!;
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

const recording = microCases().filter(({ name }) => /record|ledger/.test(name));
process.stdout.write(`${microTable(await measurePieces('', 300, recording))}\n`);
console.log(
  `${values.clients} clients, ${values.rate} messages a second, ${values.duration} s, ${values.pairs} pairs; node ${process.version}`,
);
console.log('scenario   with µs/msg  without µs/msg  overhead (median of pairs; least to most)');
for (const scenario of values.scenario) {
  const full: number[] = [];
  const bare: number[] = [];
  for (let round = 1; round <= plan.trials; round++) {
    // Alternating which goes first, so that a drift of the machine favours neither.
    if (round % 2 === 1) full.push(await cost(scenario, round, 'full'));
    bare.push(await cost(scenario, round, 'count'));
    if (round % 2 === 0) full.push(await cost(scenario, round, 'full'));
  }
  const parts = full.map((each, at) => each / bare[at]! - 1);
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  console.log(
    `${scenario.padEnd(9)} ${median(full).toFixed(2).padStart(12)} ${median(bare).toFixed(2).padStart(15)}  ` +
      `${percent(median(parts))} (${percent(Math.min(...parts))} to ${percent(Math.max(...parts))}); ` +
      `goal under ${percent(GOAL)}: ${median(parts) < GOAL ? 'met' : 'MISSED'}`,
  );
}
