import type { Reason } from '../../reports/result.js';
import type { Scenario } from '../../scenarios/contract.js';
import { readable } from '../options/readable.js';
import type { ProxyKind } from '../plan.js';

const STREAM_HELD =
  "nginx's defaults ask the server in HTTP/1.0 and hold what it answers, head and all, until a buffer is full or it ends";
const NO_UPGRADE = "nginx's defaults do not pass the upgrade on";

/**
 * Why clients had nothing open when a trial's connect phase ended, or had to make do with less; null when the proxy is not
 * the reason. Such a trial goes on: what the proxy holds or refuses is late or lost, and that is the result.
 *
 * @param kinds what clients saw, in brackets, or nothing
 */
export function blockedReason(
  proxy: ProxyKind | undefined,
  scenario: Scenario,
  clients: { readonly connected: number; readonly requested: number },
  kinds: string,
): Reason | null {
  if (proxy !== 'nginx-default' || scenario.asks) return null;
  if (clients.connected === clients.requested) {
    if (scenario.fallsBack !== true || kinds === '') return null;
    return {
      code: 'proxy-fallback',
      message: `Clients could not move to a WebSocket and went on polling: ${NO_UPGRADE}${kinds}.`,
    };
  }
  const who =
    clients.connected === 0
      ? `None of ${readable(clients.requested)} clients`
      : `Only ${readable(clients.connected)} of ${readable(clients.requested)} clients`;
  return {
    code: 'proxy-blocked',
    message:
      scenario.family === 'socket'
        ? `${who} could connect: ${NO_UPGRADE}${kinds}.`
        : `${who} had a stream before the first message: ${STREAM_HELD}${kinds}.`,
  };
}
