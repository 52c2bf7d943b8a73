/** A step of a trial took longer than it may. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * The promise's value, or TimedOut with this sentence after `ms`.
 */
export async function within<T>(promise: Promise<T>, ms: number, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(sentence)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `ms`, or as soon as `early` does. @returns whether `early` came first */
export async function pause(ms: number, early: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const full = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  try {
    return await Promise.race([full, early.then(() => true)]);
  } finally {
    clearTimeout(timer);
  }
}
