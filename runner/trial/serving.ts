import type { Target } from '../../scenarios/contract.js';
import type { ServerSettings } from '../../servers/contract.js';
import type { Contender } from '../contender.js';
import { linkSettings } from '../link/link-plan.js';
import { entrancesOf } from '../link/link-side.js';
import { serverSettings, topicSettings } from '../server-settings.js';
import { runOfTrial } from '../target/foreign-spec.js';
import { parseTarget } from '../target.js';
import { shardPlans } from '../trial-parts.js';
import { ownCounters } from '../verify/own-counters.js';
import { WireCheck } from '../verify/wire-check.js';
import { findWirePrograms } from '../verify/wire-programs.js';
import { admissionOf } from '../workloads/overload.js';
import { ANSWER_MS } from './crew.js';
import type { Scene } from './scene.js';

/** How the servers of a trial were told to serve, and where they and what stands before them listen. */
export interface Served {
  readonly settings: ServerSettings;
  /** Of each server, in their order. */
  readonly ports: readonly number[];
  /** Ports that clients connect to. */
  readonly entrances: readonly number[];
  /** With plan.verifyWire. */
  readonly wire: WireCheck | null;
}

/** Starts the servers, what stands before them, and the generators that know where to connect. @throws Error, ChildDied and TimedOut contained */
export async function serve(scene: Scene): Promise<Served> {
  const { crew } = scene;
  const { plan, contestant, processes, instruments } = scene.setting;
  const admission = admissionOf(plan, processes.servers);
  const settings = {
    ...serverSettings({ ...plan, port: 0 }),
    ...topicSettings(plan, contestant),
    // Behind a proxy the server's counters tell how many connections were made to it.
    ...(plan.verifyWire || plan.proxy ? { countBytes: true } : {}),
    ...(plan.handlers ? { handlers: plan.handlers } : {}),
    ...(admission === undefined ? {} : { admission }),
  };
  const urls = await listen(scene, settings);
  const ports = urls.map((url) => Number(new URL(url).port));
  const wire = plan.verifyWire ? await watchWire(scene, ports) : null;
  const targets = await crew.startProxy(urls.map((url) => clientTarget(url, scene.contender)));
  const [entrances] = await crew.answers(
    [entrancesOf(crew.links, linkSettings(plan), scene.clients, processes, targets)],
    'the link did not start listening within 15 s',
  );
  const plans = shardPlans(plan, contestant, processes, entrances!);
  await crew.answers(
    crew.shards.map(async (shard, index) => {
      const ready = shard.next('ready');
      shard.send({ type: 'plan', plan: { ...plans[index]!, ...(instruments ? { instruments } : {}) } });
      await ready;
    }),
    'the generator did not get ready within 15 s',
  );
  return { settings, ports, entrances: [...new Set(entrances!.map(({ target }) => target.port))], wire };
}

function listen({ contender, crew, setting }: Scene, settings: ServerSettings): Promise<string[]> {
  const { contestant, pinning } = setting;
  const isTarget = contender.kind === 'target';
  return crew.answers(
    crew.hosts.map(async (host) => {
      const listening = host.next('listening');
      if (isTarget) {
        const run = runOfTrial(contender.run, contestant.order);
        host.send({ type: 'aim', target: contender.target, run, cores: pinning?.server ?? null });
      }
      host.send({ type: 'serve', scenario: idOf(contender), settings });
      return (await listening).url;
    }),
    'the server did not start listening within 15 s',
    // A target's host says itself when the target is late.
    isTarget ? contender.target.ready.timeoutMs + ANSWER_MS : ANSWER_MS,
  );
}

async function watchWire(scene: Scene, ports: readonly number[]): Promise<WireCheck> {
  const { programs, mistakes } = findWirePrograms(process.env.PATH ?? '');
  if (programs === null) throw new Error(mistakes.join(' '));
  const { onPacket } = scene.setting;
  const wire = await WireCheck.start({
    programs,
    ports,
    ...(onPacket === undefined ? {} : { onPacket }),
    // A client with several connections closes those it needs no more.
    ends: scene.scenario.reconnectsEachPoll === true || (scene.scenario.connections ?? 1) > 1,
    ownCounters: () => ownCounters(scene.crew.shards, scene.crew.hosts),
  });
  scene.atEnd(() => wire.stop());
  return wire;
}

/** Of the server that a host is to start. */
export function idOf(contender: Contender): string {
  return contender.kind === 'target' ? contender.target.name : contender.scenario;
}

/** Where clients go, with the Host field that a target's address asks for. */
function clientTarget(url: string, contender: Contender): Target {
  const target = parseTarget(url);
  if (contender.kind !== 'target') return target;
  return { ...target, host: `${contender.target.origin.hostname}:${target.port}` };
}
