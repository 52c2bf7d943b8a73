import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { serverSettings } from '../../runner/server-settings.js';
import type { Scenario } from '../../scenarios/contract.js';
import type { HostSample, ServerSettings } from '../../servers/contract.js';
import { RawClient } from '../../servers/testing/raw-client.js';
import { Crowd } from './crowd.js';
import { HostProcess, type Publishing } from './host-process.js';

const WELL_BEHAVED = 2;
/** Later than this nobody would call it on time; a stalled machine should not count. */
const ON_TIME_MS = 3_000;
const SETTLE_MS = 12_000;
/**
 * Sessions of Socket.IO end by a ping that is not answered in time, those of the well-behaved too when a busy machine holds
 * them up, and what is published then is lost. So they have longer; and the connection that they post pongs on has to last from
 * one to the next.
 */
const SESSIONS: Partial<ServerSettings> = { heartbeatMs: 2500, keepAliveTimeoutMs: 7500 };

/** Everybody has the one topic there is, so that bad topics can be named; and clients may speak. */
export const SIEGE: Partial<ServerSettings> = {
  topics: 1,
  echo: { isBinary: false },
  headTimeoutMs: 400,
  keepAliveTimeoutMs: 1500,
  holdMs: 800,
  heartbeatMs: 1000,
  // As a run sets it.
  maxQueuedBytes: serverSettings({ port: 0, payloadBytes: 65_536, pollIntervalMs: 25 }).maxQueuedBytes,
};

/**
 * A server process with two well-behaved clients that stay throughout, and whoever abuses it.
 *
 * While somebody does, messages are published all the time; afterwards the two must have received every one of them, once, in
 * order and on time, and the server must hold no more clients and descriptors than before.
 */
export class Besieged {
  readonly scenario: Scenario;
  readonly host: HostProcess;
  readonly #crowd: Crowd;
  readonly #abusers: Socket[] = [];
  #publishing: Promise<unknown> = Promise.resolve();
  #published = 0;
  #checked = 0;
  #publishedBytes = 0;
  #held = 0;
  #descriptors = 0;
  #disconnects = 0;
  #before: HostSample | undefined;

  private constructor(scenario: Scenario, host: HostProcess) {
    this.scenario = scenario;
    this.host = host;
    this.#crowd = new Crowd(scenario, host.url, { clients: WELL_BEHAVED, topics: 1 });
  }

  /** @param changes of {@link SIEGE} */
  static async begin(scenario: Scenario, changes: Partial<ServerSettings> = {}): Promise<Besieged> {
    const own = scenario.id.startsWith('socketio') ? SESSIONS : {};
    const settings = { ...SIEGE, ...own, ...changes };
    const siege = new Besieged(scenario, await HostProcess.serve(scenario.id, settings));
    await siege.#crowd.open();
    if (!scenario.reconnectsEachPoll) await siege.host.holds(WELL_BEHAVED);
    await siege.publish({ count: 5 });
    await siege.#crowd.received(5);
    siege.#checked = 5;
    siege.#held = WELL_BEHAVED;
    // Between polls one that connects for each has no descriptor.
    for (let reading = 0; reading < 20; reading++) {
      siege.#descriptors = Math.max(siege.#descriptors, siege.host.descriptors);
      await siege.host.sample();
    }
    siege.#before = await siege.host.sample(true);
    return siege;
  }

  get id(): string {
    return this.scenario.id;
  }

  /** Without its query. */
  get path(): string {
    return new URL(this.host.url).pathname;
  }

  /** A target that is answered well. @param more further parameters, such as `&since=1` */
  target(more = ''): string {
    const protocol = this.id.startsWith('socketio') ? '&EIO=4&transport=polling' : '';
    return `${this.path}?topic=0000000001${protocol}${more}`;
  }

  /** Publishes beside what is published anyway, and waits until it is published. */
  publish(publishing: Publishing): Promise<unknown> {
    this.#publishing = this.#publishing.then(async () => {
      await this.host.publish({ topics: 1, ...publishing });
      this.#published += publishing.count;
      this.#publishedBytes += publishing.count * (publishing.bytes ?? 10);
    });
    return this.#publishing;
  }

  /** Messages so far, which are numbered from 1. */
  get published(): number {
    return this.#published;
  }

  /** Resolves once the well-behaved have received everything published so far. */
  received(): Promise<void> {
    return this.#crowd.received(this.#published, ON_TIME_MS);
  }

  /** A connection of an abuser. @param paused it never reads */
  async visit(paused = false): Promise<RawClient> {
    const client = await RawClient.open(this.host.url, paused);
    this.#abusers.push(client.socket);
    return client;
  }

  /** A connection whose client's side stays open when the server ends its own. */
  stubborn(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.host.port, allowHalfOpen: true });
    socket.on('error', () => {});
    this.#abusers.push(socket);
    return socket;
  }

  /** @throws when the well-behaved feel it, or anything stays */
  async endures(abuse: (siege: Besieged) => Promise<unknown>): Promise<void> {
    let isOver = false;
    const background = (async () => {
      while (!isOver) await this.publish({ count: 2, seconds: 0.01 });
    })();
    // Told when it is waited for.
    background.catch(() => {});
    try {
      await abuse(this);
    } finally {
      isOver = true;
      await background;
      for (const socket of this.#abusers.splice(0)) socket.resetAndDestroy();
    }
    await this.publish({ count: 2 });
    await this.received();
    const { sequences } = this.#crowd;
    for (const own of sequences) {
      if (own.length !== this.#published) throw new Error(`${own.length} of ${this.#published} messages`);
      const from = this.#checked;
      const stray = own.findIndex((sequence, at) => at >= from && sequence !== at + 1);
      if (stray !== -1) throw new Error(`message ${own[stray]} came as number ${stray + 1}`);
    }
    this.#checked = this.#published;
    const felt = [...this.#crowd.failures.splice(0), ...this.#crowd.imbalances.splice(0)];
    const disconnects = this.#crowd.disconnects - this.#disconnects;
    this.#disconnects = this.#crowd.disconnects;
    if (felt.length > 0 || disconnects > 0)
      throw new Error(`the others felt it: ${disconnects} disconnects, ${JSON.stringify(felt)}`);
    await this.#settles();
  }

  async #settles(): Promise<void> {
    const untilMs = performance.now() + SETTLE_MS;
    for (;;) {
      const { held } = await this.host.sample();
      const { descriptors } = this.host;
      const isHeld = this.scenario.reconnectsEachPoll ? held <= this.#held : held === this.#held;
      if (isHeld && descriptors <= this.#descriptors) return;
      if (performance.now() > untilMs)
        throw new Error(
          `${held} clients and ${descriptors} descriptors instead of ${this.#held} and ${this.#descriptors} are left`,
        );
      await delay(10);
    }
  }

  /** Bytes of the server's memory, beside its log, that came to stay since the beginning. */
  async growth(): Promise<{ heap: number; external: number }> {
    const now = await this.host.sample(true);
    return {
      heap: now.heapUsedBytes - this.#before!.heapUsedBytes,
      external: now.externalBytes - this.#before!.externalBytes - this.#publishedBytes,
    };
  }

  async end(): Promise<void> {
    for (const socket of this.#abusers.splice(0)) socket.destroy();
    this.#crowd.close();
    await this.host.kill();
  }
}
