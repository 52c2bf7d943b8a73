import { fromLocalMs } from '../../protocol/clock.js';
import type { Content } from '../../protocol/payload.js';
import { intendedInstants, messageCount, type ScheduleSpec } from '../../protocol/schedule.js';
import { pause, within } from '../deadline.js';
import type { Publication } from '../evidence.js';
import { ANSWER_MS, type Crew } from './crew.js';

/** The first instant of a phase lies this far ahead, so that every process has heard of it. */
export const LEAD_MS = 50;

/** One phase's schedule, as it is to be published. */
export interface PhaseOrder {
  readonly phase: 'warmup' | 'measure';
  readonly schedule: ScheduleSpec;
  readonly firstSequence: number;
  readonly payloadBytes: number;
  readonly content: Content;
  /** How long its last messages may take to arrive, milliseconds. */
  readonly drainMs: number;
  /** Without a delivery for this long nothing more is waited for, milliseconds; left out: until the drain's end. */
  readonly quietMs?: number;
  /** Resolves when the run is to stop. */
  readonly stopAsked: Promise<void>;
  /** The messages are said by clients. */
  readonly clientsSpeak?: boolean;
  /** Who publishes; the servers, or clients who speak, when left out. */
  readonly publisher?: Publisher;
}

/** What a publisher says when it has ended. */
export interface PublishingReport {
  /** Messages of the schedule that are out. */
  readonly published: number;
  /** Messages that were due. */
  readonly count: number;
  /** Publish instant - intended instant of publishes that found their publisher idle, microseconds. */
  readonly idleLagUs: readonly number[];
}

/** A schedule that is being published. */
export interface Publishing {
  /** Stops once `after` of the schedule's messages are out; now, when left out. */
  halt(after?: number): void;
  /** Resolves when all is published, or after a halt. */
  readonly done: Promise<PublishingReport>;
}

/** Begins to publish a phase. @param startMs its first instant on this process's clock */
export type Publisher = (order: PhaseOrder, startMs: number, startNs: string) => Publishing;

/** Every server publishes the whole schedule by itself. */
export function byServers(crew: Crew): Publisher {
  return ({ schedule, firstSequence, payloadBytes, content }, _startMs, startNs) => {
    const published = Promise.all(crew.hosts.map((host) => host.next('published')));
    for (const host of crew.hosts) {
      host.send({ type: 'publish', schedule, startNs, firstSequence, payloadBytes, content });
    }
    return {
      halt: (after) => {
        for (const host of crew.hosts) host.send({ type: 'halt', ...(after === undefined ? {} : { after }) });
      },
      done: published.then((reports) => ({
        published: reports[0]!.count,
        count: reports[0]!.count,
        idleLagUs: reports.flatMap((report) => report.idleLagUs),
      })),
    };
  };
}

/** Every shard lets its own clients say what the schedule has for them. */
export function byClients(crew: Crew): Publisher {
  return ({ phase, schedule }) => {
    const spoken = Promise.all(
      crew.shards.map((shard) => shard.next('spoken', (report) => report.phase === phase)),
    );
    let due = messageCount(schedule);
    return {
      halt: (after) => {
        due = Math.min(due, after ?? due);
        for (const shard of crew.shards)
          shard.send({ type: 'halt', ...(after === undefined ? {} : { after }) });
      },
      done: spoken.then((reports) => ({
        published: reports.reduce((sum, { count }) => sum + count, 0),
        count: due,
        idleLagUs: reports.flatMap(({ lagUs }) => lagUs),
      })),
    };
  };
}

/** The server publishes by itself, and asks nobody. */
export const byItself: Publisher = ({ schedule }) => ({
  halt: () => {},
  done: Promise.resolve({ published: 0, count: messageCount(schedule), idleLagUs: [] }),
});

/** Publishes a phase's schedule and drains it. @throws TimedOut, ChildDied */
export async function publishPhase(crew: Crew, order: PhaseOrder): Promise<Publication> {
  const { phase, schedule, drainMs, stopAsked } = order;
  const { hosts, shards } = crew;
  await crew.answers(
    // Servers that publish nothing need no schedule.
    (order.clientsSpeak ? [] : hosts).map(async (host) => {
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
  // The deaths of children are raised by the whole line; nobody may be waiting here by then.
  drained.catch(() => {});
  for (const shard of shards) shard.send({ type: 'start', phase, startNs });
  const publisher = order.publisher ?? (order.clientsSpeak ? byClients(crew) : byServers(crew));
  const publishing = publisher(order, startMs, startNs);
  publishing.done.catch(() => {});

  const windowEndMs = startMs + schedule.durationSeconds * 1000;
  const interrupted = await pause(windowEndMs - performance.now(), stopAsked);
  const deadlineMs = (interrupted ? performance.now() : windowEndMs) + drainMs;
  if (interrupted) {
    // All servers stop at the same message: the one that comes due when the last of them has heard of it.
    const nowMs = performance.now() - startMs + LEAD_MS;
    publishing.halt(intendedInstants(schedule).filter((instant) => instant <= nowMs).length);
  }
  crew.enter('draining');
  // A server that has not even published by the deadline is told to stop; what it owes is lost.
  await pause(deadlineMs - performance.now(), publishing.done);
  publishing.halt();
  const report = await within(
    publishing.done,
    ANSWER_MS,
    'the server did not stop publishing within 15 s of its deadline',
  );
  const due = interrupted ? report.count : messageCount(schedule);
  for (const shard of shards) shard.send({ type: 'published', phase, count: due });
  const over = order.quietMs === undefined ? drained : Promise.race([drained, crew.quietFor(order.quietMs)]);
  await pause(deadlineMs - performance.now(), over);
  return { interrupted, published: report.published, due, schedule, idleLagUs: report.idleLagUs };
}
