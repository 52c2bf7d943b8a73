export type StopSignal = 'SIGINT' | 'SIGTERM';

/**
 * A person's wish to stop. The first signal asks: what is in flight is drained and a partial result written. The
 * second leaves at once.
 */
export class Interrupt {
  #requested: StopSignal | null = null;
  readonly #requestListeners = new Set<(signal: StopSignal) => void>();
  readonly #leaveListeners = new Set<(signal: StopSignal) => void>();

  /** The first signal that came, or null. */
  get requested(): StopSignal | null {
    return this.#requested;
  }

  /** Calls `listener` at the first signal, at once when it has come already. Returns what takes it off again. */
  onRequest(listener: (signal: StopSignal) => void): () => void {
    if (this.#requested !== null) listener(this.#requested);
    else this.#requestListeners.add(listener);
    return () => void this.#requestListeners.delete(listener);
  }

  /** Calls `listener` just before the process leaves at the second signal: to kill children, synchronously. */
  onLeave(listener: (signal: StopSignal) => void): () => void {
    this.#leaveListeners.add(listener);
    return () => void this.#leaveListeners.delete(listener);
  }

  /** A signal came. Returns true when it is the second one and the leave listeners have been called. */
  signal(signal: StopSignal): boolean {
    if (this.#requested === null) {
      this.#requested = signal;
      for (const listener of [...this.#requestListeners]) listener(signal);
      return false;
    }
    for (const listener of [...this.#leaveListeners]) {
      try {
        listener(signal);
      } catch {
        // Leaving must not fail: the others still have children to kill.
      }
    }
    return true;
  }
}
