import type { Ledger } from '../ledger.js';

/** What every body parser reports to. A virtual client implements it. */
export interface MessageSink {
  readonly ledger: Ledger;
  /**
   * A whole message was parsed.
   * @param sequence the number in its first ten bytes, -1 when they are not ten digits
   * @param bytes length of the payload
   */
  message(sequence: number, bytes: number): void;
  /** The byte stream broke the protocol; the parser must not be fed again. */
  fault(message: string): void;
}
