import { toLocalMs } from '../protocol/clock.js';
import { type Content, encodePayload } from '../protocol/payload.js';
import { intendedInstants, type ScheduleSpec } from '../protocol/schedule.js';
import { messageTopics } from '../protocol/topics.js';
import type { Feed } from './feed.js';
import { LagRecord } from './lag-record.js';
import { wasServing } from './loop-activity.js';
import type { Metronome } from './metronome.js';

/** What to publish, and when. */
export interface PublishOrder {
  readonly schedule: ScheduleSpec;
  /** Start of the schedule on CLOCK_MONOTONIC, nanoseconds. */
  readonly startNs: bigint;
  readonly firstSequence: number;
  readonly payloadBytes: number;
  /** Default text. */
  readonly content?: Content;
  /** Messages of the schedule that are left out at its beginning: others have published them, or nobody ever will. */
  readonly from?: number;
  /** The schedule's instants, where they were computed before. */
  readonly instants?: Float64Array;
  /** The same of its messages' topics; null without topics. */
  readonly topics?: Uint32Array | null;
  /** Makes each message in place of `encodePayload`. */
  readonly encode?: (sequence: number) => Buffer;
  /** Nothing of the server under test is in this process: every lag is the ruler's, not only an idle publisher's. */
  readonly isRuler?: boolean;
}

/** What was published. */
export interface Published {
  /** Messages of the schedule that are out, those left out at its beginning contained. */
  readonly count: number;
  /** Publish instant - intended instant of publishes that found the publisher idle, microseconds; at most 5,000. */
  readonly idleLagUs: readonly number[];
}

/** A schedule under way. */
export interface Publication {
  /**
   * Stops once `after` messages are out (now, when left out); what was not published stays unpublished. Harmless when
   * it is over. Several servers of one schedule are given the same number, so that they stop at the same message.
   */
  halt(after?: number): void;
  /** Resolves when everything is published or after a halt; rejects when a publish failed. */
  readonly done: Promise<Published>;
}

/**
 * Follows a schedule open loop.
 *
 * Each message is published when the clock has passed its intended instant, never before. After a stall every missed
 * message goes out at once, in order. Messages that come due during a fan-out wait for the next tick, so that the loop
 * serves sockets between two bursts even when the schedule is faster than the server.
 *
 * A publish counts as idle when its intended instant lies after the end of the previous fan-out and the loop was not
 * answering requests then: only that lag is the ruler's error, any other is latency of the server.
 */
export function publish(feed: Pick<Feed, 'append'>, metronome: Metronome, order: PublishOrder): Publication {
  const instants = order.instants ?? intendedInstants(order.schedule);
  const topics = order.topics === undefined ? messageTopics(order.schedule) : order.topics;
  const startMs = toLocalMs(order.startNs);
  const lags = new LagRecord();
  let next = order.from ?? 0;
  let last = instants.length;
  let over = false;
  let fanOutEndMs = Number.NEGATIVE_INFINITY;
  // Encoded while there is time: filling 16 MiB takes milliseconds that no message should be late by.
  let prepared: Buffer | undefined;
  let settle: (published: Published) => void;
  let fail: (error: unknown) => void;
  const done = new Promise<Published>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });

  const { content = 'text' } = order;
  const encode = (index: number): Buffer =>
    order.encode?.(order.firstSequence + index) ??
    encodePayload(order.firstSequence + index, order.payloadBytes, content);

  const finish = (): void => {
    if (over) return;
    over = true;
    prepared = undefined;
    metronome.rest();
    settle({ count: next, idleLagUs: lags.values() });
  };

  const arm = (): void => {
    if (next >= last) {
      finish();
      return;
    }
    prepared = encode(next);
    metronome.wakeAt(startMs + instants[next]!, tick);
  };

  const tick = (): void => {
    if (over) return;
    const nowMs = performance.now();
    try {
      while (!over && next < last && startMs + instants[next]! <= nowMs) {
        const intendedMs = startMs + instants[next]!;
        const payload = prepared ?? encode(next);
        prepared = undefined;
        const idle = order.isRuler || (intendedMs > fanOutEndMs && !wasServing(intendedMs));
        const publishedMs = performance.now();
        next++;
        feed.append(order.firstSequence + next - 1, payload, content === 'binary', topics?.[next - 1]);
        fanOutEndMs = performance.now();
        if (idle) lags.add((publishedMs - intendedMs) * 1000);
      }
      if (!over) arm();
    } catch (error) {
      over = true;
      metronome.rest();
      fail(error);
    }
  };

  arm();
  const halt = (after = next): void => {
    last = Math.min(last, after);
    if (next >= last) finish();
  };
  return { halt, done };
}
