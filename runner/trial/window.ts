import type { ScheduleSpec } from '../../protocol/schedule.js';
import type { HostSample } from '../../servers/contract.js';
import { generatorCores, readPortRange } from '../environment.js';
import { finishLinks } from '../link/link-side.js';
import { PortWatch } from '../measure/port-watch.js';
import { secondResolution } from '../measure/recorder.js';
import { type ProcessMeter, SystemSampler } from '../measure/system-sampler.js';
import { clientPorts } from '../process-plan.js';
import type { ShardResult } from '../shard-protocol.js';
import { readTcpMemory } from '../side-crowd/kernel-buffers.js';
import { ProcessTree } from '../target/process-tree.js';
import { ANSWER_MS } from './crew.js';
import { interruptedReason } from './failure.js';
import { publish } from './phases.js';
import { LEAD_MS } from './publish-phase.js';
import { Restarts } from './restarts.js';
import type { Scene } from './scene.js';
import { idOf, type Served } from './serving.js';

/**
 * Publishes the window with everything that watches it.
 * @param warmupCount messages before it
 * @throws TimedOut, Interrupted
 */
export async function measureWindow(
  scene: Scene,
  served: Served,
  schedule: ScheduleSpec,
  warmupCount: number,
) {
  scene.leaveIfAsked();
  const { crew, contender, scenario } = scene;
  const { entrances, wire } = served;
  crew.enter('measuring');
  await wire?.open();
  const serverBefore = await crew.sampleHosts(false);
  const proxyBefore = crew.proxy?.costs() ?? null;
  const every = secondResolution(Math.ceil(schedule.durationSeconds + scene.drainMs / 1000) + 1);
  const openedMs = performance.now();
  const sampler = new SystemSampler(
    serverMeter(scene, serverBefore),
    crew.shards.map((shard) => shard.pid),
    openedMs + LEAD_MS,
    every * 1000,
    [
      ...crew.links.map((link) => link.pid),
      ...(crew.proxy?.pids() ?? []),
      // The host of a target publishes, and is no part of what is tested.
      ...(contender.kind === 'target' ? crew.hosts.map((host) => host.pid) : []),
    ],
  );
  scene.atEnd(() => sampler.stop());
  for (const link of crew.links) link.send({ type: 'open' });
  const portWatch = scenario.reconnectsEachPoll ? new PortWatch(entrances) : null;
  scene.atEnd(() => portWatch?.stop());
  const restarts = restartsOf(scene, served, serverBefore, sampler);
  const tcpBefore = readTcpMemory();
  const publication = await publish(scene, 'measure', schedule, warmupCount + 1, restarts);
  const tcpAfter = readTcpMemory();
  await wire?.close();
  const results = crew.answers(
    crew.shards.map(async (shard): Promise<ShardResult> => (await shard.next('result')).result),
    'the generator did not report its result',
    2 * ANSWER_MS,
  );
  for (const shard of crew.shards) shard.send({ type: 'finish', phase: 'measure' });
  const links = await crew.answers([finishLinks(crew.links)], 'the link did not report within 15 s');
  const serverAfter = await crew.sampleHosts(false);
  const proxyAfter = crew.proxy?.costs() ?? null;
  const closedMs = performance.now();
  const { rows, shares, samples } = sampler.stop();
  if (restarts?.overlapped) {
    scene.reasons.push({
      code: 'restarts-overlap',
      message: 'The server was killed again before all clients were back from the first time.',
    });
  }
  if (publication.interrupted)
    scene.reasons.push(interruptedReason('inside the window, which is shorter than planned'));
  return {
    publication,
    results: await results,
    tcpMemory: { before: tcpBefore, after: tcpAfter },
    links: links.flat(),
    ...(crew.proxy === null
      ? {}
      : {
          proxy: {
            ...crew.proxy.facts,
            before: proxyBefore,
            after: proxyAfter,
            wallMs: closedMs - openedMs,
          },
        }),
    ...(portWatch === null
      ? {}
      : {
          ports: {
            reading: portWatch.stop(),
            ephemeralPorts: clientPorts(readPortRange()),
            serverPorts: entrances.length,
          },
        }),
    serverBefore: restarts?.before ?? serverBefore,
    serverAfter,
    retiredServerMicros: restarts?.retiredMicros ?? 0,
    restarts: restarts?.done ?? [],
    serverWallMs: closedMs - openedMs,
    generatorCores: generatorCores(scene.setting.pinning),
    system: {
      rows,
      shares,
      samples,
      secondsPerRow: every,
      peakServerRss: sampler.peakServerRss,
      peakGeneratorRss: sampler.peakGeneratorRss,
    },
  };
}

/** Whom to watch from outside as the servers. */
function serverMeter(
  { contender, crew }: Scene,
  samples: readonly HostSample[],
): readonly number[] | ProcessMeter {
  if (contender.kind !== 'target') return crew.hosts.map((host) => host.pid);
  const pid = samples[0]?.target?.pid ?? null;
  return pid === null ? { read: () => null } : new ProcessTree(pid);
}

function restartsOf(
  { contender, crew, setting }: Scene,
  { settings, ports }: Served,
  before: readonly HostSample[],
  sampler: SystemSampler,
): Restarts | null {
  const { plan } = setting;
  const downMs = plan.workloadOptions?.down;
  if (plan.workload !== 'restart' || downMs === undefined) return null;
  return new Restarts({
    crew,
    scenario: idOf(contender),
    settings,
    ports,
    downMs,
    sampler,
    before,
  });
}
