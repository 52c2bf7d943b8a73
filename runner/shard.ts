import type { Scenario } from '../scenarios/contract.js';
import { foreignScenario } from '../scenarios/foreign/foreign-scenario.js';
import { scenarios } from '../scenarios/registry.js';
import { Generator } from './generator.js';
import type { ShardCommand, ShardReport } from './shard-protocol.js';

// The process of one generator shard. Ctrl-C reaches the whole process group, so it is the runner that decides.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

let generator: Generator | null = null;

function report(message: ShardReport): void {
  process.send?.(message);
}

function obey(command: ShardCommand): void {
  if (command.type === 'plan') {
    const { foreign } = command.plan;
    const scenario = foreign
      ? foreignScenario(foreign)
      : (scenarios as Record<string, Scenario>)[command.plan.scenario];
    if (scenario === undefined) throw new Error(`no scenario "${command.plan.scenario}"`);
    const made = new Generator(command.plan, scenario, report);
    generator = made;
    // What fails here is an uncaught exception as well, and reported as one.
    void made.prepare().then(() => report({ type: 'ready', pid: process.pid }));
  } else if (command.type === 'abort') {
    generator?.stop();
    process.disconnect();
  } else {
    generator?.obey(command);
  }
}

process.on('message', (command) => obey(command as ShardCommand));
process.on('uncaughtException', (error) => {
  report({ type: 'fault', message: error.stack ?? error.message });
  process.exitCode = 1;
  // The report is written asynchronously; the process leaves once it is gone.
  setImmediate(() => process.exit(1));
});
