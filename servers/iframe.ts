import type { ServerDefinition } from './contract.js';
import { encodeScriptCall } from './script-call.js';
import { startStreamServer } from './stream-server.js';

/** Browsers hold back the beginning of a page until they have seen about this much of it. */
const PRELUDE_BYTES = 1024;

const HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>iframe stream</title></head><body>\n';
const PRELUDE = Buffer.from(`${HEAD}<!--${' '.repeat(PRELUDE_BYTES - HEAD.length - 8)}-->\n`, 'latin1');

/** Iframe streaming: an endless page; each message is a script element that calls `m` in the parent page. */
export const iframe: ServerDefinition = {
  id: 'iframe',
  start: (feed, settings) =>
    startStreamServer(feed, settings, {
      path: '/iframe',
      contentType: 'text/html; charset=utf-8',
      headers: [],
      prelude: () => PRELUDE,
      encode: (message) => encodeScriptCall(message.text),
    }),
};
