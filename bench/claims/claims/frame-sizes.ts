import type { MeasuredTrial } from '../../../reports/result.js';

/** Bytes of a whole frame, by the sockets' own counters, in a trial where each exchange is a frame up and a frame down. */
export function frameSizes(trial: MeasuredTrial | null): {
  readonly up: number | null;
  readonly down: number | null;
} {
  const { sockets } = trial?.measurements.wire ?? {};
  const exchanges = trial?.measurements.messages.delivered ?? 0;
  if (sockets === undefined || exchanges === 0) return { up: null, down: null };
  return { up: sockets.up / exchanges, down: sockets.down / exchanges };
}
