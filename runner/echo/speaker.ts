import { type Content, encodePayload } from '../../protocol/payload.js';
import { intendedInstants, type ScheduleSpec } from '../../protocol/schedule.js';
import { messageTopics } from '../../protocol/topics.js';
import { LagRecord } from '../../servers/lag-record.js';
import type { Metronome } from '../../servers/metronome.js';

/** What a shard's clients have to say in a phase. */
export interface Speech {
  readonly schedule: ScheduleSpec;
  /** Messages before those of the phase. */
  readonly before: number;
}

/** What was said. */
export interface Spoken {
  readonly count: number;
  /** Instant of saying - intended instant, microseconds, at most 5,000 of them. */
  readonly lagUs: readonly number[];
}

export interface SpeakerPlan {
  /** The shard's clients: numbers among all of the trial, from `firstClient`. */
  readonly firstClient: number;
  readonly clients: number;
  readonly payloadBytes: number;
  readonly content: Content;
  /** Lets a client say something; called at its instant, or as soon after as the process could. */
  readonly say: (client: number, payload: Buffer) => void;
}

/**
 * Lets clients speak on a schedule, open loop: message k at its intended instant or just after, never before, whether
 * earlier ones were answered or not. One metronome serves all clients.
 *
 * Who generates the load speaks here, so whatever it is late by is the ruler's error, also when it was busy.
 */
export class Speaker {
  private speech: Speech | null = null;
  private instants: Float64Array = new Float64Array(0);
  /** Messages of the phase that are this shard's to say, by number from 0. */
  private own: Uint32Array = new Uint32Array(0);
  private next = 0;
  private last = 0;
  private startMs = 0;
  private lags = new LagRecord();
  private finished: (spoken: Spoken) => void = () => {};

  constructor(
    private readonly metronome: Metronome,
    private readonly plan: SpeakerPlan,
  ) {}

  /** Works out a phase's instants, which takes longer for a long schedule than a start can wait. */
  prepare(speech: Speech): void {
    const topics = messageTopics(speech.schedule) ?? new Uint32Array(0);
    const { firstClient, clients } = this.plan;
    this.speech = speech;
    this.instants = intendedInstants(speech.schedule);
    this.own = topics
      .map((_, k) => k)
      .filter((k) => topics[k]! > firstClient && topics[k]! <= firstClient + clients);
    // With as many topics as clients, the topic is the client's number, from 1.
    this.clientOf = (k) => topics[k]! - 1 - firstClient;
  }

  private clientOf: (k: number) => number = () => 0;

  /** The prepared phase begins. @param startMs on this process's clock @param finished called once, when all is said */
  begin(startMs: number, finished: (spoken: Spoken) => void): void {
    this.startMs = startMs;
    this.next = 0;
    this.last = this.own.length;
    this.lags = new LagRecord();
    this.finished = finished;
    this.arm();
  }

  /** Says no message of the phase from number `after` on, nor any from now on when it is left out. Harmless later. */
  halt(after?: number): void {
    if (after === undefined) this.last = this.next;
    else while (this.last > this.next && this.own[this.last - 1]! >= after) this.last--;
    if (this.next >= this.last) this.end();
  }

  private arm(): void {
    if (this.next >= this.last) this.end();
    else this.metronome.wakeAt(this.startMs + this.instants[this.own[this.next]!]!, this.tick);
  }

  private readonly tick = (): void => {
    const nowMs = performance.now();
    const { payloadBytes, content, say } = this.plan;
    const { before } = this.speech!;
    while (this.next < this.last) {
      const k = this.own[this.next]!;
      const intendedMs = this.startMs + this.instants[k]!;
      if (intendedMs > nowMs) break;
      this.next++;
      this.lags.add((performance.now() - intendedMs) * 1000);
      say(this.clientOf(k), encodePayload(before + k + 1, payloadBytes, content));
    }
    this.arm();
  };

  private end(): void {
    const { finished } = this;
    this.finished = () => {};
    this.metronome.rest();
    finished({ count: this.next, lagUs: this.lags.values() });
  }
}
