import { parseArgs } from 'node:util';
import type { MeasuredTrial } from '../reports/result.js';
import { allowedCores } from '../runner/environment.js';
import { benchPlan, benchTrial, medianOf, met } from './lab.js';

// Our own WebSocket server beside the one over ws: the same broadcast, in rounds that alternate which goes first, so that
// a drift of the machine favours neither. A benchmark, not a test: a goal that is missed is printed as missed.

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '2' },
    // Ends before the first heartbeat; with a longer one pings and pongs are part of the cost.
    duration: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '5' },
  },
});

const KIB = 1024;
const RAW = 'websocket-raw';
const LIBRARY = 'websocket';
const plan = benchPlan({
  scenarios: [RAW, LIBRARY],
  clients: [Number(values.clients)],
  ratePerSecond: Number(values.rate),
  durationSeconds: Number(values.duration),
  trials: Number(values.rounds),
});

const cpu = ({ cpu }: MeasuredTrial['measurements']): number | null => cpu.serverMicrosPerDelivery;
const memory = ({ memory }: MeasuredTrial['measurements']): number =>
  (memory.server.bytesPerClient ?? Number.NaN) / KIB;

const raw: MeasuredTrial[] = [];
const library: MeasuredTrial[] = [];
console.log(
  `${plan.clients[0]} clients, ${plan.ratePerSecond} message(s) a second, 10 bytes, ${plan.durationSeconds} s; ` +
    `${plan.trials} round(s); node ${process.version}; cores ${allowedCores().join(',')}`,
);
console.log('round   raw µs/msg  ws µs/msg  ratio  raw KiB/client  ws KiB/client  lost');
for (let round = 1; round <= plan.trials; round++) {
  if (round % 2 === 1) raw.push(await benchTrial(plan, RAW, round));
  library.push(await benchTrial(plan, LIBRARY, round));
  if (round % 2 === 0) raw.push(await benchTrial(plan, RAW, round));
  const [ours, theirs] = [raw.at(-1)!.measurements, library.at(-1)!.measurements];
  console.log(
    [
      String(round).padStart(5),
      cpu(ours)!.toFixed(2).padStart(12),
      cpu(theirs)!.toFixed(2).padStart(10),
      (cpu(ours)! / cpu(theirs)!).toFixed(2).padStart(6),
      memory(ours).toFixed(2).padStart(15),
      memory(theirs).toFixed(2).padStart(14),
      String((ours.messages.lost ?? 0) + (theirs.messages.lost ?? 0)).padStart(5),
    ].join(' '),
  );
}

const cpuRatio = medianOf(raw, cpu) / medianOf(library, cpu);
const [ours, theirs] = [medianOf(raw, memory), medianOf(library, memory)];
const lost = medianOf([...raw, ...library], ({ messages }) => messages.lost);
console.log(
  `medians: CPU a delivery ${medianOf(raw, cpu).toFixed(2)} against ${medianOf(library, cpu).toFixed(2)} µs, ratio ` +
    `${cpuRatio.toFixed(3)}: at most the ws server's CPU ${met(cpuRatio, 1)}`,
);
console.log(
  `         memory a client ${ours.toFixed(2)} against ${theirs.toFixed(2)} KiB: no more memory per client ` +
    `${met(ours, theirs)}; none lost ${met(lost, 0)}`,
);
