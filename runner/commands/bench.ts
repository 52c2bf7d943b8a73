import { basename, dirname, resolve } from 'node:path';
import type { Result } from '../../reports/result.js';
import { checkCapacity } from '../capacity-check.js';
import { killChildren } from '../child.js';
import type { ConfigSections } from '../config/sections.js';
import { readConfigFile } from '../config-file.js';
import { connectionsEach } from '../connections.js';
import { scenarioOf } from '../contenders.js';
import { dryRun, dryRunText } from '../dry-run.js';
import { readEnvironment } from '../environment.js';
import { EXIT, exitCodeOfSignal, worstExitCode } from '../exit-code.js';
import { Interrupt } from '../interrupt.js';
import { loadNoiseFloor } from '../noise-floor-file.js';
import { resolveOptions, type Source } from '../options/resolve.js';
import { benchOptions } from '../options/tables.js';
import { openOutFolder } from '../out-folder.js';
import { handlerDoubts } from '../patience.js';
import type { Delivery, Plan } from '../plan.js';
import { checkPorts } from '../port-check.js';
import { canRedraw, createProgress } from '../progress.js';
import { proxyMistakes } from '../proxy/proxy-mistakes.js';
import { replicationNotes } from '../replication.js';
import { writeReports } from '../report-files.js';
import { type BenchValues, planMistakes, resolveDelivery, resolvePlan } from '../resolve-plan.js';
import { peopleAtOnce } from '../side-crowd/crowd-of.js';
import { lingeringMistakes } from '../side-crowd/port-check.js';
import { listenForSignals } from '../signals.js';
import type { TargetSpec } from '../target/contract.js';
import { allPublishThemselves, targetMistakes } from '../target/plan-targets.js';
import { resolveTargets } from '../target/resolve-targets.js';
import { columnsOf, complain, openCommand, type Terminal, wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { captureMistake, wireMistakes } from '../verify/wire-preconditions.js';
import { workloadById } from '../workloads/registry.js';
import type { Call, Command } from './command.js';

const STOPPING =
  'Stopping: draining what is in flight and writing a partial result; press Ctrl-C again to leave at once.';

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
    const capacity = checkCapacity(
      { ...plan, clients: plan.clients.map((clients) => peopleAtOnce(plan, clients)) },
      environment,
      connectionsEach(plan),
    );
    const ports = checkPorts(plan, environment);
    const floor = await loadNoiseFloor(values['noise-floor'], environment);
    const out = openOutFolder(delivery.out);
    const searchPath = terminal.env.PATH ?? '';
    const all = [
      ...mistakes,
      ...planMistakes(values, plan),
      ...targetMistakes(plan, environment),
      ...capacity.mistakes,
      ...lingeringMistakes(plan, environment),
      ...wireMistakes(plan, searchPath),
      ...ports.mistakes,
      ...proxyMistakes(plan, environment, searchPath),
    ];
    if (floor.mistake !== null) all.push(floor.mistake);
    if (out.mistake !== null) all.push(out.mistake);
    const dry = values['dry-run'] === true;
    if (dry || all.length > 0) out.undo();
    if (all.length > 0) throw new UsageError(all);
    const notes = [
      ...notesOn(values, plan),
      ...replicationNotes(values, plan),
      ...(workloadById(plan.workload).notes?.(plan) ?? []),
      ...floor.notes,
      ...capacity.warnings,
      ...ports.warnings,
      ...handlerDoubts(plan).warnings,
    ];

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
    return measure(plan, judged, environment, notes, terminal, values['no-color'] === true);
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
    const file = await readConfigFile(config, benchOptions);
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

/** What was given and is allowed, but will not do what one may expect. */
function notesOn(values: BenchValues, plan: Plan): readonly string[] {
  const notes: string[] = [];
  if (plan.workload === 'idle' && values.rate !== undefined) {
    notes.push('--rate is not used by the idle workload, which publishes one message.');
  }
  if (allPublishThemselves(plan) && (values.rate !== undefined || values.payload !== undefined)) {
    notes.push('--rate and --payload are not used: every target publishes by itself.');
  }
  const polls = plan.scenarios.some((id) => scenarioOf(plan, id)?.waitsForInterval);
  if (values['poll-interval'] !== undefined && !polls) {
    notes.push('--poll-interval is not used: polling is not among the scenarios.');
  }
  if (plan.subprotocols && !plan.scenarios.some((id) => id.startsWith('websocket'))) {
    notes.push('--subprotocols is not used: no WebSocket is among the scenarios.');
  }
  return notes;
}

async function measure(
  plan: Plan,
  delivery: Delivery,
  environment: ReturnType<typeof readEnvironment>,
  notes: readonly string[],
  terminal: Terminal,
  noColor: boolean,
): Promise<number> {
  const live = canRedraw(terminal.stderr, terminal.env);
  const observer = createProgress(
    plan,
    delivery.quiet
      ? null
      : { stream: terminal.stderr, live, color: wantsColor(terminal.stderr, terminal.env, noColor) },
  );
  const interrupt = new Interrupt();
  const say = (sentence: string): void => {
    if (delivery.quiet) terminal.stderr.write(`${sentence}\n`);
    else observer.note(sentence);
  };
  interrupt.onLeave(killChildren);
  const restore = listenForSignals(interrupt, STOPPING, say);
  try {
    // Loaded only now, with the signals in hand: whoever presses Ctrl-C meanwhile still gets a marked result.
    const { runBench } = await import('../run.js');
    for (const note of notes) observer.note(`Note: ${note}`);
    const { result, exitCode, faults } = await runBench(plan, delivery, observer, environment, interrupt);
    for (const fault of faults) complain(terminal, fault);
    const reportCode = await deliver(result, delivery, terminal);
    const signalled = interrupt.requested === null ? EXIT.done : exitCodeOfSignal(interrupt.requested);
    return worstExitCode(exitCode, reportCode, signalled);
  } finally {
    restore();
  }
}

/** Report files, then the table or the document, then the two lines that matter. */
async function deliver(result: Result, delivery: Delivery, terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  let report: string | null = null;
  try {
    report = (await writeReports(result, resolve(delivery.out))).html;
  } catch (error) {
    code = EXIT.fault;
    complain(terminal, `the report was not written: ${(error as Error).message}`);
  }
  const { stdout, stderr } = terminal;
  if (delivery.json) {
    const { serialiseResult } = await import('../../reports/result-file.js');
    stdout.write(serialiseResult(result));
  } else {
    const { renderTable } = await import('../../reports/terminal.js');
    stdout.write(
      `${renderTable(result, { width: columnsOf(stdout, terminal.env), color: delivery.color }).trimEnd()}\n`,
    );
  }
  if (report !== null && !(delivery.json && delivery.quiet)) {
    (delivery.json ? stderr : stdout).write(`\nReport: ${report}\nOpen it: ${openCommand(report)}\n`);
  }
  return code;
}
