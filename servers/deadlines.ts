/** How long each of many things may take, with one timer for all: every one has the same time, so they end in order. */
export class Deadlines<T> {
  readonly #dueMs = new Map<T, number>();
  readonly #limitMs: number;
  readonly #expired: (item: T) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param expired called once for an item that took longer than `limitMs`; it is forgotten before */
  constructor(limitMs: number, expired: (item: T) => void) {
    this.#limitMs = limitMs;
    this.#expired = expired;
  }

  get size(): number {
    return this.#dueMs.size;
  }

  has(item: T): boolean {
    return this.#dueMs.has(item);
  }

  items(): IterableIterator<T> {
    return this.#dueMs.keys();
  }

  add(item: T): void {
    this.#dueMs.set(item, performance.now() + this.#limitMs);
    this.#timer ??= setTimeout(this.#ring, this.#limitMs);
  }

  /** In time, or given up; harmless when it is not there. */
  delete(item: T): void {
    this.#dueMs.delete(item);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#dueMs.clear();
  }

  // After a stall of the whole process timers come before the reads that waited meanwhile: those are looked at first.
  readonly #ring = (): void => {
    setImmediate(this.#sweep);
  };

  readonly #sweep = (): void => {
    this.#timer = undefined;
    if (this.#closed) return;
    const now = performance.now();
    for (const [item, dueMs] of this.#dueMs) {
      if (dueMs > now) {
        this.#timer = setTimeout(this.#ring, Math.max(1, Math.ceil(dueMs - now)));
        return;
      }
      this.#dueMs.delete(item);
      this.#expired(item);
    }
  };
}
