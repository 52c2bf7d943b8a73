import { CURSOR_PARAMETER } from '../../protocol/names.js';
import { encodePayload, formatSequence } from '../../protocol/payload.js';
import { acceptFor } from '../../scenarios/wire/request.js';
import { encodeEvent } from '../../servers/event-stream-encoder.js';
import { encodeChunk } from '../../servers/http-chunk.js';
import { encodeScriptCall } from '../../servers/script-call.js';
import { encodeTextFrame } from '../../servers/websocket-frame.js';

/** The canned bytes of one transport: no routing, no checks, nothing that is not needed to keep a client busy. */
export interface Replay {
  /** Messages go out as answers to requests, not by themselves. */
  readonly asks: boolean;
  /** The answer to the first request of a client that is then sent messages; empty for transports that ask. */
  open(request: string): Buffer;
  /** The message with this number, whole. */
  message(sequence: number, payloadBytes: number): Buffer;
}

function stream(encode: (sequence: number, payload: Buffer) => Buffer): Replay {
  const head = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n',
    'latin1',
  );
  return {
    asks: false,
    open: () => head,
    message: (sequence, bytes) => encodeChunk(encode(sequence, encodePayload(sequence, bytes))),
  };
}

const answers: Replay = {
  asks: true,
  open: () => Buffer.alloc(0),
  message: (sequence, bytes) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${bytes}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), encodePayload(sequence, bytes)]);
  },
};

/** By scenario. A transport that is not here runs without a calibration. */
export const replays: Readonly<Record<string, Replay>> = {
  polling: answers,
  longpoll: answers,
  iframe: stream((_sequence, payload) => encodeScriptCall(payload)),
  sse: stream((sequence, data) => encodeEvent({ id: formatSequence(sequence), data })),
  websocket: {
    asks: false,
    open: (request) => {
      const key = /^sec-websocket-key:\s*(\S+)/im.exec(request)?.[1] ?? '';
      return Buffer.from(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`,
        'latin1',
      );
    },
    message: (sequence, bytes) => encodeTextFrame(encodePayload(sequence, bytes)),
  },
};

const ASKED = new RegExp(`${CURSOR_PARAMETER}=(\\d{10})`);

/** The last message that a poll says it has seen; 0 when it says nothing. */
export function cursorOf(request: string): number {
  return Number(ASKED.exec(request)?.[1] ?? 0);
}
