import type { ClientEvents, FailureKind } from '../../../scenarios/contract.js';

/** A message heard more often than this is not counted any further. */
const MOST_HEARD = 10_000;

/** What the check's clients tell: who has heard what, how often and in which order. */
export class CheckEvents implements ClientEvents {
  readonly connectedNow = new Set<number>();
  readonly failures = new Map<FailureKind, number>();
  unmarked = 0;
  otherRun = 0;
  /** Messages of a server that publishes by itself, and those of them with a time. */
  byItself = 0;
  timed = 0;
  damaged = 0;
  /** Answers without a message. */
  empty = 0;
  reordered = 0;
  private readonly heardBy: Map<number, number>[];
  private readonly lastOf: number[];

  constructor(
    clients: number,
    private readonly bytes: number,
  ) {
    this.heardBy = Array.from({ length: clients }, () => new Map<number, number>());
    this.lastOf = Array.from({ length: clients }, () => 0);
  }

  /** How often a client has heard a message. */
  times(client: number, sequence: number): number {
    return this.heardBy[client]?.get(sequence) ?? 0;
  }

  /** Deliveries of all clients, repeated ones contained. */
  get deliveries(): number {
    return this.heardBy.reduce((sum, heard) => sum + [...heard.values()].reduce((a, b) => a + b, 0), 0);
  }

  /** Messages that a client has heard more than once. */
  get repeated(): number {
    return this.heardBy.reduce(
      (sum, heard) => sum + [...heard.values()].filter((times) => times > 1).length,
      0,
    );
  }

  woke(): void {}
  dialled(): void {}
  delivered(client: number, sequence: number, bytes: number): void {
    const heard = this.heardBy[client];
    if (heard === undefined) return;
    if (bytes !== this.bytes) this.damaged++;
    const times = heard.get(sequence) ?? 0;
    if (times === 0 && heard.size >= MOST_HEARD) return;
    heard.set(sequence, Math.min(MOST_HEARD, times + 1));
    if (times === 0 && sequence < this.lastOf[client]!) this.reordered++;
    this.lastOf[client] = Math.max(sequence, this.lastOf[client]!);
  }
  connected(client: number): void {
    this.connectedNow.add(client);
  }
  disconnected(client: number): void {
    this.connectedNow.delete(client);
  }
  failed(_client: number, kind: FailureKind): void {
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
  }
  answered(messages: number): void {
    if (messages === 0) this.empty++;
  }
  posted(): void {}
  postponed(): void {}

  readonly foreign = {
    unmarked: (): void => {
      this.unmarked++;
    },
    otherRun: (): void => {
      this.otherRun++;
    },
    heard: (_client: number, carriedMs: number | null): void => {
      this.byItself++;
      if (carriedMs !== null) this.timed++;
    },
  };
}
