import type { ScheduleSpec } from '../../protocol/schedule.js';
import { clientTopic, messageTopics } from '../../protocol/topics.js';

/** Which of a shard's clients are to hear which message of a phase: all of them, or those of its topic. */
export class TopicAudience {
  private readonly topics: Uint32Array | null;
  private readonly count: number;
  /** Participants by topic; without topics, all at 0. */
  private sizes = new Uint32Array(1);

  /** @param firstClient number of the shard's first client among all of the trial */
  constructor(
    schedule: ScheduleSpec,
    private readonly firstClient: number,
  ) {
    this.topics = messageTopics(schedule);
    this.count = schedule.topics ?? 0;
  }

  /** A phase begins with these participants, of `clients`. */
  admit(participants: number, clients: number, takesPart: (client: number) => boolean): void {
    this.sizes = new Uint32Array(this.count + 1);
    if (this.topics === null) {
      this.sizes[0] = participants;
      return;
    }
    for (let client = 0; client < clients; client++)
      if (takesPart(client)) this.sizes[clientTopic(this.firstClient + client, this.count)]!++;
  }

  /** Participants that are to hear message `k` of the phase. */
  of(k: number): number {
    return this.sizes[this.topics === null ? 0 : this.topics[k]!]!;
  }

  /** Whether the client is to hear message `k` of the phase. */
  hears(client: number, k: number): boolean {
    return this.topics === null || this.topics[k] === clientTopic(this.firstClient + client, this.count);
  }

  /** Deliveries that messages `from` to `to` of the phase should make, the latter not contained. */
  expected(from: number, to: number): number {
    if (this.topics === null) return (to - from) * this.sizes[0]!;
    let sum = 0;
    for (let k = from; k < to; k++) sum += this.of(k);
    return sum;
  }

  /**
   * The sequence number of each client's last message among the first `count` of the phase; 0 for clients without one.
   *
   * @param before messages before the phase
   */
  lastSequences(before: number, count: number): (client: number) => number {
    const { topics } = this;
    if (topics === null) return () => before + count;
    const last = new Uint32Array(this.count + 1);
    for (let k = 0; k < count; k++) last[topics[k]!] = before + k + 1;
    return (client) => last[clientTopic(this.firstClient + client, this.count)]!;
  }
}
