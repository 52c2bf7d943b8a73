/** Where a byte can be put down. Names after the layers of docs/metrics.md. */
export const LAYERS = ['payload', 'header', 'framing', 'handshake', 'idle'] as const;
export type Layer = (typeof LAYERS)[number];

/** Places of the ledger for bytes from server to client. */
export const DOWN = { payload: 0, header: 1, framing: 2, handshake: 3, idle: 4 } as const;
/** Places of the ledger for bytes from client to server. */
export const UP = { payload: 5, header: 6, framing: 7, handshake: 8, idle: 9 } as const;

const PLACES = 10;

/** A copy of a ledger at one instant, or the difference of two: bytes by direction and layer. */
export interface LedgerTotals {
  readonly up: Readonly<Record<Layer, number>>;
  readonly down: Readonly<Record<Layer, number>>;
}

/**
 * Every byte that a shard's clients read or wrote, put down once.
 *
 * One per shard; ten doubles, so that putting a byte down allocates nothing. A parser may put bytes down before it
 * knows what they are (a head whose answer turns out empty) and `move` them later: the sum never changes by a move.
 */
export class Ledger {
  private readonly places = new Float64Array(PLACES);

  /** @param place one of DOWN or UP */
  put(place: number, bytes: number): void {
    this.places[place]! += bytes;
  }

  move(from: number, to: number, bytes: number): void {
    this.places[from]! -= bytes;
    this.places[to]! += bytes;
  }

  snapshot(): LedgerTotals {
    const at = this.places;
    const read = (from: Readonly<Record<Layer, number>>) =>
      Object.fromEntries(LAYERS.map((layer) => [layer, at[from[layer]]!])) as Record<Layer, number>;
    return { up: read(UP), down: read(DOWN) };
  }
}

/** Combines two sets of totals place by place: `addLedgers(a, b)` for shards, `addLedgers(after, before, -1)` for a window. */
export function addLedgers(a: LedgerTotals, b: LedgerTotals, sign: 1 | -1 = 1): LedgerTotals {
  const add = (left: Readonly<Record<Layer, number>>, right: Readonly<Record<Layer, number>>) =>
    Object.fromEntries(LAYERS.map((layer) => [layer, left[layer] + sign * right[layer]])) as Record<
      Layer,
      number
    >;
  return { up: add(a.up, b.up), down: add(a.down, b.down) };
}

/** All bytes of one direction. */
export function sumLayers(layers: Readonly<Record<Layer, number>>): number {
  let sum = 0;
  for (const layer of LAYERS) sum += layers[layer];
  return sum;
}
