import { FOREIGN_MARKER_BYTES } from '../../../protocol/marker.js';
import { createRandom } from '../../../protocol/random.js';
import type { ClientContext, VirtualClient } from '../../../scenarios/contract.js';
import { foreignScenario } from '../../../scenarios/foreign/foreign-scenario.js';
import { Ledger } from '../../../scenarios/ledger.js';
import { TimerWheel } from '../../../scenarios/timer-wheel.js';
import type { TargetContender } from '../../contender.js';
import { pause, within } from '../../deadline.js';
import type { Pinning } from '../../environment.js';
import { serverSettings } from '../../server-settings.js';
import { type HostChild, startTargetHost } from '../../side.js';
import { parseTarget } from '../../target.js';
import { calledName } from '../called-name.js';
import { foreignSpec, runOfTrial } from '../foreign-spec.js';
import type { PublishPlace } from '../publish/contract.js';
import { CheckEvents } from './check-events.js';
import { Relay } from './relay.js';

const READ_BUFFER_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 10;
const NEVER = new Promise<never>(() => {});
/** Clients that poll do so often: a check is short. */
const POLL_INTERVAL_MS = 100;
const RECONNECT_MS = 100;
/** Connecting may take this long, and being cut off. */
export const CONNECT_MS = 4_000;
/** One message may take this long. */
export const ARRIVE_MS = 2_500;
/** A subscription is taken note of behind the answer that opens it. */
export const SETTLE_MS = 250;
/** A client that was cut off comes back when the server says so (`retry`), which may be later than this. */
export const BACK_MS = 15_000;
const SAY_MS = 12_000;
const HOST_MS = 15_000;

export interface CheckSetting {
  readonly contender: TargetContender;
  readonly pinning: Pinning | null;
  readonly headers: 'minimal' | 'browser';
  readonly payloadBytes: number;
  /** How long a server that publishes by itself is listened to. */
  readonly listenMs: number;
  /** Resolves when the run is to stop. */
  readonly stopAsked: Promise<void>;
}

/** Where a check takes place: the target and its host, a few clients in this process, and a relay between them. */
export class CheckStage {
  /** Rejects when the target's process, or the one that stands for it, ends. */
  readonly died: Promise<never>;
  readonly events: CheckEvents;
  /** Messages published so far; also the last one's number. */
  published = 0;
  /** Of them, those that went out twice, for the first was lost before it was answered. */
  repeated = 0;
  private readonly host: HostChild;
  private readonly clients: VirtualClient[] = [];
  private readonly wheel: TimerWheel;
  private relayed: Relay | null = null;
  private placed: PublishPlace | null = null;
  private context: ClientContext | null = null;
  private isOver = false;

  constructor(
    private readonly setting: CheckSetting,
    /** The most that will be opened. */
    clients: number,
  ) {
    this.host = startTargetHost(setting.pinning?.generator ?? null);
    this.died = this.host.untilDeath();
    this.died.catch(() => {});
    this.events = new CheckEvents(clients, this.bytes);
    this.wheel = new TimerWheel(clients, (client) => this.clients[client]?.timer());
  }

  /** As sentences begin. */
  get name(): string {
    return `the target "${calledName(this.setting.contender.target)}"`;
  }

  /** Length of the messages. */
  get bytes(): number {
    return Math.max(FOREIGN_MARKER_BYTES, this.setting.payloadBytes);
  }

  /** Where the target listens, once it is served. */
  get place(): PublishPlace {
    return this.placed!;
  }

  /** Between clients and target; publishing does not pass it. */
  get relay(): Relay {
    return this.relayed!;
  }

  /** Failures of the clients so far. */
  get failed(): number {
    return [...this.events.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Failures of the clients by kind, for people. */
  get kinds(): string {
    return [...this.events.failures].map(([kind, count]) => `${kind} (${count})`).join(', ');
  }

  /** Starts or finds the target. @throws ChildDied, TimedOut */
  async serve(): Promise<void> {
    const { contender, pinning, headers } = this.setting;
    const { host } = this;
    const run = runOfTrial(contender.run, 0);
    const listening = host.next('listening');
    host.send({ type: 'aim', target: contender.target, run, cores: pinning?.server ?? null });
    host.send({
      type: 'serve',
      scenario: contender.target.name,
      settings: serverSettings({ port: 0, payloadBytes: this.bytes, pollIntervalMs: POLL_INTERVAL_MS }),
    });
    const { url } = await within(
      listening,
      contender.target.ready.timeoutMs + HOST_MS,
      `${this.name} did not become ready in time`,
    );
    const { address, port } = parseTarget(url);
    this.placed = { address, port, host: `${contender.target.origin.hostname}:${port}` };
    this.relayed = new Relay({ address, port });
    const near = await this.relayed.listen();
    this.context = {
      target: { address: '127.0.0.1', port: near, host: this.placed.host, path: '/' },
      events: this.events,
      ledger: new Ledger(),
      wheel: this.wheel,
      random: createRandom(1, 'check'),
      readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      pollIntervalMs: POLL_INTERVAL_MS,
      headers,
      payloadBytes: this.bytes,
      firstClient: 0,
      reconnectMs: RECONNECT_MS,
      connectTimeoutMs: CONNECT_MS,
    };
  }

  open(client: number): void {
    const scenario = foreignScenario(foreignSpec(this.setting.contender, 0));
    this.clients[client] = scenario.createClient(this.context!, client);
    this.clients[client].open();
  }

  /** Publishes the next message. @returns what went wrong, null when it was taken */
  async say(): Promise<string | null> {
    const sequence = ++this.published;
    const said = this.host.next('said', ({ id }) => id === sequence);
    this.host.send({ type: 'say', id: sequence, sequence, bytes: this.bytes });
    const { failure, repeated } = await within(
      said,
      SAY_MS,
      `${this.name} did not answer a publish within ${SAY_MS / 1000} s`,
    );
    this.repeated = repeated;
    return failure;
  }

  /** Whether the last message reaches these clients. */
  arrives(clients: readonly number[]): Promise<boolean> {
    return this.until(
      () => clients.every((client) => this.events.times(client, this.published) > 0),
      ARRIVE_MS,
    );
  }

  /** Deliveries of the first messages to the first clients, each counted once. */
  distinct(messages: number, clients: number): number {
    let count = 0;
    for (let client = 0; client < clients; client++)
      for (let sequence = 1; sequence <= messages; sequence++)
        if (this.events.times(client, sequence) > 0) count++;
    return count;
  }

  /** Gives the target time to take note of who has connected. */
  async settle(): Promise<void> {
    await pause(SETTLE_MS, NEVER);
  }

  /** Whether it becomes so within this time. */
  async until(isSo: () => boolean, ms: number): Promise<boolean> {
    const untilMs = performance.now() + ms;
    while (!isSo()) {
      if (this.isOver || performance.now() > untilMs) return false;
      await pause(LOOK_EVERY_MS, NEVER);
    }
    return true;
  }

  /** Ends everything. Never throws. */
  async stop(): Promise<void> {
    this.isOver = true;
    for (const client of this.clients) client.close();
    this.wheel.stop();
    this.relayed?.close();
    await this.host.end({ type: 'abort' });
  }
}
