import { plainText } from '../../../reports/plain-text.js';
import { ChildDied } from '../../child.js';
import { TimedOut } from '../../deadline.js';
import type { CheckId } from './contract.js';

/** Sentences hold words of servers that are not ours. */
export const LONGEST_SENTENCE = 2000;

/** There is no use in going on; the message is a sentence without its full stop. */
export class Hopeless extends Error {
  constructor(
    readonly check: CheckId,
    message: string,
  ) {
    super(message);
  }
}

/** The check that ended a target's checks, and why, as a sentence. */
export function told(error: unknown): { check: CheckId; sentence: string } {
  const message = error instanceof Error ? error.message : String(error);
  const check = error instanceof Hopeless ? error.check : 'ready';
  const known = error instanceof Hopeless || error instanceof ChildDied || error instanceof TimedOut;
  const text = plainText(known ? message : `the target could not be checked: ${message}`, LONGEST_SENTENCE);
  return { check, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.` };
}
