import { messageCount } from '../protocol/schedule.js';
import type { Measurements, Trial } from '../reports/result.js';
import type { HostSample } from '../servers/contract.js';
import type { Evidence } from './evidence.js';
import { judge } from './health.js';
import { measurementsOf } from './measurements.js';
import { connect, settle } from './trial/connecting.js';
import { diedOfInterrupt, failureReason, Interrupted, interruptedReason } from './trial/failure.js';
import { warmUp } from './trial/phases.js';
import { Scene } from './trial/scene.js';
import { serve } from './trial/serving.js';
import type { TrialSetting } from './trial/setting.js';
import { measureWindow } from './trial/window.js';
import { schedules } from './trial-parts.js';
import type { WireCheck } from './verify/wire-check.js';
import { withoutTiming } from './verify/without-timing.js';

/** What happens in a trial's course and leaves nothing to believe, beside the rules of health. */
const VOIDING: ReadonlySet<string> = new Set(['interrupted', 'restarts-overlap']);

/**
 * One trial, with a fresh server and a fresh generator: serve, connect, settle, warm up, measure, drain, stop.
 *
 * Never throws for what a server, a child or a person does: such a trial is `failed`, `skipped` or `void`, with its
 * reason.
 */
export async function runTrial(setting: TrialSetting): Promise<Trial> {
  const { contestant, plan } = setting;
  const head = { ...contestant, workload: plan.workload };
  const scene = new Scene(setting);
  try {
    const { evidence, wire } = await scene.crew.unlessSomeoneDies(course(scene));
    const measurements = await verified(measurementsOf(evidence), wire);
    const verdict = judge(measurements, evidence, plan.limits);
    const reasons = [...scene.reasons, ...verdict.reasons];
    const status = verdict.void || scene.reasons.some(({ code }) => VOIDING.has(code)) ? 'void' : 'completed';
    measurements.health.limitedBy = verdict.limitedBy;
    measurements.health.limitShare = verdict.limitShare;
    measurements.health.notJudged = [...verdict.notJudged];
    return { ...head, status, reasons, measurements };
  } catch (error) {
    if (error instanceof Interrupted || diedOfInterrupt(error, setting.interrupt)) {
      return { ...head, status: 'skipped', reasons: [interruptedReason('before its window opened')] };
    }
    return { ...head, status: 'failed', reasons: [...scene.reasons, failureReason(error)] };
  } finally {
    await scene.stop();
  }
}

/** The straight line. @throws ChildDied, TimedOut, NoClient, Interrupted */
async function course(scene: Scene): Promise<{ evidence: Evidence; wire: WireCheck | null }> {
  const { crew } = scene;
  const { plan, contestant } = scene.setting;
  const { warmup, measure } = schedules(plan, contestant.trial, contestant.clients);

  const served = await serve(scene);
  const baseline = await crew.sampleMemory();
  const connects = await connect(scene);
  await settle(scene, connects);
  const connectCpuMicros = sumCpu(await crew.sampleHosts(false)) - (baseline.serverCpuMicros ?? 0);
  await warmUp(scene, warmup);
  const settled = await crew.sampleMemory();
  const window = await measureWindow(scene, served, measure, messageCount(warmup));
  // The idle workload is the memory view: its clients have now heard one message and lain still.
  const connected = plan.workload === 'idle' ? await crew.sampleMemory() : settled;
  return {
    evidence: { plan, contestant, baseline, connected, connects, connectCpuMicros, ...window },
    wire: served.wire,
  };
}

/** With plan.verifyWire: what the witnesses say of the bytes, and no times. */
async function verified(found: Measurements, wire: WireCheck | null): Promise<Measurements> {
  if (wire === null) return found;
  return withoutTiming({ ...found, wire: { ...found.wire, verification: await wire.verify(found) } });
}

function sumCpu(samples: readonly HostSample[]): number {
  return samples.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0);
}
