import { createHash } from 'node:crypto';
import type { Random } from '../../protocol/random.js';
import { BROWSER_FIELDS, type BrowserRequest } from '../browser-headers.js';
import type { HeaderStyle, Target } from '../contract.js';

const CRLF = '\r\n';
const KEEPS = 'Connection: keep-alive\r\n';
const CLOSES = 'Connection: close\r\n';
/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The head of a request up to, and without, its closing blank line: what every request of a client has in common. It is
 * a GET, except for the kind `post`, whose Content-Length is the caller's to add.
 *
 * `minimal` has a Host field only; `browser` has the fields of a real browser's request of that kind. The target's cookie
 * comes last, as a browser sends it.
 */
export function requestHead(target: Target, path: string, style: HeaderStyle, kind: BrowserRequest): string {
  const fields = style === 'browser' ? BROWSER_FIELDS[kind] : [];
  const lines = fields.map(([name, value]) => `${name}: ${value.replaceAll('{host}', target.host)}${CRLF}`);
  return `${kind === 'post' ? 'POST' : 'GET'} ${path} HTTP/1.1${CRLF}Host: ${target.host}${CRLF}${lines.join('')}${target.cookie ?? ''}`;
}

/** Ends a head made by `requestHead`, with more fields before the blank line. */
export function closeHead(head: string, fields = ''): string {
  return `${head}${fields}${CRLF}`;
}

/** The same head, with `Connection: close` where a browser has its Connection field: after Host. */
export function closingHead(head: string): string {
  return head.includes(KEEPS)
    ? head.replace(KEEPS, CLOSES)
    : head.replace(/^Host: .*\r\n/m, (host) => host + CLOSES);
}

/** The four fields of an upgrade request (RFC 6455, section 4.1), and a fifth when sub-protocols are asked for. */
export function upgradeFields(key: string, subprotocols: readonly string[] = []): string {
  const asked = subprotocols.length === 0 ? '' : `Sec-WebSocket-Protocol: ${subprotocols.join(', ')}${CRLF}`;
  return `Upgrade: websocket${CRLF}Connection: Upgrade${CRLF}Sec-WebSocket-Key: ${key}${CRLF}Sec-WebSocket-Version: 13${CRLF}${asked}`;
}

/** A key for an upgrade: 16 bytes drawn by lot, in base64 (RFC 6455, section 4.1). */
export function upgradeKey(random: Random): string {
  const nonce = Buffer.allocUnsafe(16);
  for (let at = 0; at < 16; at++) nonce[at] = random() * 256;
  return nonce.toString('base64');
}

/** Sec-WebSocket-Accept for a key (RFC 6455, section 4.2.2). */
export function acceptFor(key: string): string {
  return createHash('sha1').update(key).update(ACCEPT_GUID).digest('base64');
}
