import { timingSafeEqual } from 'node:crypto';

/** The field in which the page proves that it is ours. */
export const TOKEN_FIELD = 'x-demo-token';

/** What a request says of itself, as far as it decides whether it is answered. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which scripts cannot set. */
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
  readonly token: string | undefined;
}

/** Where the demo listens, and the secret inside its page. */
export interface Identity {
  readonly port: number;
  readonly token: string;
}

/**
 * Why a request is refused, in one sentence; null when it is not. Pure.
 *
 * Every web page that is open in the same browser can send requests to loopback. Three things keep it from driving the
 * demo: a page whose own name was made to point here (DNS rebinding) sends that name as Host; another origin names itself
 * in Origin and Sec-Fetch-Site; and neither can read the token out of our page.
 */
export function refusalOf(asked: Asked, { port, token }: Identity): string | null {
  const names = namesOf(port);
  if (asked.host === undefined || !names.includes(asked.host)) {
    return `This server answers only to the names ${names.slice(0, 2).join(' and ')}.`;
  }
  // A link to the page may stand anywhere; everything else is for the page itself.
  const isPage = asked.path === '/';
  if (!isPage && asked.fetchSite !== undefined && !['same-origin', 'none'].includes(asked.fetchSite)) {
    return 'This is answered to the demo page only, not to pages of other origins.';
  }
  if (asked.method !== 'POST') return null;
  if (asked.origin !== `http://${asked.host}`) return 'Commands are taken from the demo page only.';
  if (asked.contentType !== 'application/json') return 'Commands are JSON: Content-Type: application/json.';
  if (!isSame(asked.token, token)) {
    return `Commands carry the token of the page in ${TOKEN_FIELD}. The demo was started again: reload the page.`;
  }
  return null;
}

/** Host fields that are ours. Browsers leave the default port out. */
function namesOf(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost'];
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
}

function isSame(given: string | undefined, token: string): boolean {
  const a = Buffer.from(given ?? '', 'utf8');
  const b = Buffer.from(token, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
