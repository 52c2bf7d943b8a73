import type { Content } from '../../protocol/payload.js';
import type { Ledger } from '../ledger.js';

/** What every body parser reports to. A virtual client implements it. */
export interface MessageSink {
  readonly ledger: Ledger;
  /** What messages hold; text when it is not said. Formats that have only text carry `binary` as base64. */
  readonly content?: Content;
  /**
   * A whole message was parsed.
   * @param sequence the number in its first ten bytes, -1 when they are not ten digits
   * @param bytes useful bytes of the payload: what was published, not its base64
   */
  message(sequence: number, bytes: number): void;
  /** The byte stream broke the protocol; the parser must not be fed again. */
  fault(message: string): void;
}
