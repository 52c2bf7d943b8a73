import { DurationHistogram, type EncodedHistogram } from './histogram.js';

/** The herd's curve has at most this many points: a tenth of a second each up to six minutes, coarser beyond. */
const MAX_BUCKETS = 3600;
const LEAST_BUCKET_MS = 100;

/** What became of a shard's clients around one restart of the server. */
export interface RestartTally {
  /** From the loss of a client's connection to the next one's being open. */
  readonly away: EncodedHistogram;
  /** Clients that lost their connection, and came back. */
  readonly left: number;
  readonly back: number;
  /** From the window's start to the last return, milliseconds; 0 without one. */
  readonly lastBackMs: number;
  readonly duplicated: number;
  /** Deliveries of messages that were to be published before their client came back. */
  readonly resumed: number;
}

/** Reconnects of a shard's clients, as they are sent between processes. */
export interface EncodedReconnects {
  readonly restarts: readonly RestartTally[];
  /** Counts in each interval of the window and its drain. */
  readonly herd: {
    readonly everyMs: number;
    readonly left: readonly number[];
    readonly failed: readonly number[];
    readonly back: readonly number[];
  };
}

/**
 * Who lost the connection, who came back and when, for a server that is restarted in the window.
 *
 * The window is cut into stretches, one a restart; a return belongs to the stretch in which the connection was lost, a
 * message to the one in which it was to be published.
 */
export class ReconnectRecord {
  private startMs = Number.POSITIVE_INFINITY;
  private readonly leftAt: Float64Array;
  private readonly backAt: Float64Array;
  private readonly everyMs: number;
  private readonly herdLeft: Uint32Array;
  private readonly herdFailed: Uint32Array;
  private readonly herdBack: Uint32Array;
  private readonly away: readonly DurationHistogram[];
  private readonly left: number[];
  private readonly back: number[];
  private readonly lastBack: number[];
  private readonly duplicates: number[];
  private readonly resumes: number[];

  /**
   * @param lengthMs of the window with its drain
   * @param ends milliseconds from the window's start at which one stretch ends and the next begins, ascending
   */
  constructor(
    clients: number,
    lengthMs: number,
    private readonly ends: readonly number[],
  ) {
    this.leftAt = new Float64Array(clients).fill(Number.NaN);
    this.backAt = new Float64Array(clients).fill(Number.NEGATIVE_INFINITY);
    this.everyMs = Math.max(LEAST_BUCKET_MS, Math.ceil(lengthMs / MAX_BUCKETS));
    const buckets = Math.ceil(lengthMs / this.everyMs) + 1;
    this.herdLeft = new Uint32Array(buckets);
    this.herdFailed = new Uint32Array(buckets);
    this.herdBack = new Uint32Array(buckets);
    const none = (): number[] => new Array<number>(ends.length + 1).fill(0);
    this.away = none().map(() => new DurationHistogram());
    this.left = none();
    this.back = none();
    this.lastBack = none();
    this.duplicates = none();
    this.resumes = none();
  }

  /** The window opens. @param startMs its first instant, on the scale of performance.now() */
  begin(startMs: number): void {
    this.startMs = startMs;
  }

  /** A client lost its connection. */
  lost(client: number, nowMs: number): void {
    const since = nowMs - this.startMs;
    if (!(since >= 0)) return;
    this.leftAt[client] = since;
    this.left[this.stretch(since)]!++;
    this.count(this.herdLeft, since);
  }

  /** A client has a connection again; its first one is none of this. */
  returned(client: number, nowMs: number): void {
    const since = nowMs - this.startMs;
    const left = this.leftAt[client]!;
    if (!(since >= 0) || Number.isNaN(left)) return;
    this.leftAt[client] = Number.NaN;
    this.backAt[client] = since;
    const stretch = this.stretch(left);
    this.away[stretch]!.record((since - left) * 1000);
    this.back[stretch]!++;
    this.lastBack[stretch] = since;
    this.count(this.herdBack, since);
  }

  /** An attempt to connect, or an exchange, failed. */
  failed(nowMs: number): void {
    const since = nowMs - this.startMs;
    if (since >= 0) this.count(this.herdFailed, since);
  }

  /** @param intendedMs when the message was to be published, from the window's start */
  delivered(client: number, intendedMs: number): void {
    if (intendedMs < this.backAt[client]!) this.resumes[this.stretch(intendedMs)]!++;
  }

  duplicated(intendedMs: number): void {
    this.duplicates[this.stretch(intendedMs)]!++;
  }

  encode(): EncodedReconnects {
    return {
      restarts: this.away.map((away, at) => ({
        away: away.encode(),
        left: this.left[at]!,
        back: this.back[at]!,
        lastBackMs: this.lastBack[at]!,
        duplicated: this.duplicates[at]!,
        resumed: this.resumes[at]!,
      })),
      herd: {
        everyMs: this.everyMs,
        left: [...this.herdLeft],
        failed: [...this.herdFailed],
        back: [...this.herdBack],
      },
    };
  }

  private stretch(sinceMs: number): number {
    let at = 0;
    while (at < this.ends.length && sinceMs >= this.ends[at]!) at++;
    return at;
  }

  private count(row: Uint32Array, sinceMs: number): void {
    row[Math.min(row.length - 1, Math.floor(sinceMs / this.everyMs))]!++;
  }
}
