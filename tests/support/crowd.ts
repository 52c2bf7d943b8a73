import type { Content } from '../../protocol/payload.js';
import { createRandom } from '../../protocol/random.js';
import { parseTarget } from '../../runner/target.js';
import type {
  ClientContext,
  ClientEvents,
  FailureKind,
  ForeignEvents,
  HeaderStyle,
  Scenario,
  VirtualClient,
} from '../../scenarios/contract.js';
import { Ledger, type LedgerTotals, sumLayers } from '../../scenarios/ledger.js';
import { TimerWheel } from '../../scenarios/timer-wheel.js';
import { cookieLine } from '../../scenarios/wire/cookie.js';
import { Changes } from './changes.js';

export interface CrowdOptions {
  /** Default 4. */
  readonly clients?: number;
  /** Default 25. */
  readonly pollIntervalMs?: number;
  /** Default 20: tests should not wait long for a back-off. */
  readonly reconnectMs?: number;
  /** Default 64 KiB, as in a run. */
  readonly readBufferBytes?: number;
  readonly headers?: HeaderStyle;
  readonly subprotocols?: readonly string[];
  /** Default text. */
  readonly content?: Content;
  /** Default 0, no cookie. */
  readonly cookieBytes?: number;
  /** Topics, of which each client has one; none when left out. */
  readonly topics?: number;
  /** The number of its first client, which topics follow from; default 0. */
  readonly firstClient?: number;
  /** Length of the messages that clients of foreign servers look for. */
  readonly payloadBytes?: number;
}

export interface Exchange {
  readonly messages: number;
  readonly up: number;
  readonly down: number;
}

export interface Failure {
  readonly client: number;
  readonly kind: FailureKind;
  readonly atMs: number;
}

export interface Scheduled {
  readonly client: number;
  readonly atMs: number;
}

/** A wheel that writes down what it is asked for, and whose clock a test can put forward. */
class WatchedWheel extends TimerWheel {
  constructor(
    capacity: number,
    fire: (client: number) => void,
    now: () => number,
    private readonly scheduled: (entry: Scheduled) => void,
  ) {
    super(capacity, fire, now);
  }

  override schedule(client: number, atMs: number): void {
    this.scheduled({ client, atMs });
    super.schedule(client, atMs);
  }
}

/**
 * Real virtual clients of one scenario with a real ledger and wheel, and events that are written down.
 *
 * After every turn of the loop in which a client read something, the ledger is compared with the sockets' own counters:
 * `audits` and `imbalances` tell how often, and where they differed.
 */
export class Crowd implements ClientEvents {
  readonly ledger = new Ledger();
  readonly wheel: TimerWheel;
  readonly clients: readonly VirtualClient[];
  /** What each client received, in its order: sequence numbers and lengths. */
  readonly sequences: number[][];
  readonly lengths: number[][];
  readonly exchanges: Exchange[] = [];
  readonly failures: Failure[] = [];
  readonly scheduled: Scheduled[] = [];
  readonly imbalances: string[] = [];
  /** Bytes down at each audit. */
  readonly audits: number[] = [];
  /** Connections so far, and those that stand, by client. */
  readonly connects: number[];
  readonly standing: boolean[];
  disconnects = 0;
  /** What clients of foreign servers told, over all of them. */
  unmarked = 0;
  otherRuns = 0;
  readonly carried: (number | null)[] = [];
  readonly foreign: ForeignEvents = {
    unmarked: () => {
      this.unmarked++;
      this.#changes.changed();
    },
    otherRun: () => {
      this.otherRuns++;
      this.#changes.changed();
    },
    heard: (_client, carriedMs) => {
      this.carried.push(carriedMs);
      this.#changes.changed();
    },
  };
  /** What clients said in requests of their own and was taken. */
  posts = 0;
  /** Connections that were begun. */
  dials = 0;
  /** How far the wheel's clock is ahead, milliseconds. */
  aheadMs = 0;
  readonly #changes = new Changes();
  #auditing = false;

  constructor(scenario: Scenario, url: string, options: CrowdOptions = {}) {
    const count = options.clients ?? 4;
    this.sequences = Array.from({ length: count }, () => []);
    this.lengths = this.sequences.map(() => []);
    this.connects = this.sequences.map(() => 0);
    this.standing = this.sequences.map(() => false);
    this.wheel = new WatchedWheel(
      count,
      (client) => this.clients[client]!.timer(),
      () => performance.now() + this.aheadMs,
      (entry) => this.scheduled.push(entry),
    );
    const context: ClientContext = {
      target: { ...parseTarget(url), cookie: cookieLine(options.cookieBytes ?? 0) },
      content: options.content ?? 'text',
      events: this,
      ledger: this.ledger,
      wheel: this.wheel,
      random: createRandom(20_26, 'crowd'),
      readBuffer: Buffer.allocUnsafeSlow(options.readBufferBytes ?? 64 * 1024),
      pollIntervalMs: options.pollIntervalMs ?? 25,
      headers: options.headers ?? 'minimal',
      ...(options.subprotocols ? { subprotocols: options.subprotocols } : {}),
      reconnectMs: options.reconnectMs ?? 20,
      ...(options.payloadBytes === undefined ? {} : { payloadBytes: options.payloadBytes }),
      firstClient: options.firstClient ?? 0,
      ...(options.topics === undefined
        ? {}
        : { topics: { count: options.topics, firstClient: options.firstClient ?? 0 } }),
    };
    this.clients = this.sequences.map((_, index) => scenario.createClient(context, index));
  }

