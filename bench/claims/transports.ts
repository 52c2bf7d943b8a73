import type { Text, TransportId } from './contract.js';
import { text } from './text.js';

/** What the claims call the transports. */
export const TRANSPORT: Readonly<Record<TransportId, Text>> = {
  polling: text('Polling', '轮询'),
  longpoll: text('Long polling', '长轮询'),
  iframe: text('iframe streaming', 'iframe 流'),
  sse: text('Server-sent events', '服务器发送事件 (SSE)'),
  websocket: text('WebSocket', 'WebSocket'),
  'polling-close': text('HTTP/1.0 polling', 'HTTP/1.0 式轮询'),
};

/** The article's five. */
export const FIVE = ['polling', 'longpoll', 'iframe', 'sse', 'websocket'] as const;
/** Those that bring a message when there is one. */
export const PUSH = ['longpoll', 'iframe', 'sse', 'websocket'] as const;
