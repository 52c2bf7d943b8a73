/** Slots of the wheel, one millisecond each; a power of two. */
const SLOTS = 4096;
const NONE = -1;

/**
 * One timer for all clients of a shard: poll instants, back-offs and connect time-outs.
 *
 * A hashed timing wheel (Varghese and Lauck, 1987) with one-millisecond slots and at most one entry a client, kept as
 * linked lists in typed arrays: scheduling and cancelling are O(1) and allocate nothing. It sleeps until the next
 * occupied slot instead of ticking, so a thousand clients that poll once an hour cost nothing in between.
 */
export class TimerWheel {
  private readonly heads = new Int32Array(SLOTS).fill(NONE);
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly dueTick: Float64Array;
  private entries = 0;
  private reached: number;
  private timer: NodeJS.Timeout | null = null;
  private armedFor = Number.POSITIVE_INFINITY;
  private held = false;
  private readonly wake = (): void => this.turn();

  /**
   * @param capacity clients are numbered 0 to capacity - 1
   * @param fire called with a client whose instant has come; it may schedule again at once
   * @param now the clock, in milliseconds; a parameter so that tests turn the wheel by hand
   */
  constructor(
    capacity: number,
    private readonly fire: (client: number) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.next = new Int32Array(capacity).fill(NONE);
    this.previous = new Int32Array(capacity).fill(NONE);
    this.dueTick = new Float64Array(capacity).fill(NONE);
    this.reached = Math.floor(this.now());
  }

  /** Fires for `client` once `atMs` (performance.now() scale) has come, never earlier; replaces what was scheduled for it. */
  schedule(client: number, atMs: number): void {
    this.cancel(client);
    const tick = Math.max(Math.ceil(atMs), this.reached + 1);
    const slot = tick & (SLOTS - 1);
    this.dueTick[client] = tick;
    const head = this.heads[slot]!;
    this.next[client] = head;
    this.previous[client] = NONE;
    if (head !== NONE) this.previous[head] = client;
    this.heads[slot] = client;
    this.entries++;
    if (tick < this.armedFor) this.arm(tick);
  }

  cancel(client: number): void {
    const tick = this.dueTick[client]!;
    if (tick === NONE) return;
    const before = this.previous[client]!;
    const after = this.next[client]!;
    if (before === NONE) this.heads[tick & (SLOTS - 1)] = after;
    else this.next[before] = after;
    if (after !== NONE) this.previous[after] = before;
    this.dueTick[client] = NONE;
    this.entries--;
  }

  /** Cancels everything. */
  stop(): void {
    for (let client = 0; client < this.dueTick.length; client++) this.cancel(client);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  /** Fires nothing until `release`; what comes due meanwhile waits, and may be scheduled and cancelled as ever. */
  hold(): void {
    this.held = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.armedFor = Number.POSITIVE_INFINITY;
  }

  /** Goes on after `hold`; what came due meanwhile fires at once. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    this.turn();
  }

  /** Fires everything that is due. The timer calls it; tests may too. */
  turn(): void {
    this.timer = null;
    this.armedFor = Number.POSITIVE_INFINITY;
    const until = Math.floor(this.now());
    // After a stall of more than a whole turn every slot is visited once, not once for each millisecond missed.
    const first = Math.max(this.reached + 1, until - SLOTS + 1);
    this.reached = until;
    for (let tick = first; tick <= until; tick++) this.visit(tick & (SLOTS - 1), until);
    if (this.entries > 0) this.arm(this.nextDue());
  }

  private visit(slot: number, until: number): void {
    let client = this.heads[slot]!;
    while (client !== NONE) {
      if (this.dueTick[client]! <= until) {
        this.cancel(client);
        this.fire(client);
        // Firing may have changed this list at will; what it added is due later, so starting over ends.
        client = this.heads[slot]!;
      } else {
        client = this.next[client]!;
      }
    }
  }

  /** The earliest tick that may hold a due entry, at most one turn ahead. */
  private nextDue(): number {
    for (let ahead = 1; ahead < SLOTS; ahead++) {
      const tick = this.reached + ahead;
      if (this.heads[tick & (SLOTS - 1)] !== NONE) return tick;
    }
    return this.reached + SLOTS;
  }

  private arm(tick: number): void {
    if (this.held || tick >= this.armedFor) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.armedFor = tick;
    this.timer = setTimeout(this.wake, Math.max(0, tick - this.now()));
  }
}
