import { fromLocalMs } from '../../protocol/clock.js';
import { intendedInstants, messageCount, type ScheduleSpec } from '../../protocol/schedule.js';
import { pause, within } from '../deadline.js';
import type { Publication } from '../measurements.js';
import { ANSWER_MS, type Crew } from './crew.js';

/** The first instant of a phase lies this far ahead, so that every process has heard of it. */
export const LEAD_MS = 50;

/** One phase's schedule, as it is to be published. */
export interface PhaseOrder {
  readonly phase: 'warmup' | 'measure';
  readonly schedule: ScheduleSpec;
  readonly firstSequence: number;
  readonly payloadBytes: number;
  /** How long its last messages may take to arrive, milliseconds. */
  readonly drainMs: number;
  /** Resolves when the run is to stop. */
  readonly stopAsked: Promise<void>;
}

/** Publishes a phase's schedule and drains it. @throws TimedOut, ChildDied */
export async function publishPhase(crew: Crew, order: PhaseOrder): Promise<Publication> {
  const { phase, schedule, firstSequence, payloadBytes, drainMs, stopAsked } = order;
  const { hosts, shards } = crew;
  await crew.answers(
    hosts.map(async (host) => {
      const prepared = host.next('prepared');
      host.send({ type: 'prepare', schedule });
      await prepared;
    }),
    'the server did not prepare its schedule within 15 s',
  );
  const startMs = performance.now() + LEAD_MS;
  const startNs = String(fromLocalMs(startMs));
  const drained = Promise.all(
    shards.map((shard) => shard.next('drained', (report) => report.phase === phase)),
  );
  const published = Promise.all(hosts.map((host) => host.next('published')));
  // The deaths of children are raised by the whole line; nobody may be waiting here by then.
  drained.catch(() => {});
  published.catch(() => {});
  for (const shard of shards) shard.send({ type: 'start', phase, startNs });
  for (const host of hosts) {
    host.send({ type: 'publish', schedule, startNs, firstSequence, payloadBytes });
  }

  const windowEndMs = startMs + schedule.durationSeconds * 1000;
  const interrupted = await pause(windowEndMs - performance.now(), stopAsked);
  const deadlineMs = (interrupted ? performance.now() : windowEndMs) + drainMs;
  if (interrupted) {
    // All servers stop at the same message: the one that comes due when the last of them has heard of it.
    const nowMs = performance.now() - startMs + LEAD_MS;
    const after = intendedInstants(schedule).filter((instant) => instant <= nowMs).length;
    for (const host of hosts) host.send({ type: 'halt', after });
  }
  crew.enter('draining');
  // A server that has not even published by the deadline is told to stop; what it owes is lost.
  await pause(deadlineMs - performance.now(), published);
  for (const host of hosts) host.send({ type: 'halt' });
  const reports = await within(
    published,
    ANSWER_MS,
    'the server did not stop publishing within 15 s of its deadline',
  );
  const count = reports[0]!.count;
  const due = interrupted ? count : messageCount(schedule);
  for (const shard of shards) shard.send({ type: 'published', phase, count: due });
  await pause(deadlineMs - performance.now(), drained);
  return {
    interrupted,
    published: count,
    due,
    schedule,
    idleLagUs: reports.flatMap((report) => report.idleLagUs),
  };
}
