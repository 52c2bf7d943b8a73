import type { Pinning } from '../environment.js';
import type { Interrupt } from '../interrupt.js';
import type { LiveReading } from '../observer.js';
import type { Contestant, Plan } from '../plan.js';
import type { ProcessPlan } from '../process-plan.js';
import type { Packet } from '../verify/packets.js';

/** Everything a trial is given. */
export interface TrialSetting {
  readonly plan: Plan;
  readonly contestant: Contestant;
  readonly processes: ProcessPlan;
  readonly pinning: Pinning | null;
  readonly interrupt: Interrupt;
  readonly onReading: (reading: LiveReading) => void;
  /** Another host's entry file, for benchmarks against a witness. */
  readonly hostEntry?: string;
  /** For the benchmark of what the instruments cost. */
  readonly instruments?: 'full' | 'count';
  /** With plan.verifyWire: every packet whole, and whether it belongs to the window. */
  readonly onPacket?: (packet: Packet, isWindow: boolean) => void;
}
