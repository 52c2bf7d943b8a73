import { FOREIGN_MARKER_BYTES, fillerByte, MARKER_START, RUN_DIGITS } from '../../protocol/marker.js';
import { findByte } from '../wire/find-byte.js';

const TILDE = 126;
/** Where the parts of a marker end. */
const RUN_END = MARKER_START.length + RUN_DIGITS;
const LAST = FOREIGN_MARKER_BYTES - 1;

/** What a finder reports to. */
export interface MarkerSink {
  /**
   * A marker of this run.
   * @param sequence 0 to 9,999,999,999: whatever its ten digits say
   * @param bytes of marker and filler as far as it matches: fewer than the planned payload where it was cut or altered
   */
  marked(sequence: number, bytes: number): void;
  /** A marker of another run. */
  stranger(): void;
}

/**
 * Finds the markers in a text, for any split of its bytes, and counts the filler that follows each of ours. It keeps a
 * handful of numbers and nothing of the text.
 *
 * Only the first and the last byte of a marker are a tilde, so after a mismatch a marker can begin with the byte that
 * did not match, and nowhere before it: no byte is looked at twice.
 */
export class MarkerFinder {
  /** Bytes of a marker that match so far. */
  private matched = 0;
  private isOurs = true;
  private sequence = 0;
  /** Filler that is still to come; 0 outside a payload. */
  private left = 0;
  private readonly run: Uint8Array;
  private readonly filler: number;

  /**
   * @param run eight lower-case hex digits
   * @param payloadBytes length of a planned message, 22 or more
   */
  constructor(
    private readonly sink: MarkerSink,
    run: string,
    payloadBytes: number,
  ) {
    this.run = Buffer.from(run, 'latin1');
    this.filler = Math.max(0, payloadBytes - FOREIGN_MARKER_BYTES);
  }

  /** Nothing is half-found. */
  get atRest(): boolean {
    return this.matched === 0 && this.left === 0;
  }

  /** Forgets what was half-found. */
  reset(): void {
    this.matched = 0;
    this.left = 0;
  }

  eat(buffer: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.left > 0) at = this.payload(buffer, at, end);
      else if (this.matched > 0) {
        if (this.matches(buffer[at]!)) at++;
        // The byte that does not match may begin another.
        else this.matched = 0;
      } else {
        const tilde = findByte(buffer as Buffer, TILDE, at, end);
        if (tilde === -1) return;
        this.matched = 1;
        this.isOurs = true;
        this.sequence = 0;
        at = tilde + 1;
      }
    }
  }

  /** The text is over: a payload that was half-read is cut short. */
  end(): void {
    this.matched = 0;
    if (this.left > 0) this.report();
  }

  private payload(buffer: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, start + this.left);
    let offset = this.filler - this.left;
    let at = start;
    while (at < stop && buffer[at] === fillerByte(offset)) {
      at++;
      offset++;
    }
    this.left -= at - start;
    if (at < stop || this.left === 0) this.report();
    return at;
  }

  private report(): void {
    const bytes = FOREIGN_MARKER_BYTES + this.filler - this.left;
    this.left = 0;
    this.sink.marked(this.sequence, bytes);
  }

  /** Whether the byte goes on with the marker; with its last one the marker is complete. */
  private matches(byte: number): boolean {
    const at = this.matched;
    if (at < MARKER_START.length) {
      if (byte !== MARKER_START.charCodeAt(at)) return false;
    } else if (at < RUN_END) {
      if (!isHex(byte)) return false;
      if (byte !== this.run[at - MARKER_START.length]) this.isOurs = false;
    } else if (at < LAST) {
      if (byte < 48 || byte > 57) return false;
      this.sequence = this.sequence * 10 + byte - 48;
    } else {
      if (byte !== TILDE) return false;
      this.complete();
      return true;
    }
    this.matched = at + 1;
    return true;
  }

  private complete(): void {
    this.matched = 0;
    if (!this.isOurs) {
      this.sink.stranger();
      return;
    }
    this.left = this.filler;
    if (this.left === 0) this.report();
  }
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102);
}
