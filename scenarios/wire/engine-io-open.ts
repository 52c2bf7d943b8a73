/** What a client needs of the open packet. */
export interface OpenPacket {
  readonly session: string;
  /** The session may go on over a WebSocket. */
  readonly upgrades: boolean;
  /** Without a ping for so long the server is gone, milliseconds. */
  readonly silenceMs: number;
}

/** It becomes part of every request's first line. */
const SESSION = /^[\w-]{1,64}$/;
const DAY_MS = 86_400_000;

/** Reads the text of an open packet; null when it is not one that a client can use. */
export function readOpenPacket(text: string): OpenPacket | null {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof fields !== 'object' || fields === null) return null;
  const { sid, upgrades, pingInterval, pingTimeout } = fields as Record<string, unknown>;
  if (typeof sid !== 'string' || !SESSION.test(sid)) return null;
  const silenceMs = Number(pingInterval) + Number(pingTimeout);
  if (!(silenceMs > 0 && silenceMs <= DAY_MS)) return null;
  return { session: sid, upgrades: Array.isArray(upgrades) && upgrades.includes('websocket'), silenceMs };
}
