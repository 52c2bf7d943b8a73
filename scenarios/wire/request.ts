import { createHash } from 'node:crypto';
import { BROWSER_FIELDS, type BrowserRequest } from '../browser-headers.js';
import type { HeaderStyle, Target } from '../contract.js';

const CRLF = '\r\n';
/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The head of a GET up to, and without, its closing blank line: what every request of a client has in common.
 *
 * `minimal` has a Host field only; `browser` has the fields of a real browser's request of that kind.
 */
export function requestHead(target: Target, path: string, style: HeaderStyle, kind: BrowserRequest): string {
  const fields = style === 'browser' ? BROWSER_FIELDS[kind] : [];
  const lines = fields.map(([name, value]) => `${name}: ${value.replaceAll('{host}', target.host)}${CRLF}`);
  return `GET ${path} HTTP/1.1${CRLF}Host: ${target.host}${CRLF}${lines.join('')}`;
}

/** Ends a head made by `requestHead`, with more fields before the blank line. */
export function closeHead(head: string, fields = ''): string {
  return `${head}${fields}${CRLF}`;
}

/** The four fields of an upgrade request (RFC 6455, section 4.1). */
export function upgradeFields(key: string): string {
  return `Upgrade: websocket${CRLF}Connection: Upgrade${CRLF}Sec-WebSocket-Key: ${key}${CRLF}Sec-WebSocket-Version: 13${CRLF}`;
}

/** Sec-WebSocket-Accept for a key (RFC 6455, section 4.2.2). */
export function acceptFor(key: string): string {
  return createHash('sha1').update(key).update(ACCEPT_GUID).digest('base64');
}
