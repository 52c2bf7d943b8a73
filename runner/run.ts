import { join } from 'node:path';
import { noiseFloorOf } from '../reports/noise-floor.js';
import { type Environment, RESULT_SCHEMA, type Reason, type Result, type Trial } from '../reports/result.js';
import { writeResult } from '../reports/result-file.js';
import { memorySlopes } from '../reports/slopes.js';
import { summarise } from '../reports/summarise.js';
import { LEAST_ROUNDS, stopReason } from './auto-trials.js';
import { calibrate } from './calibration/calibrate.js';
import { ceilingShareOf, nearCeilingReason } from './calibration/ceiling-share.js';
import { needsOf } from './capacity-check.js';
import { connectionsEach } from './connections.js';
import { contenderOf, scenarioInfo } from './contenders.js';
import { pinning as pinningFor } from './environment.js';
import { EXIT } from './exit-code.js';
import type { Interrupt } from './interrupt.js';
import { linkSettings } from './link/link-plan.js';
import type { RunObserver } from './observer.js';
import { contestantOrder } from './order.js';
import type { Contestant, Delivery, Plan } from './plan.js';
import type { ProcessPlan } from './process-plan.js';
import { autoSentence } from './replication.js';
import { exitCodeOf } from './result-exit-code.js';
import { peopleAtOnce } from './side-crowd/crowd-of.js';
import { checkTargets } from './target/check/check-targets.js';
import { redactedContenders } from './target/redact.js';
import { neededSeconds } from './time-needed.js';
import { runTrial } from './trial.js';
import { packageVersion } from './version.js';

/** The name of the result document in the output folder. */
export const RESULT_FILE = 'results.json';

/**
 * The whole run: targets are checked, every trial in its order, the result written after each, then what the run's exit
 * code is. A target of which nothing can be measured ends it before the first trial: `faults` say why.
 *
 * @param conclude adds to the result what follows from all of its trials, before it is written for the last time
 * @throws UnwritableError when the result cannot be written; trials before that are in the file of the last success
 */
export async function runBench(
  plan: Plan,
  delivery: Delivery,
  observer: RunObserver,
  environment: Environment,
  interrupt: Interrupt,
  conclude: (result: Result) => void = () => {},
): Promise<{ result: Result; exitCode: number; faults: readonly string[] }> {
  const startedMs = performance.now();
  let faults: readonly string[] = [];
  const order = contestantOrder(plan);
  const pinning = pinningFor(plan);
  const result = emptyResult(plan, delivery, environment);
  const path = join(delivery.out, RESULT_FILE);
  const write = async (): Promise<void> => {
    result.summary = summarise(result.trials);
    const floor = noiseFloorOf(result.trials) ?? delivery.noiseFloor;
    if (floor) result.noiseFloor = floor;
    result.interrupted = interrupt.requested !== null;
    await writeResult(path, result);
  };
  let saving: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    saving = saving.then(write);
    return saving;
  };
  // Marked at once: a second signal would leave before the current trial's save. A failure shows at that save, too.
  const forgetInterrupt = interrupt.onRequest(() => void save().catch(() => {}));

  observer.runStarted(order, neededSeconds(plan, delivery.calibrate));
  const sentence = autoSentence(plan);
  if (sentence !== null) observer.note(sentence);
  try {
    await save();
    const checked = await checkTargets({ plan, pinning, interrupt, note: (line) => observer.note(line) });
    if (checked.targets.length > 0) result.targets = checked.targets;
    faults = checked.faults;
    if (faults.length > 0) {
      for (const contestant of order) result.trials.push(notTried(contestant, plan, faults));
      result.finishedAt = new Date().toISOString();
      await save();
      return { result, exitCode: EXIT.fault, faults };
    }
    if (plan.scenarios.includes('polling') && !plan.verifyWire)
      await addCeiling(result, plan, pinning, observer, interrupt);
    result.calibration = await calibrate({
      plan,
      mode: delivery.calibrate,
      environment,
      pinning,
      interrupt,
      note: (sentence) => observer.note(sentence),
    });
    const firstTrialMs = performance.now();
    for (const contestant of order) {
      if (isEnough(contestant, firstTrialMs)) break;
      const trial = interrupt.requested === null ? await oneTrial(contestant) : leftOut(contestant, plan);
      result.trials.push(trial);
      observer.trialEnded(contestant, trial);
      await save();
    }
    endAuto();
    result.slopes = memorySlopes(result.trials);
    conclude(result);
    result.finishedAt = new Date().toISOString();
    await save();
  } finally {
    forgetInterrupt();
    observer.runEnded();
  }
  return { result, exitCode: exitCodeOf(result, delivery.strict), faults };

  /** Whether `--trials auto` or a budget ends the run before the round that this contestant would open. */
  function isEnough(contestant: Contestant, firstTrialMs: number): boolean {
    const { auto, budgetSeconds } = plan;
    const nowMs = performance.now();
    const elapsedSeconds = (nowMs - firstTrialMs) / 1000;
    const opensRound = contestant.order === 1 || order[contestant.order - 2]!.trial < contestant.trial;
    if (!opensRound) return false;
    const rounds = contestant.trial - 1;
    if (budgetSeconds !== undefined && rounds >= LEAST_ROUNDS) {
      // Going by how long the rounds so far took; checks and calibration were paid from the same budget.
      if ((nowMs - startedMs) / 1000 + elapsedSeconds / rounds <= budgetSeconds) return false;
      result.plan.trials = rounds;
      return true;
    }
    if (!auto || !result.plan.auto) return false;
    const contestants = plan.scenarios.length * plan.clients.length;
    const stopped =
      interrupt.requested !== null && rounds > 0
        ? 'interrupted'
        : stopReason({ ...plan, auto }, rounds, elapsedSeconds, result.summary, contestants);
    if (stopped === null) return false;
    result.plan.auto.stopped = stopped;
    result.plan.trials = rounds;
    return true;
  }

  /** Says why `--trials auto` ended where no further round was planned. */
  function endAuto(): void {
    const { auto } = plan;
    if (!auto || !result.plan.auto || result.plan.auto.stopped !== null) return;
    const contestants = plan.scenarios.length * plan.clients.length;
    result.plan.auto.stopped =
      interrupt.requested !== null
        ? 'interrupted'
        : stopReason({ ...plan, auto }, plan.trials, 0, result.summary, contestants);
  }

  async function oneTrial(contestant: Contestant): Promise<Trial> {
    observer.trialStarted(contestant);
    const processes = processesOf(contestant);
    const trial = await runTrial({
      plan,
      contestant,
      processes,
      pinning,
      interrupt,
      onReading: (reading) => observer.trialReading(contestant, reading),
    });
    addCeilingShare(trial, processes.shards);
    return trial;
  }

  function processesOf({ scenario, clients }: Contestant): ProcessPlan {
    const people = peopleAtOnce(plan, clients);
    const { processes } = needsOf(people, environment, linkSettings(plan) !== null, connectionsEach(plan));
    // There is one target, whatever number of reference servers its rivals need.
    return contenderOf(plan, scenario)?.kind === 'target'
      ? { ...processes, servers: 1, clientsPerServer: people }
      : processes;
  }

  function addCeilingShare(trial: Trial, shards: number): void {
    const ceiling = result.calibration?.[trial.scenario];
    if (ceiling === undefined || (trial.status !== 'completed' && trial.status !== 'void')) return;
    const share = ceilingShareOf(trial.measurements, ceiling, shards);
    trial.measurements.health.ceilingShare = share;
    const reason = share === null ? null : nearCeilingReason(share, plan.limits.ceilingShare);
    if (reason !== null) trial.reasons.push(reason);
  }
}

