import { messageCount, type ScheduleSpec } from '../../protocol/schedule.js';
import { pause } from '../deadline.js';
import { workloadById } from '../workloads/registry.js';
import { byItself, publishPhase } from './publish-phase.js';
import type { Restarts } from './restarts.js';
import type { Scene } from './scene.js';

/** After a restart nobody catches up any more when nothing has arrived for this long, or for two polls. */
const QUIET_MS = 1000;

/** Publishes the warm-up, and waits until its clients are ready for the window. @throws TimedOut, Interrupted */
export async function warmUp(scene: Scene, schedule: ScheduleSpec): Promise<void> {
  if (schedule.durationSeconds === 0) return;
  scene.crew.enter('warming up');
  if (messageCount(schedule) === 0) await pause(schedule.durationSeconds * 1000, scene.stopAsked);
  else await publish(scene, 'warmup', schedule, 1);
  scene.leaveIfAsked();
  const { shards } = scene.crew;
  const finished = scene.crew.answers(
    shards.map((shard) => shard.next('finished')),
    'the generator did not finish its warm-up',
  );
  for (const shard of shards) shard.send({ type: 'finish', phase: 'warmup' });
  const missing = (await finished).reduce((sum, report) => sum + report.missing, 0);
  // What a proxy keeps from its clients is told already.
  if (missing > 0 && !scene.patience.countsAbsent) {
    scene.reasons.push({
      code: 'warmup-lost',
      message: `${missing} deliveries of the warm-up had not arrived when the window opened.`,
    });
  }
}

/** Publishes a phase's schedule as its workload and its contender ask. @throws TimedOut */
export function publish(
  scene: Scene,
  phase: 'warmup' | 'measure',
  schedule: ScheduleSpec,
  firstSequence: number,
  restarts: Restarts | null = null,
) {
  const { contender, crew, patience, setting } = scene;
  const { plan } = setting;
  return publishPhase(crew, {
    phase,
    schedule,
    firstSequence,
    payloadBytes: plan.payloadBytes,
    content: plan.content ?? 'text',
    clientsSpeak: workloadById(plan.workload).clientsSpeak === true,
    drainMs: scene.drainMs,
    stopAsked: scene.stopAsked,
    // A message that is lost for good would keep the drain waiting to its end.
    ...(patience.countsAbsent ? { quietMs: QUIET_MS } : {}),
    ...(contender.kind === 'target' && contender.target.publish.by === 'self' ? { publisher: byItself } : {}),
    ...(restarts === null
      ? {}
      : {
          publisher: restarts.publisher,
          quietMs: Math.max(QUIET_MS, 2 * plan.pollIntervalMs),
        }),
  });
}
