import type { ServerDefinition } from './contract.js';
import { iframe } from './iframe.js';
import { longpoll } from './longpoll.js';
import { polling } from './polling.js';
import { pollingClose } from './polling-close.js';
import { sse } from './sse.js';
import { websocketRaw } from './websocket-raw.js';

/**
 * A server that is made with a library, which takes longer to load than all of ours: the process that serves it loads it,
 * and the others do not wait for it.
 */
const loaded = (id: string, load: () => Promise<ServerDefinition>): ServerDefinition => ({
  id,
  load,
  start: async (feed, settings) => (await load()).start(feed, settings),
});

/** Every reference server by its id. One line a transport; everything else follows from here. */
export const servers = {
  polling,
  longpoll,
  iframe,
  sse,
  websocket: loaded('websocket', async () => (await import('./websocket.js')).websocket),
  'polling-close': pollingClose,
  'sse-library': loaded('sse-library', async () => (await import('./sse-library.js')).sseLibrary),
  'websocket-raw': websocketRaw,
  'socketio-polling': loaded(
    'socketio-polling',
    async () => (await import('./socketio-polling.js')).socketioPolling,
  ),
  'socketio-upgrade': loaded(
    'socketio-upgrade',
    async () => (await import('./socketio-upgrade.js')).socketioUpgrade,
  ),
} as const satisfies Record<string, ServerDefinition>;
