/** What a connection tells of itself. */
export interface Listener {
  /** A request was sent: a poll, a stream's request, an upgrade. */
  asked(): void;
  /** The server has answered: messages will come. */
  live(): void;
  /** The server is gone; the connection goes on trying. */
  away(): void;
  /** A message has come: ten digits and filler. */
  heard(text: string): void;
}

/** How long a script waits before it connects again, milliseconds: as long as the SSE server asks of the browser. */
export const RETRY_MS = 500;
