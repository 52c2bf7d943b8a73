import type { Traffic } from '../contract.js';

/** What the counters said at one instant, beside what this page knew then. */
export interface Point extends Traffic {
  readonly atMs: number;
  /** Messages that this page knows to have missed so far. */
  readonly missing: number;
}

/** A handshake, and what was before a change of rate, are out of the figure after this time. */
export const RECENT_MS = 30_000;

/** Bytes a message over the last half minute. */
export class RecentBytes {
  readonly #points: Point[] = [];

  add(point: Point): void {
    this.#points.push(point);
    while (this.#points.length > 2 && this.#points[0]!.atMs < point.atMs - RECENT_MS) this.#points.shift();
  }

  /** Bytes of the time / messages published in it and not missed; null before the first of them. */
  perMessage(): Pick<Traffic, 'up' | 'down'> | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined) return null;
    const messages = last.published - first.published - (last.missing - first.missing);
    if (messages <= 0) return null;
    return { up: (last.up - first.up) / messages, down: (last.down - first.down) / messages };
  }
}
