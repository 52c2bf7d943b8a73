/** Where a byte can be put down. Names after the layers of docs/metrics.md. */
export const LAYERS = ['payload', 'header', 'framing', 'handshake', 'idle'] as const;
export type Layer = (typeof LAYERS)[number];

/** Places of the ledger for bytes from server to client. */
export const DOWN = { payload: 0, header: 1, framing: 2, handshake: 3, idle: 4 } as const;
/** Places of the ledger for bytes from client to server. */
export const UP = { payload: 5, header: 6, framing: 7, handshake: 8, idle: 9 } as const;

/**
 * Bytes that stand in one of the places above as well and are told apart, an "of which": cookie lines of requests, those
 * of them that belong to handshakes, and what base64 adds to payloads. They are no part of the sum.
 */
export const OF_WHICH = { identity: 10, identityInHandshakes: 11, growth: 12 } as const;
export type OfWhich = keyof typeof OF_WHICH;

const PLACES = 13;

/** A copy of a ledger at one instant, or the difference of two: bytes by direction and layer. */
export interface LedgerTotals {
  readonly up: Readonly<Record<Layer, number>>;
  readonly down: Readonly<Record<Layer, number>>;
  readonly ofWhich: Readonly<Record<OfWhich, number>>;
}

/**
 * Every byte that a shard's clients read or wrote, put down once.
 *
 * One per shard; a few doubles, so that putting a byte down allocates nothing. A parser may put bytes down before it
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

  /** Tells bytes apart that were put down in one of the ten places. @param ofWhich one of OF_WHICH */
  note(ofWhich: number, bytes: number): void {
    this.places[ofWhich]! += bytes;
  }

  snapshot(): LedgerTotals {
    const at = this.places;
    const read = (from: Readonly<Record<Layer, number>>) =>
      Object.fromEntries(LAYERS.map((layer) => [layer, at[from[layer]]!])) as Record<Layer, number>;
    return {
      up: read(UP),
      down: read(DOWN),
      ofWhich: {
        identity: at[OF_WHICH.identity]!,
        identityInHandshakes: at[OF_WHICH.identityInHandshakes]!,
        growth: at[OF_WHICH.growth]!,
      },
    };
  }
}

/** Combines two sets of totals place by place: `addLedgers(a, b)` for shards, `addLedgers(after, before, -1)` for a window. */
export function addLedgers(a: LedgerTotals, b: LedgerTotals, sign: 1 | -1 = 1): LedgerTotals {
  const add = <K extends string>(left: Readonly<Record<K, number>>, right: Readonly<Record<K, number>>) =>
    Object.fromEntries(
      (Object.keys(left) as K[]).map((name) => [name, left[name] + sign * right[name]]),
    ) as Record<K, number>;
  return { up: add(a.up, b.up), down: add(a.down, b.down), ofWhich: add(a.ofWhich, b.ofWhich) };
}

/** All bytes of one direction. */
export function sumLayers(layers: Readonly<Record<Layer, number>>): number {
  let sum = 0;
  for (const layer of LAYERS) sum += layers[layer];
  return sum;
}
