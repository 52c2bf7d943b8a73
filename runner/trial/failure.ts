import type { Reason } from '../../reports/result.js';
import { ChildDied } from '../child.js';
import { TimedOut } from '../deadline.js';
import type { Interrupt } from '../interrupt.js';

/** The run was interrupted before the window opened: there is nothing to keep. */
export class Interrupted extends Error {}

/** Nobody got in. */
export class NoClient extends Error {}

/** Between its fork and a process group of its own, a child is still in the terminal's, and Ctrl-C ends it. */
export function diedOfInterrupt(error: unknown, interrupt: Interrupt): boolean {
  return error instanceof ChildDied && error.signal !== null && error.signal === interrupt.requested;
}

export function interruptedReason(when: string): Reason {
  return { code: 'interrupted', message: `The run was interrupted ${when}.` };
}

/** Why a trial failed, from what was thrown. */
export function failureReason(error: unknown): Reason {
  if (error instanceof ChildDied) return { code: `${error.role}-died`, message: sentence(error.message) };
  if (error instanceof TimedOut) return { code: 'timed-out', message: sentence(error.message) };
  if (error instanceof NoClient) return { code: 'no-client-connected', message: error.message };
  return { code: 'fault', message: sentence(error instanceof Error ? error.message : String(error)) };
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
