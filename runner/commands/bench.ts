import { resolve } from 'node:path';
import { conduct, deliver, type Stage } from '../conduct.js';
import { readConfigFile } from '../config-file.js';
import { dryRun, dryRunText } from '../dry-run.js';
import { readEnvironment } from '../environment.js';
import { EXIT, worstExitCode } from '../exit-code.js';
import { loadNoiseFloor } from '../noise-floor-file.js';
import { resolveOptions, type Source } from '../options/resolve.js';
import { benchOptions } from '../options/tables.js';
import { openOutFolder } from '../out-folder.js';
import { checkPlan } from '../plan-checks.js';
import { type BenchValues, resolveDelivery, resolvePlan } from '../resolve-plan.js';
import { wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { captureMistake } from '../verify/wire-preconditions.js';
import type { Call, Command } from './command.js';

/** The run itself, which is the default command: flags -> plan -> checks -> trials -> results, report and table. */
export const benchCommand: Command = {
  summary: 'run and compare (the default)',
  options: benchOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const { terminal } = call;
    const { values, mistakes } = await readValues(call);
    const color = wantsColor(terminal.stdout, terminal.env, values['no-color'] === true);
    const plan = resolvePlan(values);
    const delivery = resolveDelivery(values, plan, color, new Date());
    const environment = readEnvironment(plan.pin);
    const searchPath = terminal.env.PATH ?? '';
    const checks = checkPlan(values, plan, environment, searchPath);
    const floor = await loadNoiseFloor(values['noise-floor'], environment);
    const out = openOutFolder(delivery.out);
    const all = [...mistakes, ...checks.mistakes];
    if (floor.mistake !== null) all.push(floor.mistake);
    if (out.mistake !== null) all.push(out.mistake);
    const dry = values['dry-run'] === true;
    if (dry || all.length > 0) out.undo();
    if (all.length > 0) throw new UsageError(all);
    const notes = [...checks.notes, ...floor.notes];

    if (dry) {
      const view = dryRun(plan, delivery, environment, notes);
      terminal.stdout.write(delivery.json ? `${JSON.stringify(view, null, 2)}\n` : dryRunText(view));
      return EXIT.done;
    }
    const refused = await captureMistake(plan, searchPath);
    if (refused !== null) {
      out.undo();
      throw new UsageError([refused]);
    }
    const judged = floor.floor === null ? delivery : { ...delivery, noiseFloor: floor.floor };
    const stage = { plan, delivery: judged, terminal, noColor: values['no-color'] === true };
    return measure(stage, environment, notes);
  },
};

/** Options of all sources, checked, with every mistake found in any of them. */
async function readValues(call: Call): Promise<{ values: BenchValues; mistakes: readonly string[] }> {
  const mistakes = [...call.mistakes];
  const sources: Source[] = [...call.sources];
  const config = sources
    .map((source) => source.given.get('config')?.at(-1))
    .find((path) => path !== undefined);
  if (config !== undefined && config !== '') {
    const file = await readConfigFile(config, benchOptions);
    sources.push(file.source);
    mistakes.push(...file.mistakes);
  }
  const { values, mistakes: wrong } = resolveOptions(benchOptions, sources);
  return { values, mistakes: [...new Set([...mistakes, ...wrong])] };
}

async function measure(
  stage: Stage,
  environment: ReturnType<typeof readEnvironment>,
  notes: readonly string[],
): Promise<number> {
  const { plan, delivery } = stage;
  return conduct(stage, async (observer, interrupt) => {
    // Loaded only now, with the signals in hand.
    const { runBench } = await import('../run.js');
    const { renderTable } = await import('../../reports/terminal.js');
    for (const note of notes) observer.note(`Note: ${note}`);
    const { result, exitCode } = await runBench(plan, delivery, observer, environment, interrupt);
    const folder = resolve(delivery.out);
    return worstExitCode(
      exitCode,
      await deliver(result, folder, stage, (style) => renderTable(result, style)),
    );
  });
}
