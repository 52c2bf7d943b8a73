import { FOREIGN_MARKER_BYTES } from '../../../protocol/marker.js';
import { createRandom } from '../../../protocol/random.js';
import { plainText } from '../../../reports/plain-text.js';
import type { ClientContext, VirtualClient } from '../../../scenarios/contract.js';
import type { ForeignTransport } from '../../../scenarios/foreign/contract.js';
import { foreignScenario } from '../../../scenarios/foreign/foreign-scenario.js';
import { Ledger } from '../../../scenarios/ledger.js';
import { TimerWheel } from '../../../scenarios/timer-wheel.js';
import { ChildDied } from '../../child.js';
import type { TargetContender } from '../../contender.js';
import { pause, TimedOut, within } from '../../deadline.js';
import type { Pinning } from '../../environment.js';
import { serverSettings } from '../../server-settings.js';
import { type HostChild, startTargetHost } from '../../side.js';
import { parseTarget } from '../../target.js';
import { foreignSpec, runOfTrial } from '../foreign-spec.js';
import type { PublishPlace } from '../publish/contract.js';
import { CheckEvents } from './check-events.js';
import { CHECKS, type Check, type CheckId, type TargetChecks } from './contract.js';
import { probe } from './probe.js';
import { Relay } from './relay.js';

const CLIENTS = 3;
/** The last one comes when the others have heard something. */
const EARLY = CLIENTS - 1;
const READ_BUFFER_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 10;
const NEVER = new Promise<never>(() => {});
/** Clients that poll do so often: a check is short. */
const POLL_INTERVAL_MS = 100;
const RECONNECT_MS = 100;
const CONNECT_MS = 4_000;
/** A subscription that is taken note of behind the answer that opens it. */
const SETTLE_MS = 250;
/** One message may take this long; a second one is not waited for as long when the first never came. */
const ARRIVE_MS = 2_500;
const SAY_MS = 12_000;
/** Published one after another, for order. */
const IN_A_ROW = 8;
const HOST_MS = 15_000;
/** Of these transports everything that arrives is a message. */
const SENDS_MESSAGES: readonly ForeignTransport[] = ['sse', 'websocket', 'socketio'];

export interface CheckSetting {
  readonly contender: TargetContender;
  readonly pinning: Pinning | null;
  readonly headers: 'minimal' | 'browser';
  readonly payloadBytes: number;
  /** Resolves when the run is to stop. */
  readonly stopAsked: Promise<void>;
}

/** What a check found. */
export interface CheckOutcome extends TargetChecks {
  /** Why there is no use in a trial, as a sentence; null when there is. */
  readonly fault: string | null;
}

