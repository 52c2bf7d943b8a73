import type { ServerDefinition } from './contract.js';
import { iframe } from './iframe.js';
import { longpoll } from './longpoll.js';
import { polling } from './polling.js';
import { pollingClose } from './polling-close.js';
import { socketioPolling } from './socketio-polling.js';
import { socketioUpgrade } from './socketio-upgrade.js';
import { sse } from './sse.js';
import { sseLibrary } from './sse-library.js';
import { websocket } from './websocket.js';
import { websocketRaw } from './websocket-raw.js';

/** Every reference server by its id. One line a transport; everything else follows from here. */
export const servers = {
  polling,
  longpoll,
  iframe,
  sse,
  websocket,
  'polling-close': pollingClose,
  'sse-library': sseLibrary,
  'websocket-raw': websocketRaw,
  'socketio-polling': socketioPolling,
  'socketio-upgrade': socketioUpgrade,
} as const satisfies Record<string, ServerDefinition>;
