import { CURSOR_PARAMETER } from '../../protocol/names.js';
import { type Content, encodePayload, formatSequence } from '../../protocol/payload.js';
import { acceptFor } from '../../scenarios/wire/request.js';
import { encodeEvent } from '../../servers/event-stream-encoder.js';
import { encodeChunk } from '../../servers/http-chunk.js';
import { encodeScriptCall } from '../../servers/script-call.js';
import { encodeMessageFrame } from '../../servers/websocket-frame.js';

/** The canned bytes of one transport: no routing, no checks, nothing that is not needed to keep a client busy. */
export interface Replay {
  /** Messages go out as answers to requests, not by themselves. */
  readonly asks: boolean;
  /** The answer to the first request of a client that is then sent messages; empty for transports that ask. */
  open(request: string): Buffer;
  /** The message with this number, whole. */
  message(sequence: number, payloadBytes: number, content: Content): Buffer;
}

/** A payload on a transport that has only text. */
function encodeText(sequence: number, bytes: number, content: Content): Buffer {
  const payload = encodePayload(sequence, bytes, content);
  return content === 'binary' ? Buffer.from(payload.toString('base64'), 'latin1') : payload;
}

function stream(encode: (sequence: number, payload: Buffer) => Buffer): Replay {
  const head = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n',
    'latin1',
  );
  return {
    asks: false,
    open: () => head,
    message: (sequence, bytes, content) =>
      encodeChunk(encode(sequence, encodeText(sequence, bytes, content))),
  };
}

const answers: Replay = {
  asks: true,
  open: () => Buffer.alloc(0),
  message: (sequence, bytes, content) => {
    const body = encodeText(sequence, bytes, content);
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), body]);
  },
};

const frames: Replay = {
  asks: false,
  open: (request) => {
    const key = /^sec-websocket-key:\s*(\S+)/im.exec(request)?.[1] ?? '';
    return Buffer.from(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`,
      'latin1',
    );
  },
  message: (sequence, bytes, content) =>
    encodeMessageFrame({ payload: encodePayload(sequence, bytes, content), isBinary: content === 'binary' }),
};

/** An event as better-sse writes it. */
function encodeLibraryEvent(sequence: number, data: Buffer): Buffer {
  const head = `event:message\nid:${formatSequence(sequence)}\ndata:`;
  return Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\n\n', 'latin1')]);
}

/**
 * By scenario. A transport that is not here runs without a calibration: a connection for each poll has no ceiling of its own
 * that could be found without taking thousands of ports.
 */
export const replays: Readonly<Record<string, Replay>> = {
  polling: answers,
  longpoll: answers,
  iframe: stream((_sequence, payload) => encodeScriptCall(payload)),
  sse: stream((sequence, data) => encodeEvent({ id: formatSequence(sequence), data })),
  websocket: frames,
  'sse-library': stream(encodeLibraryEvent),
  'websocket-raw': frames,
};

const ASKED = new RegExp(`${CURSOR_PARAMETER}=(\\d{10})`);

/** The last message that a poll says it has seen; 0 when it says nothing. */
export function cursorOf(request: string): number {
  return Number(ASKED.exec(request)?.[1] ?? 0);
}
