import type { ServerDefinition } from './contract.js';
import { iframe } from './iframe.js';
import { longpoll } from './longpoll.js';
import { polling } from './polling.js';
import { sse } from './sse.js';
import { websocket } from './websocket.js';

/** Every reference server by its id. One line a transport; everything else follows from here. */
export const servers = { polling, longpoll, iframe, sse, websocket } as const satisfies Record<
  string,
  ServerDefinition
>;
