import type { Target } from '../scenarios/contract.js';

/**
 * Where a server announced itself, in the parts a virtual client needs.
 * @param url http: or ws: with an IP address and a port
 */
export function parseTarget(url: string): Target {
  const parsed = new URL(url);
  const port = Number(parsed.port || 80);
  return {
    address: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    host: `${parsed.hostname}:${port}`,
    path: `${parsed.pathname}${parsed.search}`,
  };
}
