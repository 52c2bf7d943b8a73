import type { EncodedHistogram } from '../measure/histogram.js';

/** What a link does to the bytes that pass it, the same in both directions. */
export interface LinkSettings {
  /** Half the round trip, milliseconds; 0 for a link that only shapes. */
  readonly oneWayMs: number;
  /** For each connection and direction; null does not shape. */
  readonly bandwidthBitsPerSecond: number | null;
}

/** An address of the loopback network and a port. */
export interface LinkEnd {
  readonly address: string;
  readonly port: number;
}

/** What the runner tells a link process over the process channel (JSON). */
export type LinkCommand =
  /** Listen on one port for each of these servers. */
  | { readonly type: 'link'; readonly settings: LinkSettings; readonly servers: readonly LinkEnd[] }
  /** The measure window opens: count from here. */
  | { readonly type: 'open' }
  /** The window is over: report. */
  | { readonly type: 'finish' }
  | { readonly type: 'abort' };

/** What a link process answers. */
export type LinkReport =
  /** Where it listens, one end for each server, in their order. */
  | { readonly type: 'linked'; readonly ends: readonly LinkEnd[]; readonly pid: number }
  | { readonly type: 'result'; readonly result: LinkResult }
  | { readonly type: 'fault'; readonly message: string };

/** What one link process passed on in the window. */
export interface LinkResult {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Pieces written to a socket. */
  readonly releases: number;
  /** Instant of release - intended instant of release, of each piece. */
  readonly error: EncodedHistogram;
  /** User and system time of the process. */
  readonly cpuMicros: number;
  readonly wallMs: number;
}
