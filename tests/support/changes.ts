const DEFAULT_LIMIT_MS = 20_000;

/** Lets a test wait for a condition that can only change when `changed` is called: no polling, no sleeping. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Something happened: whoever waits looks again. */
  readonly changed = (): void => {
    for (const look of [...this.#waiting]) look();
  };

  /**
   * Resolves once the condition holds.
   * @param what is told when it does not within `limitMs`, or a function that says how far things have come
   */
  until(condition: () => boolean, what: string | (() => string), limitMs = DEFAULT_LIMIT_MS): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited ${limitMs} ms for ${typeof what === 'string' ? what : what()}`));
      }, limitMs);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }
}
