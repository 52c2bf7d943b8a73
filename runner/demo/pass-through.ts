import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { LinkEnd } from '../link/contract.js';

/**
 * Hands a GET request to a reference server and its answer back, byte for byte: the request as the browser wrote it, the
 * answer as the server did, so that the server's counters are those of the browser. The two connections end together.
 *
 * The answer goes straight to the browser's socket. That is safe, since nothing is written through node:http: while its
 * own response is unfinished it writes nothing to the connection.
 *
 * A frame's stream needs this: its scripts may call into the page only when both are of one origin.
 */
export function passThrough(request: IncomingMessage, response: ServerResponse, end: LinkEnd): void {
  const browser = request.socket;
  const server = connect({ host: end.address, port: end.port, noDelay: true });
  server.write(headOf(request), 'latin1');
  let begun = false;
  server.once('data', () => {
    begun = true;
  });
  server.pipe(browser, { end: false });
  // Its 'close' follows.
  server.on('error', () => {});
  server.on('close', () => {
    if (begun || browser.destroyed) browser.destroy();
    else
      response
        .writeHead(503, { 'Content-Type': 'text/plain', Connection: 'close' })
        .end('The server is away.\n');
  });
  browser.on('close', () => server.destroy());
}

/** The request's head as it came: node:http keeps its fields in order and spelling. */
function headOf(request: IncomingMessage): string {
  const fields: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    fields.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}\r\n`);
  }
  return `${request.method} ${request.url} HTTP/1.1\r\n${fields.join('')}\r\n`;
}