  /** Opens every client and waits until all are connected. */
  async open(): Promise<void> {
    for (const client of this.clients) client.open();
    await this.stands();
  }

  /** Waits until every client is connected. */
  stands(limitMs?: number): Promise<void> {
    return this.until(
      () => this.standing.every(Boolean),
      () => `all clients to be connected; ${this.standing.filter(Boolean).length} are`,
      limitMs,
    );
  }

  /** Waits until every client has received at least this many messages. */
  received(count: number, limitMs?: number): Promise<void> {
    return this.until(
      () => this.sequences.every((own) => own.length >= count),
      () => `${count} messages each; there are ${this.sequences.map((own) => own.length)}`,
      limitMs,
    );
  }

  until(condition: () => boolean, what: string | (() => string), limitMs?: number): Promise<void> {
    return this.#changes.until(condition, what, limitMs);
  }

  close(): void {
    for (const client of this.clients) client.close();
    this.wheel.stop();
  }

  /** The lengths there were, each once. */
  get sizes(): Set<number> {
    return new Set(this.lengths.flat());
  }

  /** The kinds of failure there were, sorted, each once. */
  get kinds(): FailureKind[] {
    return [...new Set(this.failures.map(({ kind }) => kind))].sort();
  }

  /** Bytes by the sockets' own counters. */
  get sockets(): { up: number; down: number } {
    let up = 0;
    let down = 0;
    for (const client of this.clients) {
      up += client.bytesWritten;
      down += client.bytesRead;
    }
    return { up, down };
  }

  /** Compares the ledger with the sockets, now. */
  audit(): LedgerTotals {
    const totals = this.ledger.snapshot();
    const { up, down } = this.sockets;
    const put = { up: sumLayers(totals.up), down: sumLayers(totals.down) };
    if (put.up !== up || put.down !== down)
      this.imbalances.push(`ledger ${put.up} up, ${put.down} down; sockets ${up} up, ${down} down`);
    const negative = [...Object.values(totals.up), ...Object.values(totals.down)].some((bytes) => bytes < 0);
    if (negative) this.imbalances.push(`negative layer in ${JSON.stringify(totals)}`);
    this.audits.push(down);
    return totals;
  }

  woke(): void {
    if (this.#auditing) return;
    this.#auditing = true;
    setImmediate(() => {
      this.#auditing = false;
      this.audit();
      this.#changes.changed();
    });
  }

  dialled(): void {
    this.dials++;
  }

  delivered(client: number, sequence: number, bytes: number): void {
    this.sequences[client]!.push(sequence);
    this.lengths[client]!.push(bytes);
    this.#changes.changed();
  }

  connected(client: number, connectMs: number): void {
    if (!(connectMs >= 0)) this.imbalances.push(`client ${client} connected in ${connectMs} ms`);
    if (this.standing[client]) this.imbalances.push(`client ${client} connected twice`);
    this.connects[client]!++;
    this.standing[client] = true;
    this.#changes.changed();
  }

  disconnected(client: number): void {
    if (!this.standing[client]) this.imbalances.push(`client ${client} disconnected and was not connected`);
    this.standing[client] = false;
    this.disconnects++;
    this.#changes.changed();
  }

  failed(client: number, kind: FailureKind): void {
    this.failures.push({ client, kind, atMs: performance.now() });
    this.#changes.changed();
  }

  answered(messages: number, up: number, down: number): void {
    this.exchanges.push({ messages, up, down });
    this.#changes.changed();
  }

  posted(): void {
    this.posts++;
    this.#changes.changed();
  }

  postponed(): void {}
}

/** How many bytes stand in a layer, from one snapshot to the next. */
export function between(before: LedgerTotals, after: LedgerTotals) {
  const minus = (a: LedgerTotals['up'], b: LedgerTotals['up']): LedgerTotals['up'] => ({
    payload: b.payload - a.payload,
    header: b.header - a.header,
    framing: b.framing - a.framing,
    handshake: b.handshake - a.handshake,
    idle: b.idle - a.idle,
  });
  return { up: minus(before.up, after.up), down: minus(before.down, after.down) };
}
