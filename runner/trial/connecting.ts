import { pause } from '../deadline.js';
import { slowLinkHint } from '../link/link-doubts.js';
import { blockedReason } from '../proxy/blocked.js';
import type { ConnectReport } from '../shard-protocol.js';
import { CONNECTS_PER_SECOND } from '../trial-parts.js';
import { ANSWER_MS } from './crew.js';
import { NoClient } from './failure.js';
import type { Scene } from './scene.js';

/** Clients that the server has not seen after this are not waited for. */
const SETTLE_MS = 5000;
const SETTLE_POLL_MS = 20;
/** A server that is not ours cannot say whom it holds: the last to connect gets time to be subscribed. */
const TARGET_SETTLE_MS = 300;

/** Connects the clients. @throws NoClient when nobody got in, TimedOut, Interrupted */
export async function connect(scene: Scene): Promise<ConnectReport[]> {
  const { crew, patience, reasons, setting } = scene;
  crew.enter('connecting');
  scene.leaveIfAsked();
  const { contestant } = setting;
  const rampMs = (contestant.clients / CONNECTS_PER_SECOND) * 1000;
  const connects = await crew.answers(
    crew.shards.map(async (shard) => {
      const connected = shard.next('connected');
      shard.send({ type: 'connect' });
      return (await connected).connect;
    }),
    'the generator did not say that its clients are connected',
    rampMs + patience.connectGraceMs + ANSWER_MS,
  );
  const connected = connects.reduce((sum, report) => sum + report.connected, 0);
  const requested = scene.clients;
  const blocked = blockedReason(
    setting.plan.proxy,
    scene.scenario,
    { connected, requested },
    kindsText(connects),
  );
  if (blocked !== null) {
    reasons.push(blocked);
    return connects;
  }
  if (connected === 0) {
    const hint = slowLinkHint(setting.plan, patience.connectTimeoutMs);
    throw new NoClient(`None of ${requested} clients could connect${kindsText(connects)}.${hint}`);
  }
  if (connected < requested) {
    reasons.push({
      code: 'not-all-connected',
      message: `${connected} of ${requested} clients connected${kindsText(connects)}.`,
    });
  }
  return connects;
}

/** Waits until the server holds everyone: a long poll that is connected may not have been parked yet. */
export async function settle(scene: Scene, connects: readonly ConnectReport[]): Promise<void> {
  const { crew, scenario, patience, stopAsked } = scene;
  crew.enter('settling');
  // Who connects for each poll is held only while it lasts; its first one was answered, so the server has seen it.
  if (scenario.reconnectsEachPoll) return;
  if (scene.contender.kind === 'target') {
    await pause(TARGET_SETTLE_MS, stopAsked);
    return;
  }
  // A poll through a proxy takes a connection that happens to be free: the server holds fewer than there are clients.
  if (scene.setting.plan.proxy && scenario.waitsForInterval) return;
  const connected = connects.reduce((sum, report) => sum + report.connected, 0);
  const limitMs = SETTLE_MS + patience.extraDrainMs;
  const untilMs = performance.now() + limitMs;
  while (performance.now() < untilMs) {
    scene.leaveIfAsked();
    const held = (await crew.sampleHosts(false)).reduce((sum, sample) => sum + sample.held, 0);
    if (held >= connected) return;
    await pause(SETTLE_POLL_MS, stopAsked);
  }
  scene.reasons.push({
    code: 'not-all-held',
    message: `The server did not hold all ${connected} connected clients within ${limitMs / 1000} s.`,
  });
}

function kindsText(connects: readonly ConnectReport[]): string {
  const kinds = new Map<string, number>();
  for (const { failures } of connects) {
    for (const [kind, count] of Object.entries(failures)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  if (kinds.size === 0) return '';
  return ` (${[...kinds].map(([kind, count]) => `${kind}: ${count}`).join(', ')})`;
}
