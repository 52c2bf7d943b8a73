import { request } from 'node:http';
import type { Socket } from 'node:net';
import { plainText } from '../../../reports/plain-text.js';
import { FOREIGN_TRANSPORTS } from '../../../scenarios/foreign/contract.js';
import type { TargetSpec } from '../contract.js';
import { CURSOR } from '../placeholders.js';
import type { PublishPlace } from '../publish/contract.js';
import { failureOfError } from '../publish/http-publisher.js';
import { shownText } from '../redact.js';

const ANSWER_MS = 3_000;
const LONGEST_SHOWN = 200;
/** Its number: after those of the clients that are checked, since a server may send away whoever is there twice. */
const PROBE = '3';

/**
 * Asks once for what clients ask for, to say in words what they met.
 *
 * @returns what is wrong, as a sentence's end: "answers ..."; null when the answer was one that clients can use
 */
export function probe({ subscribe }: TargetSpec, place: PublishPlace): Promise<string | null> {
  const isSocket = FOREIGN_TRANSPORTS[subscribe.transport] === 'socket';
  const fill = (text: string): string =>
    text.replaceAll('{client}', PROBE).replaceAll(CURSOR, subscribe.cursor?.start ?? '');
  const path = fill(subscribe.path);
  const shown = shownText(path, LONGEST_SHOWN);
  return new Promise((resolve) => {
    const asked = request({
      host: place.address,
      port: place.port,
      path,
      headers: {
        host: place.host,
        ...Object.fromEntries(Object.entries(subscribe.headers).map(([name, value]) => [name, fill(value)])),
        ...(subscribe.transport === 'sse' ? { accept: 'text/event-stream' } : {}),
        ...(isSocket
          ? {
              upgrade: 'websocket',
              connection: 'Upgrade',
              'sec-websocket-key': 'cHVzaGJlbmNoIGNoZWNrcw==',
              'sec-websocket-version': '13',
            }
          : {}),
      },
      setHost: false,
      agent: false,
    });
    const settle = (found: string | null): void => {
      resolve(found);
      asked.destroy();
    };
    // A long poll is answered when there is news.
    asked.setTimeout(ANSWER_MS, () =>
      settle(
        subscribe.transport === 'longpoll' ? null : `does not answer ${shown} within ${ANSWER_MS / 1000} s`,
      ),
    );
    asked.on('error', (error) =>
      settle(`gives ${shown} no answer: the request ${failureOfError(error).detail}`),
    );
    asked.on('upgrade', (_answer, socket: Socket) => {
      socket.destroy();
      settle(isSocket ? null : `answers ${shown} with an upgrade that nobody asked for`);
    });
    asked.on('response', ({ statusCode = 0, headers }) => {
      if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
        const to = shownText(headers.location ?? '', LONGEST_SHOWN);
        settle(
          `answers ${shown} with a redirect (${statusCode}) to "${to}", and redirects are never followed: put the ` +
            `address that is meant into the configuration`,
        );
      } else if (isSocket) {
        settle(`answers ${shown} with status ${statusCode}, and 101 opens a WebSocket`);
      } else if (statusCode >= 400) {
        settle(`answers ${shown} with status ${statusCode}`);
      } else {
        const type = headers['content-type'] ?? '';
        settle(
          subscribe.transport === 'sse' && !type.startsWith('text/event-stream')
            ? `answers ${shown} with the content type "${plainText(type, LONGEST_SHOWN)}", and clients want text/event-stream`
            : null,
        );
      }
    });
    asked.end();
  });
}
