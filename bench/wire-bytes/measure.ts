import type { MeasuredTrial } from '../../reports/result.js';
import { allowedCores } from '../../runner/environment.js';
import type { Interrupt } from '../../runner/interrupt.js';
import type { Plan } from '../../runner/plan.js';
import { processPlan } from '../../runner/process-plan.js';
import { runTrial } from '../../runner/trial.js';
import type { Packet } from '../../runner/verify/packets.js';
import type { UpDown } from '../../runner/verify/up-down.js';
import type { HeaderStyle, Scenario } from '../../scenarios/contract.js';
import { byConnection, type Exchange, exchangeOf, exchangesOf, typical, unanswered } from './exchanges.js';

/** One thing that a transport sends again and again. */
export interface WireCase {
  /** `a message`, or `no news` for an empty poll. */
  readonly name: 'a message' | 'no news';
  readonly up: number;
  readonly down: number;
  readonly header: number;
  readonly framing: number;
  readonly payload: number;
  /** The most common one. */
  readonly segments: UpDown;
  /** Of those, the ones that open a connection: one each way where every poll has its own. */
  readonly syn: UpDown;
  readonly request: string;
  readonly answer: string;
}

/** A transport with one kind of request headers, its bytes taken from the ledger and found again in a capture. */
export interface WireTransport {
  readonly id: string;
  readonly title: string;
  readonly headers: HeaderStyle;
  readonly cases: readonly WireCase[];
  readonly handshake: UpDown;
  readonly opening: { readonly request: string; readonly answer: string };
}

/**
 * Runs one client of a transport, one message at a time, under capture.
 * @throws Error when the trial was not completed, or when ledger and capture do not agree on an exchange
 */
export async function measureTransport(
  plan: Plan,
  scenario: Scenario,
  headers: HeaderStyle,
  interrupt: Interrupt,
): Promise<WireTransport> {
  const before: Packet[] = [];
  const window: Packet[] = [];
  const trial = await runTrial({
    plan: { ...plan, scenarios: [scenario.id], headers },
    contestant: { scenario: scenario.id, clients: 1, trial: 1, order: 1 },
    processes: processPlan(1, allowedCores().length),
    pinning: null,
    interrupt,
    onReading: () => {},
    onPacket: (packet, isWindow) => (isWindow ? window : before).push(packet),
  });
  if (trial.status !== 'completed')
    throw new Error(`${scenario.id}, ${headers}: ${trial.reasons.map(({ message }) => message).join(' ')}`);
  const { wire } = (trial as MeasuredTrial).measurements;
  const cases = scenario.waitsForInterval
    ? pollCases(trial as MeasuredTrial, exchangesOf(window, 'up', true), plan.payloadBytes)
    : [messageCase(trial as MeasuredTrial, scenario, before, window, plan.payloadBytes)];
  const first = exchangeOf(byConnection(before)).text;
  return {
    id: scenario.id,
    title: scenario.title,
    headers,
    cases,
    handshake: wire.handshakePerClient,
    // A poller's first request is a request like any other; a session has to be opened before it.
    opening: wire.handshakePerClient.up === 0 ? { request: '', answer: '' } : openingOf(first, cases[0]!),
  };
}

/** All that comes before the window, without the request that is to be answered in it. */
function openingOf({ up, down }: Exchange['text'], { request }: WireCase): WireTransport['opening'] {
  return { request: up.replace(request, ''), answer: down };
}

function pollCases(trial: MeasuredTrial, exchanges: readonly Exchange[], payload: number): WireCase[] {
  const { hit, empty } = trial.measurements.wire.exchange!;
  const of = (name: WireCase['name'], ledger: UpDown, useful: number, status: string): WireCase => {
    const found = exchanges.filter(({ text }) => text.down.startsWith(`HTTP/1.1 ${status} `));
    const same = found.filter(({ bytes }) => bytes.up === ledger.up && bytes.down === ledger.down);
    if (found.length === 0 || same.length < found.length)
      throw disagreement(trial.scenario, name, ledger, found);
    const { segments, syn, text } = { ...typical(same), text: same[0]!.text };
    const header = ledger.up + ledger.down - useful;
    const bytes = { up: ledger.up, down: ledger.down, header, framing: 0, payload: useful };
    return { name, ...bytes, segments, syn, request: text.up, answer: text.down };
  };
  return [of('a message', hit!, payload, '200'), of('no news', empty!, 0, '204')];
}

function messageCase(
  trial: MeasuredTrial,
  scenario: Scenario,
  before: readonly Packet[],
  window: readonly Packet[],
  payload: number,
): WireCase {
  const { up, down } = trial.measurements.wire.perDelivery!;
  const ledger = { up: up.total, down: down.total };
  // On a busy machine a server may wake up late and send two messages of a stream in one segment: not what is shown here.
  const exchanges = exchangesOf(window, 'down', scenario.asks).filter(
    ({ bytes, segments }) =>
      scenario.asks || segments.down > 1 || bytes.down <= ledger.down || bytes.down % ledger.down !== 0,
  );
  if (
    exchanges.length === 0 ||
    exchanges.some(({ bytes }) => bytes.up !== ledger.up || bytes.down !== ledger.down)
  )
    throw disagreement(scenario.id, 'a message', ledger, exchanges);
  const { segments, syn } = typical(exchanges);
  return {
    name: 'a message',
    ...ledger,
    header: up.header + down.header,
    framing: up.framing + down.framing,
    payload,
    segments,
    syn,
    // A long poll is answered long after it was asked: its request stands before the window.
    request: scenario.asks ? unanswered(before) : '',
    answer: exchanges[0]!.text.down,
  };
}

function disagreement(id: string, name: string, ledger: UpDown, exchanges: readonly Exchange[]): Error {
  const seen = [...new Set(exchanges.map(({ bytes }) => `${bytes.up} up, ${bytes.down} down`))];
  return new Error(
    `${id}, ${name}: the ledger has ${ledger.up} up, ${ledger.down} down; the capture has ${seen.join('; ') || 'none'}.`,
  );
}