function emptyResult(whole: Plan, delivery: Delivery, environment: Environment): Result {
  const { contenders, ...plan } = whole;
  return {
    schema: RESULT_SCHEMA,
    tool: { name: 'pushbench', version: packageVersion() },
    startedAt: new Date().toISOString(),
    finishedAt: null,
    interrupted: false,
    command: [...delivery.command],
    environment,
    scenarioInfo: scenarioInfo(whole),
    plan: {
      ...plan,
      ...(contenders ? { contenders: redactedContenders(contenders) } : {}),
      scenarios: [...plan.scenarios],
      clients: [...plan.clients],
      limits: { ...plan.limits },
      overridden: [...plan.overridden],
      subprotocols: plan.subprotocols && [...plan.subprotocols],
      auto: plan.auto && { ...plan.auto, stopped: null },
    },
    requestCeiling: null,
    trials: [],
    summary: [],
  };
}

/** The ceiling stands beside the polling results; a run is not worth less for lacking it. */
async function addCeiling(
  result: Result,
  plan: Plan,
  pinning: ReturnType<typeof pinningFor>,
  observer: RunObserver,
  interrupt: Interrupt,
): Promise<void> {
  observer.note('autocannon measures how many plain requests the polling server answers (2 s).');
  try {
    // Its tool takes long to load, and most runs do without.
    const { measureRequestCeiling } = await import('./ceiling.js');
    result.requestCeiling = await measureRequestCeiling(plan, pinning, interrupt);
  } catch (error) {
    observer.note(
      `The request ceiling of the polling server could not be measured: ${(error as Error).message}.`,
    );
  }
}

function notTried(contestant: Contestant, plan: Plan, faults: readonly string[]): Trial {
  const reason: Reason = { code: 'target-fault', message: faults.join(' ') };
  return { ...contestant, workload: plan.workload, status: 'skipped', reasons: [reason] };
}

function leftOut(contestant: Contestant, plan: Plan): Trial {
  const reason: Reason = { code: 'interrupted', message: 'The run was interrupted before this trial began.' };
  return { ...contestant, workload: plan.workload, status: 'skipped', reasons: [reason] };
}
