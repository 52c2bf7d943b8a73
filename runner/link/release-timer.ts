/** Something that is due at an instant; the timer keeps each at most once. */
export interface Due {
  /** Its instant when it was scheduled; must not change while it waits. */
  dueMs: number;
  /** Called once its instant has come, never earlier. It may schedule itself again. */
  release(): void;
}

/** After this long the loop gets its turn: what arrives meanwhile would be stamped late. */
const TURN_MS = 2;

/**
 * One timer for all connections of a process: a binary heap by instant. Instants mostly come in order, so that adding
 * seldom moves anything.
 *
 * Node's timers count whole milliseconds from a clock that stands still during a turn: they fire up to a millisecond
 * early and more than one late. What is woken early waits again; being late is recorded by whoever is released.
 */
export class ReleaseTimer {
  private readonly heap: Due[] = [];
  private timer: NodeJS.Timeout | null = null;
  private immediate: NodeJS.Immediate | null = null;
  private armedForMs = Number.POSITIVE_INFINITY;
  private running = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Calls `due.release()` once its instant has come. It must not be waiting already. */
  schedule(due: Due): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.dueMs <= due.dueMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
    if (!this.running && this.immediate === null) this.arm();
  }

  stop(): void {
    this.heap.length = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.immediate !== null) clearImmediate(this.immediate);
    this.timer = null;
    this.immediate = null;
  }

  /** Releases what is due, for one turn's time. */
  run(): void {
    this.immediate = null;
    this.running = true;
    const startMs = this.now();
    let nowMs = startMs;
    while (this.heap.length > 0 && this.heap[0]!.dueMs <= nowMs && nowMs - startMs < TURN_MS) {
      this.pop().release();
      nowMs = this.now();
    }
    this.running = false;
    if (this.heap.length === 0) return;
    if (this.heap[0]!.dueMs <= nowMs) this.immediate ??= setImmediate(() => this.run());
    else this.arm();
  }

  private arm(): void {
    const dueMs = this.heap[0]!.dueMs;
    if (dueMs >= this.armedForMs) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.armedForMs = dueMs;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.armedForMs = Number.POSITIVE_INFINITY;
        // A turn that has not ended goes on by itself.
        if (this.immediate === null) this.run();
      },
      Math.max(1, Math.floor(dueMs - this.now())),
    );
  }

  private pop(): Due {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    const length = heap.length;
    if (length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && heap[child + 1]!.dueMs < heap[child]!.dueMs) child++;
      if (heap[child]!.dueMs >= last.dueMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
