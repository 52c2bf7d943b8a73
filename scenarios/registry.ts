import type { Scenario } from './contract.js';
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

/** Every transport, in the order of tables and colours. Command-line choices, plan, charts and docs follow from it. */
export const scenarios = {
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
} as const satisfies Record<string, Scenario>;

export type ScenarioId = keyof typeof scenarios;

/** What `--scenario all` means, now and when the registry has grown. */
export const ALL_SCENARIOS: readonly ScenarioId[] = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'];
