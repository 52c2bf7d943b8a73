import { basename, dirname, resolve } from 'node:path';
import { conduct, deliver, type Stage } from '../conduct.js';
import type { ConfigSections } from '../config/sections.js';
import { readConfigFile } from '../config-file.js';
import { dryRun, dryRunText } from '../dry-run.js';
import { readEnvironment } from '../environment.js';
import { EXIT, worstExitCode } from '../exit-code.js';
import { loadNoiseFloor } from '../noise-floor-file.js';
import { fileOptions } from '../options/file-table.js';
import { resolveOptions, type Source } from '../options/resolve.js';
import { benchOptions } from '../options/tables.js';
import { openOutFolder } from '../out-folder.js';
import { checkPlan } from '../plan-checks.js';
import { type BenchValues, resolveDelivery, resolvePlan } from '../resolve-plan.js';
import type { TargetSpec } from '../target/contract.js';
import { resolveTargets } from '../target/resolve-targets.js';
import { complain, wantsColor } from '../terminal.js';
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
    const { values, mistakes, targets } = await readValues(call);
    const color = wantsColor(terminal.stdout, terminal.env, values['no-color'] === true);
    const plan = resolvePlan(values, targets);
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
async function readValues(
  call: Call,
): Promise<{ values: BenchValues; mistakes: readonly string[]; targets: readonly TargetSpec[] }> {
  const mistakes = [...call.mistakes];
  const sources: Source[] = [...call.sources];
  const config = sources
    .map((source) => source.given.get('config')?.at(-1))
    .find((path) => path !== undefined);
  let sections: ConfigSections = {};
  if (config !== undefined && config !== '') {
    const file = await readConfigFile(config, fileOptions);
    sources.push(file.source);
    mistakes.push(...file.mistakes);
    sections = file.sections;
  }
  const { values, mistakes: wrong } = resolveOptions(benchOptions, sources);
  mistakes.push(...wrong);
  const targets = await readTargets(values, sections, mistakes);
  return { values, mistakes: [...new Set(mistakes)], targets };
}

/** The targets that are to be run: those named, or all of the file's when nothing is named at all. */
async function readTargets(
  values: BenchValues,
  sections: ConfigSections,
  mistakes: string[],
): Promise<readonly TargetSpec[]> {
  const { config, target, scenario } = values;
  if (config === undefined) {
    if (target !== undefined) mistakes.push('--target needs --config: the file that describes the targets.');
    return [];
  }
  // A section with mistakes has told them.
  if (sections.targets === undefined && (target === undefined || mistakes.length > 0)) return [];
  const described = sections.targets ?? {};
  const found = await resolveTargets(described, {
    folder: dirname(resolve(config)),
    file: basename(config),
    wanted: target ?? (scenario === undefined ? Object.keys(described) : []),
    allowRemote: values['allow-remote'] === true,
  });
  mistakes.push(...found.mistakes);
  return found.targets;
}

async function measure(
  stage: Stage,
  environment: ReturnType<typeof readEnvironment>,
  notes: readonly string[],
): Promise<number> {
  const { plan, delivery, terminal } = stage;
  return conduct(stage, async (observer, interrupt) => {
    // Loaded only now, with the signals in hand.
    const { runBench } = await import('../run.js');
    const { renderTable } = await import('../../reports/terminal.js');
    for (const note of notes) observer.note(`Note: ${note}`);
    const { result, exitCode, faults } = await runBench(plan, delivery, observer, environment, interrupt);
    for (const fault of faults) complain(terminal, fault);
    const folder = resolve(delivery.out);
    return worstExitCode(
      exitCode,
      await deliver(result, folder, stage, (style) => renderTable(result, style)),
    );
  });
}
