const FIRST_BYTES = 512;
/** A larger buffer is not kept from one message to the next. */
const KEPT_BYTES = 4096;

/** Keeps a message's text until it is complete, up to a limit. */
export class TextCollector {
  private bytes: Buffer | null = null;
  private length = 0;
  /** The text was longer than the limit, and is not whole. */
  isTooLong = false;

  constructor(private readonly limit: number) {}

  add(buffer: Buffer, start: number, end: number): void {
    if (this.isTooLong) return;
    const length = this.length + end - start;
    if (length > this.limit) {
      this.bytes = null;
      this.length = 0;
      this.isTooLong = true;
      return;
    }
    if (this.bytes === null || this.bytes.length < length) this.grow(length);
    buffer.copy(this.bytes!, this.length, start, end);
    this.length = length;
  }

  private grow(length: number): void {
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.limit, Math.max(FIRST_BYTES, length, 2 * (this.bytes?.length ?? 0))),
    );
    this.bytes?.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** The text so far, as JSON; undefined when it is none. */
  json(): unknown {
    if (this.length === 0) return undefined;
    try {
      return JSON.parse(this.bytes!.toString('utf8', 0, this.length));
    } catch {
      return undefined;
    }
  }

  /** A new message begins. */
  clear(): void {
    if (this.bytes !== null && this.bytes.length > KEPT_BYTES) this.bytes = null;
    this.length = 0;
    this.isTooLong = false;
  }
}
