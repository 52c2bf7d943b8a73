/** Which request of a page a head imitates. */
export type BrowserRequest = 'poll' | 'post' | 'frame' | 'event-stream' | 'upgrade';

type Field = readonly [name: string, value: string];

const USER_AGENT: Field = [
  'User-Agent',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
];
const BRANDS: Field = ['sec-ch-ua', '"Not:A-Brand";v="8", "Chromium";v="156"'];
const MOBILE: Field = ['sec-ch-ua-mobile', '?0'];
const PLATFORM: Field = ['sec-ch-ua-platform', '"Linux"'];
const ENCODING: Field = ['Accept-Encoding', 'gzip, deflate, br, zstd'];
const LANGUAGE: Field = ['Accept-Language', 'en-US,en;q=0.9'];
const REFERER: Field = ['Referer', 'http://{host}/'];
const KEEP_ALIVE: Field = ['Connection', 'keep-alive'];
const NO_CACHE: readonly Field[] = [
  ['Pragma', 'no-cache'],
  ['Cache-Control', 'no-cache'],
];
const SAME_ORIGIN: Field = ['Sec-Fetch-Site', 'same-origin'];
const TO_SCRIPT: readonly Field[] = [SAME_ORIGIN, ['Sec-Fetch-Mode', 'cors'], ['Sec-Fetch-Dest', 'empty']];

/** The Chromium that {@link BROWSER_FIELDS} were captured from. */
export const BROWSER_VERSION = '156.0.8078.79';

/**
 * The fields after Host that Chromium {@link BROWSER_VERSION} sends from a page of the same origin, captured at a raw socket
 * and frozen here; `{host}` stands for host and port. Only "HeadlessChrome" was changed to "Chrome", and an upgrade's
 * own four fields and a body's length are left to the request builder.
 */
export const BROWSER_FIELDS: Readonly<Record<BrowserRequest, readonly Field[]>> = {
  poll: [
    KEEP_ALIVE,
    PLATFORM,
    USER_AGENT,
    BRANDS,
    MOBILE,
    ['Accept', '*/*'],
    ...TO_SCRIPT,
    REFERER,
    ENCODING,
    LANGUAGE,
  ],
  post: [
    KEEP_ALIVE,
    PLATFORM,
    USER_AGENT,
    BRANDS,
    ['Content-Type', 'text/plain;charset=UTF-8'],
    MOBILE,
    ['Accept', '*/*'],
    ['Origin', 'http://{host}'],
    ...TO_SCRIPT,
    REFERER,
    ENCODING,
    LANGUAGE,
  ],
  frame: [
    KEEP_ALIVE,
    BRANDS,
    MOBILE,
    PLATFORM,
    ['Upgrade-Insecure-Requests', '1'],
    USER_AGENT,
    [
      'Accept',
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    ],
    SAME_ORIGIN,
    ['Sec-Fetch-Mode', 'navigate'],
    ['Sec-Fetch-User', '?1'],
    ['Sec-Fetch-Dest', 'iframe'],
    REFERER,
    ENCODING,
    LANGUAGE,
  ],
  'event-stream': [
    KEEP_ALIVE,
    ...NO_CACHE,
    PLATFORM,
    USER_AGENT,
    ['Accept', 'text/event-stream'],
    BRANDS,
    MOBILE,
    ...TO_SCRIPT,
    REFERER,
    ENCODING,
    LANGUAGE,
  ],
  upgrade: [
    ...NO_CACHE,
    USER_AGENT,
    ['Origin', 'http://{host}'],
    ENCODING,
    LANGUAGE,
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
  ],
};
