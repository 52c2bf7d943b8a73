import type { Result } from './result.js';
import { formatCount } from './units.js';

const PROXIES = { nginx: 'through nginx', 'nginx-default': "through nginx's defaults" } as const;

/** What stands between request and answer, to follow a comma: `, through nginx, 4 handlers of 50 ms`; empty without any. */
export function conditionPhrase({ proxy, handlers }: Result['plan']): string {
  const parts = [
    proxy === undefined ? null : PROXIES[proxy],
    handlers === undefined
      ? null
      : `${formatCount(handlers.count)} ${handlers.count === 1 ? 'handler' : 'handlers'} of ${formatCount(handlers.delayMs)} ms`,
  ];
  return parts.flatMap((part) => (part === null ? [] : [`, ${part}`])).join('');
}
