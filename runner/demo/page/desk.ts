import type { DemoSettings, DemoStatus } from '../contract.js';
import { type ClockOffset, offsetOf, type Ping } from './clock.js';

/** So many requests compare the clocks, at about two a second: the best of the last half minute counts. */
const KEPT_PINGS = 60;

/** What may be asked for, beside the page's name. */
export type Wish =
  | { readonly action: 'enter' }
  | { readonly action: 'rate'; readonly ratePerSecond: number }
  | { readonly action: 'round-trip'; readonly roundTripMs: number }
  | { readonly action: 'restart' };

/** The demo's own server, which knows the state of things. None of this passes the link or is counted. */
export class Desk {
  readonly #page = crypto.randomUUID();
  readonly #pings: Ping[] = [];

  constructor(private readonly settings: DemoSettings) {}

  /** Asks for something. @returns how things stand then */
  async ask(wish: Wish): Promise<DemoStatus> {
    const answer = await fetch('/command', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Demo-Token': this.settings.token },
      body: JSON.stringify({ ...wish, page: this.#page }),
    });
    return read<DemoStatus>(answer);
  }

  async status(): Promise<DemoStatus> {
    return read<DemoStatus>(await fetch(`/status?page=${this.#page}`));
  }

  /** Compares the clocks once more. */
  async clock(): Promise<ClockOffset> {
    const sentMs = performance.now();
    const answer = await fetch('/time');
    const backMs = performance.now();
    const { nowMs } = await read<{ nowMs: number }>(answer);
    this.#pings.push({ sentMs, serverMs: nowMs, backMs });
    if (this.#pings.length > KEPT_PINGS) this.#pings.shift();
    return offsetOf(this.#pings)!;
  }
}

async function read<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return (await answer.json()) as T;
}
