import type { Environment } from '../reports/result.js';
import { needsOf } from './capacity-check.js';
import { scenarioOf } from './contenders.js';
import { linkSettings } from './link/link-plan.js';
import { readable } from './options/readable.js';
import type { Plan } from './plan.js';
import { clientPorts } from './process-plan.js';

/** How long Linux remembers a connection at the end that closed first (TCP_TIMEWAIT_LEN, not to be changed). */
export const TIME_WAIT_SECONDS = 60;
/** Above this part of what the kernel keeps, a plan is told so. */
const NEAR = 0.75;

type Machine = Parameters<typeof needsOf>[1] & Pick<Environment, 'timeWait'>;

/**
 * Whether the connections of a plan that makes one for each poll fit in what the kernel remembers of them.
 *
 * The server closes first, so TIME_WAIT stands at its end and a client's port is free at once: 32,000 connections over
 * 28,232 ports met no refusal (measured on Linux 6.18). A connection on a pair of ports that the server still remembers
 * ends that memory early (RFC 6191), so at most as many stand as there are pairs. Linux gives out every second port
 * of the range as long as one of those is free. A limit that cannot be read is not judged.
 */
export function checkPorts(
  plan: Pick<
    Plan,
    'scenarios' | 'contenders' | 'clients' | 'pollIntervalMs' | 'rttMs' | 'bandwidthBitsPerSecond'
  >,
  machine: Machine,
): { mistakes: readonly string[]; warnings: readonly string[] } {
  const closing = plan.scenarios.filter((id) => scenarioOf(plan, id)?.reconnectsEachPoll);
  const limit = machine.timeWait?.limit ?? null;
  const ports = clientPorts(machine.ephemeralPorts);
  if (closing.length === 0 || ports === null) return { mistakes: [], warnings: [] };

  const clients = Math.max(...plan.clients);
  const { processes } = needsOf(clients, machine, linkSettings(plan) !== null);
  const perSecond = (clients * 1000) / plan.pollIntervalMs;
  const ended = Math.round(perSecond * TIME_WAIT_SECONDS);
  const pairs = processes.servers * Math.floor(ports / 2);
  const standing = Math.min(ended, pairs);
  const rate =
    `${closing.join(', ')}: ${readable(clients)} clients at --poll-interval ${plan.pollIntervalMs} end ` +
    `${readable(Math.round(perSecond))} connections a second, and the kernel remembers each for ${TIME_WAIT_SECONDS} s (TIME_WAIT)`;
  const keeps = `this kernel keeps ${readable(limit ?? 0)} (net.ipv4.tcp_max_tw_buckets)`;

  if (limit !== null && standing > limit) {
    const leastMs = Math.ceil((clients * TIME_WAIT_SECONDS * 1000) / limit);
    const mostClients = Math.floor((limit * plan.pollIntervalMs) / (TIME_WAIT_SECONDS * 1000));
    const fewer = mostClients < 1 ? '' : `, ask for at most ${readable(mostClients)} clients (--clients)`;
    return {
      mistakes: [
        `${rate}: ${readable(standing)} at once, but ${keeps} and forgets the rest without a word. ` +
          `Poll every ${readable(leastMs)} ms or less often (--poll-interval ${leastMs})${fewer}, or raise that limit.`,
      ],
      warnings: [],
    };
  }
  const warnings: string[] = [];
  if (limit !== null && standing > NEAR * limit) {
    warnings.push(`${rate}: up to ${readable(standing)} at once, and ${keeps}, other programs' contained.`);
  }
  if (ended > pairs) {
    warnings.push(
      `${rate}: ${readable(ended)} in all, more than the ${readable(pairs)} pairs of ports there are between one client ` +
        `address and ${processes.servers === 1 ? 'the server' : `${processes.servers} servers`}. No connection is ` +
        `refused for that, but a pair that is used again is remembered once: fewer will be counted than clients on ` +
        `many machines would leave.`,
    );
  }
  return { mistakes: [], warnings };
}
