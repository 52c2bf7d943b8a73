import type { LinkSettings } from './contract.js';

/** What an unshaped direction may hold on its way: a common default of TCP's receive window. */
const UNSHAPED_WINDOW_BYTES = 1024 * 1024;
/** What a shaped one may hold beside its bandwidth-delay product: the buffer of a small router. */
const ROUTER_BYTES = 64 * 1024;
/** Nothing is cut smaller than a segment on Ethernet ... */
const SEGMENT_BYTES = 1448;
/** ... nor than what passes in this time: finer pieces than the timer would only cost CPU. */
const PIECE_MS = 4;

/** A link's settings as one direction of a connection needs them. */
export interface Pace {
  /** May change while connections stand; nothing overtakes what is on its way. */
  delayMs: number;
  /** 0 does not shape. */
  readonly msPerByte: number;
  /** Bytes are released in pieces of at most this many. */
  readonly pieceBytes: number;
  /** When more than this is on its way, the sender is not read any more. */
  readonly windowBytes: number;
}

/** Works a link's settings out. */
export function paceOf({ oneWayMs, bandwidthBitsPerSecond }: LinkSettings): Pace {
  if (bandwidthBitsPerSecond === null) {
    return {
      delayMs: oneWayMs,
      msPerByte: 0,
      pieceBytes: Number.POSITIVE_INFINITY,
      windowBytes: UNSHAPED_WINDOW_BYTES,
    };
  }
  const bytesPerMs = bandwidthBitsPerSecond / 8000;
  return {
    delayMs: oneWayMs,
    msPerByte: 1 / bytesPerMs,
    pieceBytes: Math.max(SEGMENT_BYTES, Math.floor(bytesPerMs * PIECE_MS)),
    windowBytes: ROUTER_BYTES + Math.ceil(bytesPerMs * oneWayMs),
  };
}
