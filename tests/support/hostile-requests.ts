/** What a client may send instead of a request, and how it is refused. The connection ends after each. */
export interface HostileRequest {
  readonly what: string;
  readonly bytes: string | Buffer;
  /** Status of the answer; 0 when the connection ends without one. */
  readonly status: number;
  /** The same of the server that has its own parser, and reads up to a blank line before it judges. */
  readonly raw?: number;
}

/** A ClientHello as openssl begins it. */
const CLIENT_HELLO = Buffer.from('16030100a5010000a1030352a1b7', 'hex');

const request = (line: string, ...fields: string[]): string =>
  [line, 'Host: x', ...fields, '', ''].join('\r\n');

/** @param target one that a good request names */
export function malformed(target: string): HostileRequest[] {
  const get = (...fields: string[]): string => request(`GET ${target} HTTP/1.1`, ...fields);
  const bad = (what: string, bytes: string | Buffer, status = 400, raw = status): HostileRequest => ({
    what,
    bytes,
    status,
    raw,
  });
  return [
    bad('a method alone', 'GET\r\n\r\n'),
    bad('zeroes', '\0\0\0\0\r\n\r\n'),
    bad('a method in small letters', request(`get ${target} HTTP/1.1`), 400, 405),
    bad('a version that there is not', request(`GET ${target} HTTP/9.9`)),
    bad('HTTP/2.0 in a request line', request(`GET ${target} HTTP/2.0`), 505, 400),
    bad('HTTP/0.9', `GET ${target}\r\n\r\n`, 505, 400),
    bad('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    bad('a TLS handshake', CLIENT_HELLO, 400, 0),
    bad('the greeting of SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 400, 0),
    bad('a blank in the target', request(`GET ${target} more HTTP/1.1`)),
    bad('a control byte in the target', request(`GET ${target}\x01 HTTP/1.1`)),
    bad('a NUL in the target', request(`GET ${target}\0 HTTP/1.1`)),
    bad('lines that end with LF', get().replaceAll('\r\n', '\n'), 400, 0),
    bad('no Host', `GET ${target} HTTP/1.1\r\n\r\n`),
    bad('a field without a colon', get('nothing')),
    bad('a field without a name', get(': x')),
    bad('a blank before the colon', get('Accept : x')),
    bad('a folded field', get('Accept: a', ' b')),
    bad('a NUL in a field', get('Accept: \0')),
    bad('a control byte in a field', get('Last-Event-ID: 1\x01')),
    bad('two lengths', get('Content-Length: 3', 'Content-Length: 4')),
    bad('a length below 0', get('Content-Length: -1')),
    bad('a length that is none', get('Content-Length: ten')),
    bad('a length beside a coding', get('Content-Length: 3', 'Transfer-Encoding: chunked')),
    bad('a tunnel', request('CONNECT x:1 HTTP/1.1'), 0, 404),
  ];
}

/** Heads that are too large, whichever part of them is. */
export function oversized(target: string): HostileRequest[] {
  const field = (bytes: number): string => request(`GET ${target} HTTP/1.1`, `X: ${'y'.repeat(bytes)}`);
  const large = (what: string, bytes: string): HostileRequest => ({ what, bytes, status: 431 });
  return [
    large('a field of 17 KiB', field(17 * 1024)),
    large('a field of 1 MiB', field(2 ** 20)),
    large('a target of 17 KiB', request(`GET ${target}&x=${'y'.repeat(17 * 1024)} HTTP/1.1`)),
    large('a method of 1 MiB', request(`${'G'.repeat(2 ** 20)} ${target} HTTP/1.1`)),
    large(
      '20,000 fields',
      request(`GET ${target} HTTP/1.1`, ...Array.from({ length: 20_000 }, (_, n) => `X${n}: y`)),
    ),
    large('a name of 17 KiB', request(`GET ${target} HTTP/1.1`, `${'X'.repeat(17 * 1024)}: y`)),
  ].map((hostile) =>
    // A parser that reads letter by letter sees at the first that there is no such method.
    hostile.what.startsWith('a method') ? { ...hostile, status: 400, raw: 431 } : hostile,
  );
}

/** Numbers of messages that are none. */
export const NO_NUMBERS: readonly string[] = [
  '-1',
  '99999999999',
  'nonsense',
  '1e3',
  '0x10',
  '1.5',
  '%00',
  '1%0a2',
  '%',
  '%ff%fe',
  '%EF%BC%91',
  '1'.repeat(8192),
  '../../etc/passwd',
  '__proto__',
];

/** The greatest number of ten digits: of a message that nobody has published. */
export const FUTURE = '9999999999';

/** What may stand in a Host field and be no host. */
export const BAD_HOSTS: readonly string[] = [
  '[',
  'user:secret@x',
  '',
  '\x80\xff',
  '//',
  'x:99999',
  'a'.repeat(8000),
];
