/**
 * Checks UTF-8 as it arrives, in any pieces, after table 3-7 of the Unicode standard: no overlong forms, no surrogates,
 * nothing above U+10FFFF. It says no at the first byte that cannot be right, not at the end of the text.
 */
export class Utf8Check {
  /** Continuation bytes still due, and the range that the next of them must be in. */
  #due = 0;
  #low = 0x80;
  #high = 0xbf;

  /** Whether the text may end here. */
  get complete(): boolean {
    return this.#due === 0;
  }

  /** @returns false when this cannot be the beginning of any UTF-8 text */
  eat(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (this.#due > 0) {
        if (byte < this.#low || byte > this.#high) return false;
        this.#low = 0x80;
        this.#high = 0xbf;
        this.#due--;
      } else if (byte >= 0x80 && !this.#lead(byte)) return false;
    }
    return true;
  }

  #lead(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false;
    if (byte < 0xe0) this.#due = 1;
    else if (byte < 0xf0) {
      this.#due = 2;
      if (byte === 0xe0) this.#low = 0xa0;
      else if (byte === 0xed) this.#high = 0x9f;
    } else {
      this.#due = 3;
      if (byte === 0xf0) this.#low = 0x90;
      else if (byte === 0xf4) this.#high = 0x8f;
    }
    return true;
  }
}

/** Whether these bytes are a whole text in UTF-8. */
export function isUtf8Text(bytes: Uint8Array): boolean {
  const check = new Utf8Check();
  return check.eat(bytes, 0, bytes.length) && check.complete;
}
