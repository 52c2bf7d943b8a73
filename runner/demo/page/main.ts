import type { DemoSettings, DemoStatus, TransportId } from '../contract.js';
import { dueMs, newestAt } from '../schedule.js';
import { ask } from './ask.js';
import { addCard, type Card } from './card.js';
import { addChoices } from './choices.js';
import type { ClockOffset } from './clock.js';
import { Contestant } from './contestant.js';
import { Desk, type Wish } from './desk.js';
import { eventStream } from './event-stream.js';
import { figuresOf } from './figures.js';
import { findingOf } from './finding.js';
import { frame } from './frame.js';
import { drawLane, type LaneColours, type Published, SPAN_MS } from './lane.js';
import { setUpTheme } from './theme.js';
import { webSocket } from './web-socket.js';

/** The page's script: connects through all five transports and shows what comes. */

const STATUS_MS = 500;
/** Thirty drawings a second: more would cost the messages time that they are shown to be late by. */
const PAINT_MS = 30;
const FIGURES_MS = 250;
const FIRST_PINGS = 8;
/** Pages that have given way to another one do not connect. */
const MOVED = '#moved';

interface Player {
  readonly title: string;
  readonly contestant: Contestant;
  readonly card: Card;
}

const element = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;
const settings = JSON.parse(element('settings').textContent ?? '') as DemoSettings;
const desk = new Desk(settings);
const motion = matchMedia('(prefers-reduced-motion: reduce)');
const restartButton = element<HTMLButtonElement>('restart');

let clock: ClockOffset = { offsetMs: 0, errorMs: 0 };
let status: DemoStatus | null = null;
let firstPublished = 0;
let begunMs = Number.POSITIVE_INFINITY;
let knownOutageMs = Number.NEGATIVE_INFINITY;
let hasEnded = false;

const toPage = (runnerMs: number): number => runnerMs - clock.offsetMs;

/** When a message was due, on this page's clock. */
function publishedMs(sequence: number): number | null {
  const instantMs = dueMs(status?.segments ?? [], sequence);
  return instantMs === null ? null : toPage(instantMs);
}

const players: readonly Player[] = settings.transports.map(({ id, title }, index) => {
  const card = addCard(element('cards'), { id, title }, index, settings.pollIntervalMs);
  const contestant: Contestant = new Contestant(id, publishedMs, () => {
    card.showState(contestant.state, contestant.back?.sentence ?? '');
    tellReturn();
  });
  return { title, contestant, card };
});

const addressOf = (id: TransportId): string => settings.transports.find((each) => each.id === id)!.address;

function connect(since: number): void {
  const start: Readonly<Record<TransportId, (address: string, contestant: Contestant) => void>> = {
    polling: (address, contestant) => ask(address, since, settings.pollIntervalMs, contestant),
    longpoll: (address, contestant) => ask(address, since, 0, contestant),
    iframe: (address, contestant) => frame(address, () => 1000 / (status?.ratePerSecond ?? 1), contestant),
    sse: eventStream,
    websocket: webSocket,
  };
  for (const { contestant } of players) start[contestant.id](addressOf(contestant.id), contestant);
}

// What a person may do.

const rates = addChoices(
  element('rate'),
  settings.rates,
  (rate) => String(rate),
  (ratePerSecond) => wish({ action: 'rate', ratePerSecond }),
);
const roundTrips = addChoices(
  element('round-trip'),
  settings.roundTripsMs,
  (ms) => `${ms} ms`,
  (roundTripMs) => wish({ action: 'round-trip', roundTripMs }),
);
restartButton.addEventListener('click', () => wish({ action: 'restart' }));
element('continue').addEventListener('click', () => goTo(''));

function wish(wanted: Wish): void {
  desk.ask(wanted).then(apply, end);
}

/** Loads the page anew, which closes every connection. */
function goTo(hash: string): void {
  history.replaceState(history.state, '', `/${hash}`);
  location.reload();
}

// How things stand.

function apply(now: DemoStatus): void {
  if (!now.active) {
    goTo(MOVED);
    return;
  }
  status = now;
  rates.show(now.ratePerSecond);
  roundTrips.show(now.roundTripMs);
  const outage = now.outages.at(-1);
  const isAway = outage !== undefined && outage.untilMs === null;
  // Not disabled, which would take the focus off the button of whoever pressed it by keyboard.
  restartButton.setAttribute('aria-disabled', String(isAway));
  if (isAway && outage.sinceMs > knownOutageMs) {
    knownOutageMs = outage.sinceMs;
    for (const { contestant } of players) contestant.outage(toPage(outage.sinceMs));
    element('news').textContent =
      'The servers were killed. They come back at the same addresses in 3 seconds.';
  }
  for (const { contestant } of players) {
    const traffic = now.traffic[contestant.id];
    contestant.bytes.add({
      ...traffic,
      atMs: now.nowMs,
      missing: contestant.tally.missing,
    });
  }
}

