import { benchCommand } from './bench.js';
import type { Command } from './command.js';
import { compareCommand } from './compare.js';
import { demoCommand } from './demo.js';
import { gateCommand } from './gate.js';
import { listCommand } from './list.js';
import { microCommand } from './micro.js';
import { reportCommand } from './report.js';
import { serveCommand } from './serve.js';
import { trendCommand } from './trend.js';

/** Every command by its name. The word `bench` may be left out. */
export const commands = {
  bench: benchCommand,
  compare: compareCommand,
  list: listCommand,
  report: reportCommand,
  trend: trendCommand,
  gate: gateCommand,
  serve: serveCommand,
  demo: demoCommand,
  micro: microCommand,
} as const satisfies Record<string, Command>;
