import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { readKernelBuffers } from '../side-crowd/kernel-buffers.js';
import type { Workload } from './contract.js';
import { notVerified } from './not-verified.js';
import { rateSchedules } from './rate-schedules.js';

const DEFAULT_PERCENT = 10;
/** A slow reader takes this much at a time, and so often: 40,000 bytes a second, a third of a megabit. */
export const SLOW_READ_BYTES = 4000;
export const SLOW_EVERY_MS = 100;
export const SLOW_BYTES_PER_SECOND = (SLOW_READ_BYTES * 1000) / SLOW_EVERY_MS;

/** How many of the clients read slowly: at least one, and one is left that does not. */
function slowOf(plan: Plan, clients: number): number {
  const percent = plan.workloadOptions?.slow ?? DEFAULT_PERCENT;
  return Math.min(clients - 1, Math.max(1, Math.round((clients * percent) / 100)));
}

export const slowReaders: Workload = {
  id: 'slow-readers',
  description: 'Some of the clients read slowly: what that costs the server, and whether the others feel it.',
  options: { slow: () => DEFAULT_PERCENT },
  schedules: rateSchedules,
  crowd(plan, clients) {
    const slow = slowOf(plan, clients);
    return {
      main: clients - slow,
      atOnce: clients,
      side: { kind: 'slow readers', clients: slow, readBytes: SLOW_READ_BYTES, everyMs: SLOW_EVERY_MS },
    };
  },
  refuses: () => null,
  mistakes(plan) {
    const mistakes = [...notVerified(plan)];
    if (Math.min(...plan.clients) < 2) {
      mistakes.push(
        '--workload slow-readers needs two clients at least: one that reads slowly and one that does not.',
      );
    }
    if (plan.rttMs > 0 || plan.bandwidthBitsPerSecond !== null) {
      mistakes.push(
        '--rtt and --bandwidth put a link in front of the server that reads for the slow readers: leave them out in --workload slow-readers.',
      );
    }
    return mistakes;
  },
  notes(plan) {
    const sent = plan.payloadBytes * plan.ratePerSecond;
    const buffers = readKernelBuffers();
    const seconds = plan.durationSeconds;
    const held = (buffers?.send ?? 0) + (buffers?.receive ?? 0);
    if ((sent - SLOW_BYTES_PER_SECOND) * seconds > held) return [];
    const needed = Math.ceil((SLOW_BYTES_PER_SECOND + held / seconds) / plan.ratePerSecond);
    return [
      `a slow reader takes ${readable(SLOW_BYTES_PER_SECOND)} bytes a second, ${readable(Math.round(sent))} of payload are sent to each, ` +
        `and the kernel holds up to ${readable(held)} for a connection: the server may not notice. It surely would with ` +
        `--payload ${needed} at this rate and duration.`,
    ];
  },
};
