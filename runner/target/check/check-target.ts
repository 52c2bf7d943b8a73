import { plainText } from '../../../reports/plain-text.js';
import type { ForeignTransport } from '../../../scenarios/foreign/contract.js';
import { ChildDied } from '../../child.js';
import { TimedOut } from '../../deadline.js';
import { CHECKS, type Check, type CheckId, type TargetChecks } from './contract.js';
import { probe } from './probe.js';
import { ARRIVE_MS, type CheckSetting, CheckStage, CONNECT_MS } from './stage.js';

const CLIENTS = 3;
/** The last one comes when the others have heard something. */
const EARLY = CLIENTS - 1;
/** Published one after another, for order. */
const IN_A_ROW = 8;
const SECOND_ATTEMPT_MS = 1_000;
/** Of these transports everything that arrives is a message. */
const SENDS_MESSAGES: readonly ForeignTransport[] = ['sse', 'websocket', 'socketio'];

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
    await Promise.race([course.run(), course.stage.died, setting.stopAsked]);
    return { name, checks: course.checks, fault: null };
  } catch (error) {
    const { check, sentence } = told(error);
    course.put(check, false, sentence);
    return { name, checks: course.checks, fault: sentence };
  } finally {
    await course.stage.stop();
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
  readonly stage: CheckStage;

  constructor(private readonly setting: CheckSetting) {
    this.stage = new CheckStage(setting, CLIENTS);
  }

  private get publishesItself(): boolean {
    return this.setting.contender.target.publish.by === 'self';
  }

  async run(): Promise<void> {
    await this.stage.serve();
    this.put('ready', true, '');
    await this.subscribe();
    if (this.publishesItself) await this.listen();
    else await this.exchange();
    if (!this.publishesItself) this.others();
  }

  /** @param sentence what is told when all is not well */
  put(check: CheckId, ok: boolean | null, sentence: string): void {
    this.checks.push({ check, ok, sentence: ok ? CHECKS[check] : sentence });
  }

  private async subscribe(): Promise<void> {
    for (let client = 0; client < EARLY; client++) this.stage.open(client);
    const { connectedNow, failures } = this.stage.events;
    const isIn = await this.stage.until(() => connectedNow.size >= EARLY || failures.size > 0, CONNECT_MS);
    // A first attempt may fail where the second one does not.
    if (isIn) await this.stage.until(() => connectedNow.size >= EARLY, SECOND_ATTEMPT_MS);
    if (connectedNow.size < EARLY) {
      const why = await probe(this.setting.contender.target, this.stage.place);
      const met = isIn ? `: they met ${this.stage.kinds}` : ` within ${CONNECT_MS / 1000} s`;
      throw new Hopeless(
        'subscribes',
        why === null ? `${this.stage.name} lets no client subscribe${met}` : `${this.stage.name} ${why}`,
      );
    }
    await this.stage.settle();
    const { target } = this.setting.contender;
    // Our clients read what they are given; a browser's insist on the content type.
    const wrong = target.subscribe.transport === 'sse' ? await probe(target, this.stage.place) : null;
    this.put(
      'subscribes',
      wrong === null,
      `Clients of ours can subscribe, and a browser's may not: it ${wrong}.`,
    );
  }

  /** What else arrived. */
  private others(): void {
    const { otherRun, unmarked } = this.stage.events;
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
    const { events } = this.stage;
    const refused = await this.stage.say();
    if (refused !== null)
      throw new Hopeless('takes-messages', `${this.stage.name} takes no message: the publish ${refused}`);
    this.put('takes-messages', true, '');
    if (!(await this.stage.arrives([0, 1]))) {
      // Somebody may have been slow to subscribe: once more, with all the time there was.
      await this.stage.say();
      await this.stage.arrives([0, 1]);
    }
    if (events.deliveries === 0) throw await this.nothing();
    let failed = 0;
    for (let n = 0; n < IN_A_ROW; n++) if ((await this.stage.say()) !== null) failed++;
    await this.stage.arrives([0, 1]);
    const sent = this.stage.published;
    const expected = sent * EARLY;
    const heard = this.stage.distinct(sent, EARLY);
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
      `${events.damaged} messages of ${this.stage.bytes} bytes did not arrive in full: they were changed or cut.`,
    );
    await this.lateComer();
    await this.drop();
  }

  private async lateComer(): Promise<void> {
    const { events } = this.stage;
    this.stage.open(EARLY);
    await this.stage.until(() => events.connectedNow.has(EARLY), CONNECT_MS);
    await this.stage.settle();
    const refused = await this.stage.say();
    const hears = refused === null && (await this.stage.arrives([EARLY]));
    this.put('late-comers', hears, 'A client that came later did not hear what was published then.');
  }

  private async drop(): Promise<void> {
    const { events, relay } = this.stage;
    const all = Array.from({ length: CLIENTS }, (_, client) => client);
    relay.cut();
    await this.stage.until(() => events.connectedNow.size === 0, CONNECT_MS);
    await this.stage.say();
    const missed = this.stage.published;
    relay.mend();
    await this.stage.until(() => events.connectedNow.size === CLIENTS, CONNECT_MS);
    await this.stage.settle();
    await this.stage.say();
    const isBack = await this.stage.arrives(all);
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
    const { setting } = this;
    const { events } = this.stage;
    const { target } = setting.contender;
    const carries = target.publish.by === 'self' && target.publish.time !== null;
    await this.stage.until(() => (carries ? events.timed : events.byItself) > 0, 2 * ARRIVE_MS);
    if (events.byItself === 0) throw await this.nothing();
    this.put('publishes-by-itself', true, '');
    if (carries) {
      this.put(
        'carries-time',
        events.unmarked === 0,
        `${events.unmarked} messages came without the time that they are to carry.`,
      );
    }
    this.stage.relay.cut();
    await this.stage.until(() => events.connectedNow.size === 0, CONNECT_MS);
    this.stage.relay.mend();
    await this.stage.until(() => events.connectedNow.size === EARLY, CONNECT_MS);
    const before = events.byItself;
    const isBack = await this.stage.until(() => events.byItself > before, 2 * ARRIVE_MS);
    this.put(
      'comes-back',
      isBack,
      'Clients whose connection was cut did not hear anything after they came back.',
    );
  }

  /** Why nothing of ours has arrived. */
  private async nothing(): Promise<Hopeless> {
    const { setting } = this;
    const { events } = this.stage;
    const { target } = setting.contender;
    const at = target.subscribe.find.in === 'json' ? ` at ${target.subscribe.find.path} of their JSON` : '';
    const what = this.publishesItself
      ? `no message of its own within ${(2 * ARRIVE_MS) / 1000} s`
      : `none of the ${this.stage.published} messages that it took`;
    const head = `${this.stage.name} delivers nothing: ${EARLY} clients heard ${what}`;
    if (events.otherRun > 0)
      return new Hopeless(
        'own-messages-only',
        `${head}, but ${events.otherRun} of another run: somebody else publishes there`,
      );
    const wrong = await probe(target, this.stage.place);
    if (wrong !== null) return new Hopeless('subscribes', `${this.stage.name} ${wrong}`);
    if (events.unmarked > 0) {
      const lacks = this.publishesItself
        ? 'without the time that they are to carry'
        : `without pushbench's marker${at}`;
      return new Hopeless('delivers-to-all', `${head}, but ${events.unmarked} messages ${lacks}`);
    }
    return new Hopeless(
      this.publishesItself ? 'publishes-by-itself' : 'delivers-to-all',
      events.failures.size === 0 ? head : `${head}, and met ${this.stage.kinds}`,
    );
  }
}
