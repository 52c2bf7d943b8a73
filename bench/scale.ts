import { parseArgs } from 'node:util';
import { allowedCores } from '../runner/environment.js';
import { benchPlan, benchTrial, met, WITNESS_HOST } from './lab.js';
import { witnesses } from './witness/registry.js';

// One hundred thousand clients on each transport that holds them: idle, and with a message to all every ten seconds.
// Prints figures; a goal that is missed is printed as missed.

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '100000' },
    scenario: { type: 'string', multiple: true, default: Object.keys(witnesses) },
    workload: { type: 'string', multiple: true, default: ['idle', 'broadcast'] },
    duration: { type: 'string', default: '20' },
  },
});

const KIB = 1024;
const GOAL = { connectSeconds: 60, generatorKiB: 4.5, webSocketKiB: 10, httpKiB: 14 };
const FLOOR_CLIENTS = 10_000;
const clients = Number(values.clients);

/** What bare node:http takes for a parked stream: a witness server with the same client, at a tenth of the clients. */
const floorTrial = await benchTrial(
  benchPlan({
    scenarios: ['sse'],
    clients: [FLOOR_CLIENTS],
    workload: 'idle',
    durationSeconds: 2,
    warmupSeconds: 0,
  }),
  'sse',
  1,
  WITNESS_HOST,
);
const floor = (floorTrial.measurements.memory.server.bytesPerClient ?? Number.NaN) / KIB;
console.log(`node ${process.version}; cores ${allowedCores().join(',')}`);
console.log(
  `floor: bare node:http takes ${floor.toFixed(2)} KiB RSS a parked stream (${FLOOR_CLIENTS} clients)`,
);
console.log(
  'scenario  workload   clients    heard     lost  connect s  gen KiB/client  server KiB/client  p50 ms  p99 ms',
);
for (const scenario of values.scenario) {
  for (const workload of values.workload as ('idle' | 'broadcast')[]) {
    const plan = benchPlan({
      scenarios: [scenario],
      clients: [clients],
      workload,
      arrivals: 'constant',
      ratePerSecond: 0.1,
      durationSeconds: Number(values.duration),
      warmupSeconds: 0,
    });
    const { measurements } = await benchTrial(plan, scenario, 1);
    const { messages, memory, latencyUs, connect } = measurements;
    const connectSeconds = measurements.clients.connected / (connect.perSecond ?? Number.NaN);
    const generator = (memory.generator.bytesPerClient ?? Number.NaN) / KIB;
    const server = (memory.server.bytesPerClient ?? Number.NaN) / KIB;
    const serverGoal = scenario === 'websocket' ? GOAL.webSocketKiB : GOAL.httpKiB;
    console.log(
      [
        scenario.padEnd(9),
        workload.padEnd(9),
        String(measurements.clients.connected).padStart(8),
        String(messages.delivered).padStart(8),
        String(messages.lost).padStart(8),
        connectSeconds.toFixed(1).padStart(10),
        generator.toFixed(2).padStart(15),
        server.toFixed(2).padStart(18),
        ((latencyUs.p50 ?? Number.NaN) / 1000).toFixed(0).padStart(7),
        ((latencyUs.p99 ?? Number.NaN) / 1000).toFixed(0).padStart(7),
      ].join(' '),
    );
    console.log(
      `          goals: all connected ${met(clients - measurements.clients.connected, 0)}; none lost ${met(messages.lost ?? 0, 0)}; ` +
        `connected in ${GOAL.connectSeconds} s ${met(connectSeconds, GOAL.connectSeconds)}; ` +
        `generator ${GOAL.generatorKiB} KiB ${met(generator, GOAL.generatorKiB)}; server ${serverGoal} KiB ${met(server, serverGoal)}`,
    );
  }
}
