import type { Plan } from '../plan.js';
import { CaptureRefused, PacketCapture } from './packet-capture.js';
import { verifyMistakes } from './verify-limits.js';
import { findWirePrograms } from './wire-programs.js';

/** Why a plan with --verify-wire cannot be run: too large a plan, or programs that are missing. Starts nothing. */
export function wireMistakes(plan: Plan, searchPath: string): readonly string[] {
  if (!plan.verifyWire) return [];
  return [...verifyMistakes(plan), ...findWirePrograms(searchPath).mistakes];
}

/** Tries a capture, for only the kernel knows whether this user may. @returns why it failed, or null */
export async function captureMistake(plan: Plan, searchPath: string): Promise<string | null> {
  if (!plan.verifyWire) return null;
  const { programs } = findWirePrograms(searchPath);
  try {
    const capture = await PacketCapture.start({ programs: programs!, ports: [], payload: false });
    await capture.abandon();
    return null;
  } catch (error) {
    if (error instanceof CaptureRefused) return `--verify-wire: ${error.message}`;
    throw error;
  }
}
