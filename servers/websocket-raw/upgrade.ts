import { hash } from 'node:crypto';
import { CORS } from '../http-server.js';
import { originForm } from '../request-target.js';
import { chooseSubprotocol } from '../subprotocols.js';
import { listOf, type RequestHead } from './request-head.js';

/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VERSION = '13';

const UPGRADE = 'Upgrade: websocket';

const PHRASES = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  426: 'Upgrade Required',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
} as const;

/** What is said to a request, whole; after anything but a 101 the connection is over. */
export interface UpgradeAnswer {
  readonly accepted: boolean;
  readonly text: string;
}

/**
 * Answers an opening handshake (RFC 6455, section 4.2).
 *
 * 101 has the fields that the RFC demands and no other, byte for byte as `ws` sends them. Refusals: 400 for what is
 * malformed or misses a field, 404 for another path, 405 for another method than GET, 426 for plain HTTP and for another
 * version than 13, which is named. Extensions are not spoken, so an offer of them is passed over.
 *
 * @param head null when the request could not be read at all
 * @param path the only path there is
 */
export function answerUpgrade(head: RequestHead | null, path: string): UpgradeAnswer {
  if (head === null) return refusal(400, 'The request is malformed.');
  const bad = (sentence: string): UpgradeAnswer => refusal(400, sentence, [], head.method);
  if (head.major !== 1 || head.minor < 1) return bad('An upgrade needs HTTP/1.1.');
  if (head.fields.get('host')?.length !== 1) return bad('A request has exactly one Host field.');
  if (head.fields.has('transfer-encoding') || single(head, 'content-length', '0') !== '0')
    return bad('An upgrade has no body.');
  if (originForm(head.target).split('?', 1)[0] !== path)
    return refusal(404, `There is only ${path} here.`, [], head.method);
  if (head.method !== 'GET') return refusal(405, 'An upgrade is a GET.', ['Allow: GET'], head.method);
  if (!hasToken(head, 'upgrade', 'websocket')) return refusal(426, 'This is a WebSocket server.', [UPGRADE]);
  if (!hasToken(head, 'connection', 'upgrade')) return bad('The Connection field does not say Upgrade.');
  if (single(head, 'sec-websocket-version') !== VERSION)
    return refusal(426, `This server speaks version ${VERSION} of WebSocket.`, [
      UPGRADE,
      `Sec-WebSocket-Version: ${VERSION}`,
    ]);
  const key = single(head, 'sec-websocket-key');
  if (key === undefined || !KEY.test(key)) return bad('Sec-WebSocket-Key is not 16 bytes in base64.');
  const offers = listOf(head, 'sec-websocket-protocol');
  if (head.fields.has('sec-websocket-protocol') && !areDistinctTokens(offers))
    return bad('Sec-WebSocket-Protocol is not a list of different tokens.');
  return { accepted: true, text: accept(key, chooseSubprotocol(offers)) };
}

/** The answer to a head that is longer than heads may be. */
export const HEAD_TOO_LARGE: UpgradeAnswer = refusal(431, 'The request head is too large.');

function accept(key: string, subprotocol: string | undefined): string {
  const digest = hash('sha1', key + ACCEPT_GUID, 'base64');
  const protocol = subprotocol === undefined ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
  return (
    `HTTP/1.1 101 Switching Protocols\r\n${UPGRADE}\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Accept: ${digest}\r\n${protocol}\r\n`
  );
}

/** The field's value when it stands there once; the fallback when it does not. A field that is repeated is as good as wrong. */
function single(head: RequestHead, name: string, fallback?: string): string | undefined {
  const values = head.fields.get(name);
  if (values === undefined) return fallback;
  return values.length === 1 ? values[0] : '';
}

function hasToken(head: RequestHead, name: string, token: string): boolean {
  return listOf(head, name).some((element) => element.toLowerCase() === token);
}

function areDistinctTokens(offers: readonly string[]): boolean {
  return (
    offers.length > 0 && offers.every((offer) => TOKEN.test(offer)) && new Set(offers).size === offers.length
  );
}

/** An error answer that ends the connection. @param fields whole lines */
export function refusal(
  status: keyof typeof PHRASES,
  sentence: string,
  fields: readonly string[] = [],
  method = 'GET',
): UpgradeAnswer {
  const body = `${sentence}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${PHRASES[status]}`,
    ...fields,
    // An Upgrade field is named in Connection (RFC 9110, section 7.8); whatever was asked, this answer is the last.
    fields.includes(UPGRADE) ? 'Connection: Upgrade, close' : 'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    CORS.join(': '),
  ];
  return { accepted: false, text: `${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}` };
}
