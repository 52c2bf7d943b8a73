import { entrantsOf } from '../arms.js';
import type { Calibrate, Plan } from '../plan.js';

/** All transports of a run are calibrated within this, processes' starts contained. */
export const CALIBRATION_MS = 3000;
/** Windows that are shorter in sum are not worth the time: `auto` then uses only what is kept. */
const SHORT_RUN_SECONDS = 10;

type Extent = Pick<
  Plan,
  'scenarios' | 'clients' | 'trials' | 'durationSeconds' | 'aa' | 'arms' | 'verifyWire'
>;

/** The most that calibrating adds to a run, seconds: what is kept saves it. */
export function calibrationSeconds(plan: Extent, mode: Calibrate): number {
  const none = mode === 'never' || plan.verifyWire === true || isShort({ plan, mode });
  return none ? 0 : CALIBRATION_MS / 1000;
}

/** Whether a run is too short to be worth a calibration, unless one is asked for. */
export function isShort({ plan, mode }: { readonly plan: Extent; readonly mode: Calibrate }): boolean {
  const trials = entrantsOf(plan).length * plan.clients.length * plan.trials;
  return mode === 'auto' && trials * plan.durationSeconds < SHORT_RUN_SECONDS;
}
