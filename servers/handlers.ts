import type { Socket } from 'node:net';
import type { ServerSettings } from './contract.js';
import { HandlerPool, type HandlerSample, type HandlerSettings } from './handler-pool.js';

/** What a request is refused with when it cannot even wait. */
export const QUEUE_IS_FULL = 'All handlers are busy and too many requests wait for one.';

// A server process has one server, and its handlers are the process's; tests start several, each with settings of its own.
const pools = new WeakMap<HandlerSettings, HandlerPool>();
let latest: HandlerPool | null = null;

/**
 * Does `work` for a request that came on this connection: at once, or when the settings ask for handlers, once one of
 * them has spent its time on it. A request whose client leaves meanwhile is forgotten.
 *
 * Every server calls it once a request and once an upgrade, and never for what it sends by itself.
 *
 * @returns false when the queue is full and the request is to be refused (503)
 */
export function withHandler(
  { handlers }: Pick<ServerSettings, 'handlers'>,
  socket: Socket,
  work: () => void,
): boolean {
  if (handlers === undefined) {
    work();
    return true;
  }
  const cancel = poolOf(handlers).take(() => {
    socket.off('close', cancelled);
    socket.off('error', ignore);
    work();
  });
  function cancelled(): void {
    cancel?.();
  }
  if (cancel === null) return false;
  // Requests that were pipelined wait side by side, each with listeners of its own.
  socket.setMaxListeners(0);
  socket.once('close', cancelled);
  // Nobody else listens while an upgrade waits.
  socket.on('error', ignore);
  return true;
}

/** What this process's handlers did so far; null when it has none. Begins a new span for what was worst. */
export function sampleHandlers(): HandlerSample | null {
  return latest?.sample() ?? null;
}

function ignore(): void {}

function poolOf(settings: HandlerSettings): HandlerPool {
  let pool = pools.get(settings);
  if (pool === undefined) {
    pool = new HandlerPool(settings);
    pools.set(settings, pool);
    latest = pool;
  }
  return pool;
}
