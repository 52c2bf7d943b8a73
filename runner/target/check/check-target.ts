import { plainText } from '../../../reports/plain-text.js';
import type { ForeignTransport } from '../../../scenarios/foreign/contract.js';
import { ChildDied } from '../../child.js';
import { TimedOut } from '../../deadline.js';
import { CHECKS, type Check, type CheckId, type TargetChecks } from './contract.js';
import { judgeReturn } from './judge-return.js';
import { probe } from './probe.js';
import { BACK_MS, type CheckSetting, CheckStage, CONNECT_MS, SETTLE_MS } from './stage.js';

const CLIENTS = 3;
/** The last one comes when the others have heard something. */
const EARLY = CLIENTS - 1;
/** Published one after another, for order. */
const IN_A_ROW = 8;
const SECOND_ATTEMPT_MS = 1_000;
/** A client whose polls come back empty more often than this asks as fast as it can. */
const MOST_EMPTY_PER_SECOND = 20;
const LONGEST_SENTENCE = 2000;
/** Of these transports everything that arrives is a message. */
const SENDS_MESSAGES: readonly ForeignTransport[] = ['sse', 'websocket', 'socketio'];

/** What a check found. */
export interface CheckOutcome extends Pick<TargetChecks, 'checks'> {
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
  try {
    await Promise.race([course.run(), course.stage.died, setting.stopAsked]);
    return { checks: course.checks, fault: null };
  } catch (error) {
    const { check, sentence } = told(error);
    course.put(check, false, sentence);
    return { checks: course.checks, fault: sentence };
  } finally {
    await course.stage.stop();
  }
}

function told(error: unknown): { check: CheckId; sentence: string } {
  const message = error instanceof Error ? error.message : String(error);
  const check = error instanceof Hopeless ? error.check : 'ready';
  const known = error instanceof Hopeless || error instanceof ChildDied || error instanceof TimedOut;
  const text = plainText(known ? message : `the target could not be checked: ${message}`, LONGEST_SENTENCE);
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
    this.checks.push({ check, ok, sentence: ok ? CHECKS[check] : plainText(sentence, LONGEST_SENTENCE) });
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
    const emptyBefore = this.stage.events.empty;
    await this.stage.settle();
    const { target } = this.setting.contender;
    const emptyPerSecond = (this.stage.events.empty - emptyBefore) / EARLY / (SETTLE_MS / 1000);
    // Our clients read what they are given; a browser's insist on the content type.
    const wrong = target.subscribe.transport === 'sse' ? await probe(target, this.stage.place) : null;
    this.put(
      'subscribes',
      wrong === null,
      `Clients of ours can subscribe, and a browser's may not: it ${wrong}.`,
    );
    if (target.subscribe.transport === 'longpoll') this.holdsPolls(emptyPerSecond);
  }

  /** @param perSecond empty answers a client, while nothing was published */
  private holdsPolls(perSecond: number): void {
    this.put(
      'holds-polls',
      perSecond <= MOST_EMPTY_PER_SECOND,
      `Without news its polls are answered at once, ${Math.round(perSecond)} times a second and client: clients ask as fast as they can. The transport "polling" asks at an interval.`,
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
    const { repeated } = this.stage;
    this.put(
      'once',
      events.repeated === 0 ? true : repeated === 0 ? false : null,
      `${events.repeated} messages came more than once${repeated === 0 ? '' : `, and pushbench had published ${repeated} again, whose connection was lost before the answer`}.`,
    );
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
    const notMissed = await this.stage.say();
    const missed = this.stage.published;
    const { back, refused } = await this.comeBack(CLIENTS);
    await this.stage.settle();
    const untaken = await this.stage.say();
    const hasHeard = untaken === null && (await this.stage.arrives(all));
    const waitedSeconds = BACK_MS / 1000;
    const came = judgeReturn({ clients: CLIENTS, back, waitedSeconds, refused, untaken, hasHeard });
    this.put('comes-back', came.ok, came.sentence);
    if (notMissed !== null || came.ok === null) {
      const why = notMissed === null ? came.sentence : `The message that they were to miss ${notMissed}.`;
      this.put('resumes', null, `Whether clients get what they missed was not seen. ${why}`);
      return;
    }
    const got = all.filter((client) => events.times(client, missed) > 0).length;
    this.put(
      'resumes',
      got === CLIENTS,
      `${got} of ${CLIENTS} clients that were away for one message got it afterwards: what is published while a connection is down is lost.`,
    );
  }

  /** Lets cut clients in again. @returns how many come, and how often others were refused */
  private async comeBack(clients: number): Promise<{ back: number; refused: number }> {
    const { events, relay } = this.stage;
    relay.mend();
    const before = this.stage.failed;
    await this.stage.until(() => events.connectedNow.size === clients, BACK_MS);
    return { back: events.connectedNow.size, refused: this.stage.failed - before };
  }

  /** A server that publishes by itself: something must come, with the time that it is said to carry. */
  private async listen(): Promise<void> {
    const { setting } = this;
    const { events } = this.stage;
    const { target } = setting.contender;
    const carries = target.publish.by === 'self' && target.publish.time !== null;
    await this.stage.until(() => (carries ? events.timed : events.byItself) > 0, setting.listenMs);
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
    const { back, refused } = await this.comeBack(EARLY);
    const before = events.byItself;
    const hasHeard = back > 0 && (await this.stage.until(() => events.byItself > before, setting.listenMs));
    const waitedSeconds = BACK_MS / 1000;
    const came = judgeReturn({ clients: EARLY, back, waitedSeconds, refused, untaken: null, hasHeard });
    this.put('comes-back', came.ok, came.sentence);
  }

  /** Why nothing of ours has arrived. */
  private async nothing(): Promise<Hopeless> {
    const { setting } = this;
    const { events } = this.stage;
    const { target } = setting.contender;
    const at = target.subscribe.find.in === 'json' ? ` at ${target.subscribe.find.path} of their JSON` : '';
    const what = this.publishesItself
      ? `no message of its own within ${setting.listenMs / 1000} s`
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
