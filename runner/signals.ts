import { exitCodeOfSignal } from './exit-code.js';
import type { Interrupt, StopSignal } from './interrupt.js';

/**
 * Hands SIGINT and SIGTERM of this process to an interrupt; the second one ends the process.
 *
 * @param announcement what is said at the first signal, null for nothing
 * @param say prints a sentence to stderr
 * @returns what restores the default handling
 */
export function listenForSignals(
  interrupt: Interrupt,
  announcement: string | null,
  say: (sentence: string) => void,
): () => void {
  const handle = (signal: StopSignal): void => {
    const first = interrupt.requested === null;
    if (first && announcement !== null) say(announcement);
    if (interrupt.signal(signal)) process.exit(exitCodeOfSignal(interrupt.requested ?? signal));
  };
  const onInt = (): void => handle('SIGINT');
  const onTerm = (): void => handle('SIGTERM');
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  return () => {
    process.off('SIGINT', onInt);
    process.off('SIGTERM', onTerm);
  };
}
