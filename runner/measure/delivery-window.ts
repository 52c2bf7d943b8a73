/** What a delivery is to its client. */
export const FRESH = 0;
export const REORDERED = 1;
export const DUPLICATE = 2;

const WIDTH = 64;

/**
 * Tells fresh deliveries from repeated and late ones, for every client of a shard: its highest sequence number and a
 * 64-bit window of those before it, in typed arrays (16 bytes a client).
 *
 * What lies further back than the window cannot be told apart and counts as a duplicate, so a loss is never hidden.
 */
export class DeliveryWindow {
  private readonly highest: Int32Array;
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;

  constructor(clients: number) {
    this.highest = new Int32Array(clients);
    this.low = new Uint32Array(clients);
    this.high = new Uint32Array(clients);
  }

  /** @param sequence 1 or more @returns FRESH, REORDERED (new, but after a later one) or DUPLICATE */
  see(client: number, sequence: number): number {
    const ahead = sequence - this.highest[client]!;
    if (ahead > 0) {
      this.shift(client, ahead);
      this.highest[client] = sequence;
      this.low[client]! |= 1;
      return FRESH;
    }
    const behind = -ahead;
    if (behind >= WIDTH) return DUPLICATE;
    const words = behind < 32 ? this.low : this.high;
    const bit = 1 << (behind & 31);
    if ((words[client]! & bit) !== 0) return DUPLICATE;
    words[client]! |= bit;
    return REORDERED;
  }

  private shift(client: number, by: number): void {
    const low = this.low[client]!;
    if (by >= WIDTH) {
      this.low[client] = 0;
      this.high[client] = 0;
    } else if (by >= 32) {
      this.high[client] = by === 32 ? low : low << (by - 32);
      this.low[client] = 0;
    } else {
      this.high[client] = (this.high[client]! << by) | (low >>> (32 - by));
      this.low[client] = low << by;
    }
  }
}
