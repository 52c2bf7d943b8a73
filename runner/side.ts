import { fileURLToPath } from 'node:url';
import type { HostCommand, HostReport, HostSample } from '../servers/contract.js';
import { Child } from './child.js';
import type { ShardCommand, ShardReport } from './shard-protocol.js';
import type { TargetHostCommand, TargetHostReport } from './target/contract.js';

/** Of a reference server, or of a target, whose host is told and says a little more. */
export type HostChild = Child<HostCommand | TargetHostCommand, HostReport | TargetHostReport>;
export type ShardChild = Child<ShardCommand, ShardReport>;

/** The entry files, beside this one in the build. */
export const HOST_ENTRY = fileURLToPath(new URL('../servers/host.js', import.meta.url));
const TARGET_ENTRY = fileURLToPath(new URL('./target/host.js', import.meta.url));
const SHARD_ENTRY = fileURLToPath(new URL('./shard.js', import.meta.url));

/** Lets a sample collect garbage first. */
const COLLECTABLE = '--expose-gc';
/**
 * A generator keeps what it makes for long (its clients) or not at all: a small young generation costs it nothing and
 * keeps its resident set from growing by what happens to lie there.
 */
const SHARD_OPTIONS = [COLLECTABLE, '--max-semi-space-size=2'];

/** Starts a server process. @param entry another host's entry, for benchmarks against a witness */
export function startHost(cores: string | null, entry: string = HOST_ENTRY): HostChild {
  return new Child({ role: 'server', entry, cores, nodeOptions: [COLLECTABLE] });
}

/** A server of the user's has this long to end by itself before its host kills it, and its host a little more. */
const TARGET_LEAVE_MS = 4000;

/** Starts the process that stands for a server of the user's and publishes into it. @param cores not the server's own */
export function startTargetHost(cores: string | null): HostChild {
  return new Child({ role: 'target', entry: TARGET_ENTRY, cores, leaveMs: TARGET_LEAVE_MS });
}

export function startShard(cores: string | null): ShardChild {
  return new Child({ role: 'generator', entry: SHARD_ENTRY, cores, nodeOptions: SHARD_OPTIONS });
}

let samples = 0;

/** A server's own view of itself now. @param collect garbage first */
export async function sampleHost(host: HostChild, collect: boolean): Promise<HostSample> {
  const id = ++samples;
  const answer = host.next('sample', (report) => report.id === id);
  host.send({ type: 'sample', collect, id });
  return (await answer).sample;
}

/** Makes a shard hold still until its next phase. @returns all its bytes so far */
export async function holdShard(shard: ShardChild) {
  const id = ++samples;
  const answer = shard.next('held', (report) => report.id === id);
  shard.send({ type: 'hold', id });
  return answer;
}

/** A shard's resident set now, after collecting garbage, bytes. */
export async function sampleShard(shard: ShardChild): Promise<number> {
  const id = ++samples;
  const answer = shard.next('sample', (report) => report.id === id);
  shard.send({ type: 'sample', id });
  return (await answer).rssBytes;
}
