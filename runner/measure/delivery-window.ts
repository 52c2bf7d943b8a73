/** What a delivery is to its client. */
export const FRESH = 0;
export const REORDERED = 1;
export const DUPLICATE = 2;

const WIDTH = 64;

/** Slots of a client's place: highest sequence number, the two words of its window, whether it takes part. */
const SLOTS = 4;
const HIGHEST = 0;
const LOW = 1;
const HIGH = 2;
const TAKES_PART = 3;

/**
 * Tells fresh deliveries from repeated and late ones, for every client of a shard: its highest sequence number, a 64-bit
 * window of those before it, and whether it takes part in the phase. 16 bytes a client side by side in one typed array,
 * so that a delivery touches one cache line of it.
 *
 * What lies further back than the window cannot be told apart and counts as a duplicate, so a loss is never hidden.
 */
export class DeliveryWindow {
  private readonly places: Int32Array;

  constructor(clients: number) {
    this.places = new Int32Array(clients * SLOTS);
  }

  /** Whether the client takes part in the phase. */
  takesPart(client: number): boolean {
    return this.places[client * SLOTS + TAKES_PART] === 1;
  }

  /** The client takes part from now on. */
  admit(client: number): void {
    this.places[client * SLOTS + TAKES_PART] = 1;
  }

  /** @param sequence 1 or more @returns FRESH, REORDERED (new, but after a later one) or DUPLICATE */
  see(client: number, sequence: number): number {
    const { places } = this;
    const place = client * SLOTS;
    const ahead = sequence - places[place + HIGHEST]!;
    if (ahead > 0) {
      this.shift(place, ahead);
      places[place + HIGHEST] = sequence;
      places[place + LOW]! |= 1;
      return FRESH;
    }
    const behind = -ahead;
    if (behind >= WIDTH) return DUPLICATE;
    const word = place + (behind < 32 ? LOW : HIGH);
    const bit = 1 << (behind & 31);
    if ((places[word]! & bit) !== 0) return DUPLICATE;
    places[word]! |= bit;
    return REORDERED;
  }

  private shift(place: number, by: number): void {
    const { places } = this;
    const low = places[place + LOW]!;
    if (by >= WIDTH) {
      places[place + LOW] = 0;
      places[place + HIGH] = 0;
    } else if (by >= 32) {
      places[place + HIGH] = by === 32 ? low : low << (by - 32);
      places[place + LOW] = 0;
    } else {
      places[place + HIGH] = (places[place + HIGH]! << by) | (low >>> (32 - by));
      places[place + LOW] = low << by;
    }
  }
}
