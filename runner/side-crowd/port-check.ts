import type { Environment } from '../../reports/result.js';
import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { clientPorts, processPlan } from '../process-plan.js';
import { crowdOf } from './crowd-of.js';

/**
 * Whether the ports of closed connections and those in use fit in the range of client ports. A visitor's page closes
 * first, so its port lingers in TIME_WAIT, for 60 s on Linux. A kernel that reuses such ports sooner (tcp_tw_reuse, on
 * loopback by default) would get by with fewer; that is not relied on.
 */
export function lingeringMistakes(
  plan: Plan,
  { ephemeralPorts, allowedCores, cores }: Pick<Environment, 'ephemeralPorts' | 'allowedCores' | 'cores'>,
): readonly string[] {
  const ports = clientPorts(ephemeralPorts);
  if (ports === null) return [];
  const clients = Math.max(...plan.clients);
  const crowd = crowdOf(plan, clients, 1);
  if (crowd === null || crowd.lingering === undefined) return [];
  const { servers } = processPlan(crowd.atOnce, allowedCores ?? cores, ports);
  const needed = Math.ceil((crowd.atOnce + crowd.lingering) / servers);
  if (needed <= ports) return [];
  return [
    `--churn ${plan.workloadOptions?.churn} for --duration ${plan.durationSeconds}: ${readable(crowd.lingering)} ports of visitors ` +
      `who have left linger in TIME_WAIT, and with ${readable(crowd.atOnce)} people there ` +
      `${readable(needed)} client ports ${servers === 1 ? '' : `towards each of ${servers} servers `}are needed, of ${readable(ports)}. ` +
      `Use a lower --churn or --duration, or widen the range (sysctl net.ipv4.ip_local_port_range).`,
  ];
}
