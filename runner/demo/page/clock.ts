/** One small request and its answer: when it left and came back here, and what the server's clock said between. */
export interface Ping {
  readonly sentMs: number;
  readonly serverMs: number;
  readonly backMs: number;
}

/** How the server's clock stands to this page's. */
export interface ClockOffset {
  /** Server's clock - page's clock. */
  readonly offsetMs: number;
  /** The offset is within this: half the round trip. */
  readonly errorMs: number;
}

/** The offset from the fastest of several requests, whose error is the smallest. Null without any. */
export function offsetOf(pings: readonly Ping[]): ClockOffset | null {
  let best: ClockOffset | null = null;
  for (const { sentMs, serverMs, backMs } of pings) {
    const errorMs = (backMs - sentMs) / 2;
    if (best === null || errorMs < best.errorMs)
      best = { offsetMs: serverMs - (sentMs + backMs) / 2, errorMs };
  }
  return best;
}
