/** Knows the messages that are answered word for word; keeps the beginning of a message as far as it could be one. */
export class Replies {
  private readonly bytes: Buffer;
  private length = 0;

  /** @param replies answers by message, one at least */
  constructor(private readonly replies: Readonly<Record<string, string>>) {
    const longest = Math.max(...Object.keys(replies).map((text) => Buffer.byteLength(text)));
    this.bytes = Buffer.allocUnsafeSlow(longest);
  }

  /** A span of a message. */
  add(buffer: Buffer, start: number, end: number): void {
    if (this.length + end - start <= this.bytes.length) buffer.copy(this.bytes, this.length, start, end);
    this.length += end - start;
  }

  /** The answer to the message, now that it is complete; undefined without one. */
  find(): string | undefined {
    if (this.length > this.bytes.length) return undefined;
    const text = this.bytes.toString('utf8', 0, this.length);
    return Object.hasOwn(this.replies, text) ? this.replies[text] : undefined;
  }

  /** A new message begins. */
  clear(): void {
    this.length = 0;
  }
}