/** There is no use in going on; the message is a sentence without its full stop. */
class Hopeless extends Error {
  constructor(
    readonly check: CheckId,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Finds out what a server of the user's does, with three clients and a dozen messages, before anything is measured: a
 * trial that cannot work ends here, with the step that failed. Never throws; everything it started is ended.
 */
export async function checkTarget(setting: CheckSetting): Promise<CheckOutcome> {
  const course = new CheckCourse(setting);
  const { name } = setting.contender.target;
  try {
    await Promise.race([course.run(), course.died, setting.stopAsked]);
    return { name, checks: course.checks, fault: null };
  } catch (error) {
    const { check, sentence } = told(error);
    course.put(check, false, sentence);
    return { name, checks: course.checks, fault: sentence };
  } finally {
    await course.stop();
  }
}

function told(error: unknown): { check: CheckId; sentence: string } {
  const message = error instanceof Error ? error.message : String(error);
  const check = error instanceof Hopeless ? error.check : 'ready';
  const known = error instanceof Hopeless || error instanceof ChildDied || error instanceof TimedOut;
  const text = plainText(known ? message : `the target could not be checked: ${message}`, 2000);
  return { check, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.` };
}

class CheckCourse {
  readonly checks: Check[] = [];
  /** Rejects when the target's process, or the one that stands for it, ends. */
  readonly died: Promise<never>;
  private readonly host: HostChild;
  private readonly events: CheckEvents;
  private readonly clients: VirtualClient[] = [];
  private readonly wheel: TimerWheel;
  private relay: Relay | null = null;
  private place: PublishPlace | null = null;
  private context: ClientContext | null = null;
  private sequence = 0;
  private isOver = false;

  constructor(private readonly setting: CheckSetting) {
    this.host = startTargetHost(setting.pinning?.generator ?? null);
    this.died = this.host.untilDeath();
    this.died.catch(() => {});
    this.events = new CheckEvents(CLIENTS, this.bytes);
    this.wheel = new TimerWheel(CLIENTS, (client) => this.clients[client]?.timer());
  }

  private get bytes(): number {
    return Math.max(FOREIGN_MARKER_BYTES, this.setting.payloadBytes);
  }

  private get name(): string {
    return `the target "${this.setting.contender.target.name}"`;
  }

  private get publishesItself(): boolean {
    return this.setting.contender.target.publish.by === 'self';
  }

  async run(): Promise<void> {
    await this.serve();
    await this.subscribe();
    if (this.publishesItself) await this.listen();
    else await this.exchange();
    if (!this.publishesItself) this.others();
  }

  /** @param sentence what is told when all is not well */
  put(check: CheckId, ok: boolean | null, sentence: string): void {
    this.checks.push({ check, ok, sentence: ok ? CHECKS[check] : sentence });
  }

  async stop(): Promise<void> {
    this.isOver = true;
    for (const client of this.clients) client.close();
    this.wheel.stop();
    this.relay?.close();
    await this.host.end({ type: 'abort' });
  }

  private async serve(): Promise<void> {
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
    this.put('ready', true, '');
    const { address, port } = parseTarget(url);
    this.place = { address, port, host: `${contender.target.origin.hostname}:${port}` };
    this.relay = new Relay({ address, port });
    const near = await this.relay.listen();
    this.context = {
      target: { address: '127.0.0.1', port: near, host: this.place.host, path: '/' },
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

  private open(client: number): void {
    const scenario = foreignScenario(foreignSpec(this.setting.contender, 0));
    this.clients[client] = scenario.createClient(this.context!, client);
    this.clients[client].open();
  }

  private async subscribe(): Promise<void> {
    for (let client = 0; client < EARLY; client++) this.open(client);
    const { connectedNow, failures } = this.events;
    const isIn = await this.until(() => connectedNow.size >= EARLY || failures.size > 0, CONNECT_MS);
    if (connectedNow.size < EARLY) {
      const why = await probe(this.setting.contender.target, this.place!);
      const met = isIn ? `: they met ${this.kinds()}` : ` within ${CONNECT_MS / 1000} s`;
      throw new Hopeless(
        'subscribes',
        why === null ? `${this.name} lets no client subscribe${met}` : `${this.name} ${why}`,
      );
    }
    await pause(SETTLE_MS, NEVER);
    const { target } = this.setting.contender;
    // Our clients read what they are given; a browser's insist on the content type.
    const wrong = target.subscribe.transport === 'sse' ? await probe(target, this.place!) : null;
    this.put(
      'subscribes',
      wrong === null,
      `Clients of ours can subscribe, and a browser's may not: it ${wrong}.`,
    );
  }

  /** What else arrived. */
  private others(): void {
    const { otherRun, unmarked } = this.events;
    const parts: string[] = [];
    if (otherRun > 0)
      parts.push(
        `${otherRun} messages of another run arrived: somebody else publishes there, or it repeats what it heard before`,
      );
    // Empty answers and a stream's first lines are nothing to tell.
    if (unmarked > 0 && SENDS_MESSAGES.includes(this.setting.contender.target.subscribe.transport))
      parts.push(`${unmarked} messages without a marker of pushbench's arrived`);
    this.put(
      'own-messages-only',
      parts.length === 0,
      `${parts.join('; ')}. They are no deliveries, and their bytes are counted as idle.`,
    );
  }

  /** Everything about messages that are ours. */
  private async exchange(): Promise<void> {
    const { events } = this;
    const refused = await this.say();
    if (refused !== null)
      throw new Hopeless('takes-messages', `${this.name} takes no message: the publish ${refused}`);
    this.put('takes-messages', true, '');
    if (!(await this.arrives([0, 1]))) {
      // Somebody may have been slow to subscribe: once more, with all the time there was.
      await this.say();
      await this.arrives([0, 1]);
    }
    if (events.deliveries === 0) throw await this.nothing();
    let failed = 0;
    for (let n = 0; n < IN_A_ROW; n++) if ((await this.say()) !== null) failed++;
    await this.arrives([0, 1]);
    const sent = this.sequence;
    const expected = sent * EARLY;
    const heard = this.distinct(sent, EARLY);
    this.put(
      'delivers-to-all',
      heard === expected,
      `Of ${sent} messages to ${EARLY} clients ${heard} of ${expected} deliveries arrived${failed > 0 ? `; ${failed} were not taken` : ''}.`,
    );
    this.put('once', events.repeated === 0, `${events.repeated} messages came more than once.`);
    this.put(
      'in-order',
      events.reordered === 0,
      `${events.reordered} messages came behind one that was published later.`,
    );
    this.put(
      'intact',
      events.damaged === 0,
      `${events.damaged} messages of ${this.bytes} bytes did not arrive in full: they were changed or cut.`,
    );
    await this.lateComer();
    await this.drop();
  }

  private async lateComer(): Promise<void> {
    const { events } = this;
    this.open(EARLY);
    await this.until(() => events.connectedNow.has(EARLY), CONNECT_MS);
    await pause(SETTLE_MS, NEVER);
    const refused = await this.say();
    const hears = refused === null && (await this.arrives([EARLY]));
    this.put('late-comers', hears, 'A client that came later did not hear what was published then.');
  }

  private async drop(): Promise<void> {
    const { events, relay } = this;
    const all = Array.from({ length: CLIENTS }, (_, client) => client);
    relay!.cut();
    await this.until(() => events.connectedNow.size === 0, CONNECT_MS);
    await this.say();
    const missed = this.sequence;
    relay!.mend();
    await this.until(() => events.connectedNow.size === CLIENTS, CONNECT_MS);
    await pause(SETTLE_MS, NEVER);
    await this.say();
    const isBack = await this.arrives(all);
    this.put(
      'comes-back',
      isBack,
      'Clients whose connection was cut did not hear what was published after they came back.',
    );
    const got = all.filter((client) => events.times(client, missed) > 0).length;
    this.put(
      'resumes',
      got === CLIENTS,
      `${got} of ${CLIENTS} clients that were away for one message got it afterwards: what is published while a connection is down is lost.`,
    );
  }

  /** A server that publishes by itself: something must come, with the time that it is said to carry. */
  private async listen(): Promise<void> {
    const { events, setting } = this;
    const { target } = setting.contender;
    const carries = target.publish.by === 'self' && target.publish.time !== null;
    await this.until(() => (carries ? events.timed : events.byItself) > 0, 2 * ARRIVE_MS);
    if (events.byItself === 0) throw await this.nothing();
    this.put('publishes-by-itself', true, '');
    if (carries) {
      this.put(
        'carries-time',
        events.unmarked === 0,
        `${events.unmarked} messages came without the time that they are to carry.`,
      );
    }
    this.relay!.cut();
    await this.until(() => events.connectedNow.size === 0, CONNECT_MS);
    this.relay!.mend();
    await this.until(() => events.connectedNow.size === EARLY, CONNECT_MS);
    const before = events.byItself;
    const isBack = await this.until(() => events.byItself > before, 2 * ARRIVE_MS);
    this.put(
      'comes-back',
      isBack,
      'Clients whose connection was cut did not hear anything after they came back.',
    );
  }

  /** Why nothing of ours has arrived. */
  private async nothing(): Promise<Hopeless> {
    const { events, setting } = this;
    const { target } = setting.contender;
    const at = target.subscribe.find.in === 'json' ? ` at ${target.subscribe.find.path} of their JSON` : '';
    const what = this.publishesItself
      ? `no message of its own within ${(2 * ARRIVE_MS) / 1000} s`
      : `none of the ${this.sequence} messages that it took`;
    const head = `${this.name} delivers nothing: ${EARLY} clients heard ${what}`;
    if (events.otherRun > 0)
      return new Hopeless(
        'own-messages-only',
        `${head}, but ${events.otherRun} of another run: somebody else publishes there`,
      );
    const wrong = await probe(target, this.place!);
    if (wrong !== null) return new Hopeless('subscribes', `${this.name} ${wrong}`);
    if (events.unmarked > 0) {
      const lacks = this.publishesItself
        ? 'without the time that they are to carry'
        : `without pushbench's marker${at}`;
      return new Hopeless('delivers-to-all', `${head}, but ${events.unmarked} messages ${lacks}`);
    }
    return new Hopeless(
      this.publishesItself ? 'publishes-by-itself' : 'delivers-to-all',
      events.failures.size === 0 ? head : `${head}, and met ${this.kinds()}`,
    );
  }

  /** Publishes the next message. @returns what went wrong, null when it was taken */
  private async say(): Promise<string | null> {
    const sequence = ++this.sequence;
    const said = this.host.next('said', ({ id }) => id === sequence);
    this.host.send({ type: 'say', id: sequence, sequence, bytes: this.bytes });
    return (await within(said, SAY_MS, `${this.name} did not answer a publish within ${SAY_MS / 1000} s`))
      .failure;
  }

  /** Whether the last message reaches these clients. */
  private arrives(clients: readonly number[]): Promise<boolean> {
    return this.until(
      () => clients.every((client) => this.events.times(client, this.sequence) > 0),
      ARRIVE_MS,
    );
  }

  /** Deliveries of the first messages to the first clients, each counted once. */
  private distinct(messages: number, clients: number): number {
    let count = 0;
    for (let client = 0; client < clients; client++)
      for (let sequence = 1; sequence <= messages; sequence++)
        if (this.events.times(client, sequence) > 0) count++;
    return count;
  }

  private kinds(): string {
    return [...this.events.failures].map(([kind, count]) => `${kind} (${count})`).join(', ');
  }

  private async until(isSo: () => boolean, ms: number): Promise<boolean> {
    const untilMs = performance.now() + ms;
    while (!isSo()) {
      if (this.isOver || performance.now() > untilMs) return false;
      await pause(LOOK_EVERY_MS, NEVER);
    }
    return true;
  }
}