/** Once all are back: what it cost. */
function tellReturn(): void {
  const all = players.map(({ title, contestant }) => ({ title, back: contestant.back }));
  if (all.some(({ back }) => back === null)) return;
  const lost = all.filter(({ back }) => back!.lost > 0).map(({ title, back }) => `${title} ${back!.lost}`);
  element('news').textContent =
    lost.length === 0
      ? 'All five are back, and nothing was lost.'
      : `All five are back. Messages lost: ${lost.join(', ')}; the others none.`;
}

function end(error: unknown): void {
  if (hasEnded) return;
  hasEnded = true;
  const reason = error instanceof Error && !(error instanceof TypeError) ? ` ${error.message}` : '';
  element('ended').hidden = false;
  element('ended').querySelector('p')!.textContent =
    `The demo has ended: its server does not answer.${reason} Start it again and open the address that it prints.`;
}

async function watch(): Promise<void> {
  while (!hasEnded) {
    await new Promise((resolve) => setTimeout(resolve, STATUS_MS));
    apply(await desk.status());
    await setClock();
  }
}

async function setClock(): Promise<void> {
  clock = await desk.clock();
  element('clock-error').textContent = clock.errorMs.toFixed(1);
}

// What is shown.

let drawnMs = Number.NEGATIVE_INFINITY;
let figuresMs = Number.NEGATIVE_INFINITY;
const style = getComputedStyle(document.documentElement);
let colours: readonly LaneColours[] = [];
setUpTheme(element<HTMLButtonElement>('theme'), () => {
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  colours = players.map((_, index) => ({
    series: named(`series-${index}`),
    grid: named('grid'),
    wrong: named('wrong'),
    muted: named('muted'),
  }));
  drawnMs = Number.NEGATIVE_INFINITY;
});

function paint(): void {
  requestAnimationFrame(paint);
  const nowMs = performance.now();
  const isStill = motion.matches;
  if (nowMs - drawnMs < (isStill ? 1000 : PAINT_MS)) return;
  drawnMs = nowMs;
  const published = recentlyPublished(nowMs);
  const outages = (status?.outages ?? [])
    .map(({ sinceMs, untilMs }) => ({
      sinceMs: Math.max(begunMs, toPage(sinceMs)),
      untilMs: untilMs === null ? null : toPage(untilMs),
    }))
    .filter(({ untilMs }) => untilMs === null || untilMs > begunMs);
  for (const [index, { contestant, card }] of players.entries()) {
    const isMissing = (sequence: number): boolean => contestant.tally.isMissing(sequence);
    drawLane(
      card.canvas,
      { nowMs, marks: contestant.marks, published, isMissing, outages, isStill },
      colours[index]!,
    );
  }
  if (nowMs - figuresMs < FIGURES_MS) return;
  figuresMs = nowMs;
  for (const { contestant, card } of players) {
    card.showFigures(figuresOf(contestant, status?.traffic[contestant.id] ?? null));
  }
  const finding = findingOf(players);
  if (finding !== '') element('finding').textContent = finding;
}

/** The messages of the lanes' time. */
function recentlyPublished(nowMs: number): Published[] {
  const list: Published[] = [];
  if (status === null) return list;
  for (
    let sequence = newestAt(status.segments, nowMs + clock.offsetMs);
    sequence > firstPublished;
    sequence--
  ) {
    const atMs = publishedMs(sequence);
    if (atMs === null || atMs < nowMs - SPAN_MS) break;
    list.push({ sequence, atMs });
  }
  return list;
}

async function begin(): Promise<void> {
  for (let ping = 0; ping < FIRST_PINGS; ping++) await setClock();
  const entered = await desk.ask({ action: 'enter' });
  firstPublished = entered.published;
  begunMs = performance.now();
  const others = new BroadcastChannel('pushbench-demo');
  // In the same browser the earlier page gives way before its next look at the state of things.
  others.onmessage = () => goTo(MOVED);
  others.postMessage('entered');
  apply(entered);
  connect(entered.published);
  document.documentElement.dataset.connected = 'true';
  await watch();
}

if (location.hash === MOVED) {
  element('moved').hidden = false;
  element('live').hidden = true;
} else {
  requestAnimationFrame(paint);
  // An endless frame put in earlier would keep the page from ever being loaded.
  if (document.readyState === 'complete') begin().catch(end);
  else addEventListener('load', () => begin().catch(end));
}
