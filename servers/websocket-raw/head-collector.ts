/** Above this a request head is answered 431; a browser with cookies needs a tenth. */
const MAX_HEAD_BYTES = 16 * 1024;

const BLANK_LINE = '\r\n\r\n';
const FIRST_ROOM = 512;

const NOTHING = Buffer.alloc(0);

/** A request head that arrives in pieces, most often in one. */
export class HeadCollector {
  #bytes = NOTHING;
  #length = 0;
  #end = -1;

  /**
   * Takes the next piece, of which no more is kept than a head may have.
   *
   * @returns how many bytes of the piece belong to the head, its blank line contained, once it is whole; else -1
   */
  eat(piece: Buffer): number {
    const before = this.#length;
    this.#keep(piece);
    const from = Math.max(0, before - BLANK_LINE.length + 1);
    this.#end = this.#bytes.subarray(0, this.#length).indexOf(BLANK_LINE, from, 'latin1');
    return this.#end === -1 ? -1 : this.#end + BLANK_LINE.length - before;
  }

  /** No blank line has come within the bytes that a head may have. */
  get isFull(): boolean {
    return this.#length === MAX_HEAD_BYTES;
  }

  /** The whole head as latin1, without its blank line. */
  get text(): string {
    return this.#bytes.toString('latin1', 0, this.#end);
  }

  #keep(piece: Buffer): void {
    const length = Math.min(MAX_HEAD_BYTES, this.#length + piece.length);
    if (length > this.#bytes.length) {
      // Twice as much each time: a byte a read must not copy all the others each time.
      const larger = Buffer.allocUnsafeSlow(
        Math.min(MAX_HEAD_BYTES, Math.max(length, 2 * this.#bytes.length, FIRST_ROOM)),
      );
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length, 0, length - this.#length);
    this.#length = length;
  }
}
