import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { MeasuredTrial } from '../reports/result.js';
import { allowedCores } from '../runner/environment.js';
import { ALL_SCENARIOS } from '../scenarios/registry.js';
import { benchPlan, benchTrial, medianOf, met, WITNESS_HOST } from './lab.js';
import { witnesses } from './witness/registry.js';

// The performance goals of the project, measured. Prints figures and ratios; it is a benchmark, not a test: a goal that
// is missed is printed as missed, and the exit code says only whether everything could be measured.

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '10000' },
    // Ends before the first heartbeat, which the witnesses do not send.
    duration: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '1' },
    scenario: { type: 'string', multiple: true, default: Object.keys(witnesses) },
  },
});

const KIB = 1024;
const GOAL = {
  generatorKiB: 5,
  serverKiB: 16,
  connectSeconds: 6,
  /** Generator's CPU a delivery over the witness server's. */
  ratio: { websocket: 0.65 } as Readonly<Record<string, number>>,
  otherRatio: 1,
  overheadSeconds: 2.5,
  quickSeconds: 30,
};
const plan = benchPlan({
  scenarios: values.scenario,
  clients: [Number(values.clients)],
  durationSeconds: Number(values.duration),
  trials: Number(values.rounds),
});

console.log(
  `${plan.clients[0]} clients, 1 message a second, 10 bytes, ${plan.durationSeconds} s; ${plan.trials} round(s); node ${process.version}; cores ${allowedCores().join(',')}`,
);
console.log(
  'scenario   lost  connect s  gen KiB/client  server KiB/client  gen µs/msg  server µs/msg  witness µs/msg  ratio',
);
for (const scenario of values.scenario) {
  const ours: MeasuredTrial[] = [];
  const theirs: MeasuredTrial[] = [];
  for (let round = 1; round <= plan.trials; round++) {
    // Alternating which goes first, so that a drift of the machine favours neither.
    if (round % 2 === 1) ours.push(await benchTrial(plan, scenario, round));
    theirs.push(await benchTrial(plan, scenario, round, WITNESS_HOST));
    if (round % 2 === 0) ours.push(await benchTrial(plan, scenario, round));
  }
  const lost = medianOf(ours, ({ messages }) => messages.lost);
  const connect = medianOf(
    ours,
    ({ connect, clients }) => clients.connected / (connect.perSecond ?? Number.NaN),
  );
  const generator = medianOf(ours, ({ memory }) => memory.generator.bytesPerClient) / KIB;
  const server = medianOf(ours, ({ memory }) => memory.server.bytesPerClient) / KIB;
  const generatorCpu = medianOf(ours, ({ cpu }) => cpu.generatorMicrosPerDelivery);
  const serverCpu = medianOf(ours, ({ cpu }) => cpu.serverMicrosPerDelivery);
  const witnessCpu = medianOf(theirs, ({ cpu }) => cpu.serverMicrosPerDelivery);
  const ratio = generatorCpu / witnessCpu;
  const ratioGoal = GOAL.ratio[scenario] ?? GOAL.otherRatio;
  const cells = [
    scenario.padEnd(9),
    String(lost).padStart(5),
    connect.toFixed(2).padStart(10),
    generator.toFixed(2).padStart(15),
    server.toFixed(2).padStart(18),
    generatorCpu.toFixed(2).padStart(11),
    serverCpu.toFixed(2).padStart(14),
    witnessCpu.toFixed(2).padStart(15),
    ratio.toFixed(2).padStart(6),
  ];
  console.log(cells.join(' '));
  console.log(
    `          goals: none lost ${met(lost, 0)}; connected in ${GOAL.connectSeconds} s ${met(connect, GOAL.connectSeconds)}; ` +
      `generator ${GOAL.generatorKiB} KiB ${met(generator, GOAL.generatorKiB)}; server ${GOAL.serverKiB} KiB ${met(server, GOAL.serverKiB)}; ` +
      `generator / witness ${ratioGoal} ${met(ratio, ratioGoal)}`,
  );
}

await overheads();
await framing();
await quickRun();

/** What of a trial is neither warm-up, window nor drain, for the small run of all five. */
async function overheads(): Promise<void> {
  const small = benchPlan({
    scenarios: [...ALL_SCENARIOS],
    clients: [100],
    ratePerSecond: 10,
    durationSeconds: 2,
    warmupSeconds: 0,
    pollIntervalMs: 500,
  });
  for (const scenario of ALL_SCENARIOS) {
    const started = performance.now();
    const { measurements } = await benchTrial(small, scenario, 1);
    const overhead = (performance.now() - started) / 1000 - measurements.measuredSeconds;
    console.log(
      `${scenario.padEnd(9)} ${overhead.toFixed(2)} s of a small trial are not window or drain; goal ${GOAL.overheadSeconds} s ${met(overhead, GOAL.overheadSeconds)}`,
    );
  }
}

/** Framing bytes down per delivery at the edges of the frame and chunk lengths, beside the formulas. */
async function framing(): Promise<void> {
  const hex = (length: number): number => length.toString(16).length + 4;
  const formulas: Record<string, (payload: number) => number> = {
    websocket: (payload) => (payload <= 125 ? 2 : payload <= 65_535 ? 4 : 10),
    // data: n LF LF, an id of ten digits with its field and LF, in one chunk.
    sse: (payload) => 8 + 15 + hex(payload + 8 + 15),
  };
  for (const [scenario, formula] of Object.entries(formulas)) {
    for (const payloadBytes of [10, 125, 126, 65_535, 65_536]) {
      const plan = benchPlan({
        scenarios: [scenario],
        clients: [10],
        payloadBytes,
        ratePerSecond: 20,
        durationSeconds: 0.5,
        warmupSeconds: 0,
      });
      const { wire } = (await benchTrial(plan, scenario, 1)).measurements;
      const found = wire.perDelivery?.down.framing ?? Number.NaN;
      const balanced = wire.totals.up === wire.sockets.up && wire.totals.down === wire.sockets.down;
      console.log(
        `${scenario.padEnd(9)} payload ${String(payloadBytes).padStart(6)}: framing ${found} B a delivery, formula ${formula(payloadBytes)} ` +
          `${met(Math.abs(found - formula(payloadBytes)), 0)}; ledger equals sockets ${balanced ? 'met' : 'MISSED'}`,
      );
    }
  }
}

/** A small run of everything, start to finish, and what of each trial is neither warm-up, window nor drain. */
async function quickRun(): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'pushbench-self-'));
  const main = fileURLToPath(new URL('../runner/main.js', import.meta.url));
  const args =
    '--scenario all --clients 100 --duration 2 --warmup 0 --trials 1 --poll-interval 500 --quiet --seed 1'.split(
      ' ',
    );
  const started = performance.now();
  const code = await new Promise((resolve) => {
    spawn(process.execPath, [main, ...args, '--out', out], { stdio: ['ignore', 'ignore', 'inherit'] }).on(
      'exit',
      resolve,
    );
  });
  const seconds = (performance.now() - started) / 1000;
  rmSync(out, { recursive: true });
  console.log(
    `quick run of all five: ${seconds.toFixed(1)} s, exit code ${code}; goal ${GOAL.quickSeconds} s ${met(seconds, GOAL.quickSeconds)}`,
  );
}
