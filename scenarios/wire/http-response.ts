import { DOWN, type Ledger } from '../ledger.js';
import { findByte } from './find-byte.js';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const SEMICOLON = 59;

const STATUS_LINE = 0;
const FIELD_START = 1;
const FIELD_NAME = 2;
const FIELD_VALUE = 3;
const HEAD_END = 4;
const BODY_LENGTH = 5;
const BODY_CLOSE = 6;
const CHUNK_SIZE = 7;
const CHUNK_EXTENSION = 8;
const CHUNK_DATA = 9;
const CHUNK_DATA_END = 10;
const TRAILER_START = 11;
const TRAILER = 12;
const UPGRADED = 13;
const BROKEN = 14;

const VERSION = 'HTTP/1.';
/** A response head may not be larger than this. */
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_CHUNK_DIGITS = 8;
const MAX_LENGTH_DIGITS = 12;
const MAX_ACCEPT = 64;
/** A server may keep its clients away for a day at most. */
const MAX_RETRY_SECONDS = 86_400;
const MAX_SUBPROTOCOL = 256;
const MAX_WANTED = 512;

/** FNV-1a over lower-cased names and values, so that a head is read without making strings. */
const FNV_START = 0x811c9dc5 | 0;
const fold = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte | 32 : byte);
function hashOf(text: string): number {
  let hash = FNV_START;
  for (let at = 0; at < text.length; at++) hash = fold(hash, text.charCodeAt(at));
  return hash;
}
const CONTENT_LENGTH = hashOf('content-length');
const TRANSFER_ENCODING = hashOf('transfer-encoding');
const CONNECTION = hashOf('connection');
const RETRY_AFTER = hashOf('retry-after');
const ACCEPT = hashOf('sec-websocket-accept');
const SUBPROTOCOL = hashOf('sec-websocket-protocol');
const VALUE_CHUNKED = hashOf('chunked');
const VALUE_CLOSE = hashOf('close');
const VALUE_KEEP_ALIVE = hashOf('keep-alive');

/** What a response parser reports to. */
export interface ResponseSink {
  readonly ledger: Ledger;
  /** The head is complete; `parser` holds status and fields. For 101 the bytes after it are the caller's. */
  head(): void;
  /** A span of the body with its framing removed. */
  body(buffer: Buffer, start: number, end: number): void;
  /** A chunk of a chunked body, the empty last one too, is complete; `framing` is the length of its lines. */
  chunkEnd(framing: number): void;
  /** The response is complete. */
  end(): void;
  fault(message: string): void;
}

/**
 * An incremental HTTP/1.1 response parser (RFC 9112) for any split of the bytes: one response after another on a
 * connection, with Content-Length, chunked, until-close and empty bodies, and 101.
 *
 * Head bytes are put down at the place given, chunk lines as framing; body bytes are the body parser's.
 */
export class HttpResponseParser {
  private state = STATUS_LINE;
  private matched = 0;
  private name = 0;
  private value = FNV_START;
  private digits = 0;
  private length = 0;
  private chunkFraming = 0;
  private remaining = 0;
  private chunked = false;
  private sized = false;
  /** Of HTTP/1.0, whose connections end with each answer unless the server says otherwise. */
  private isOld = false;
  private isKept = false;
  private readonly wantedName: number | null;

  status = 0;
  /** Bytes of the head of the response under way. */
  headBytes = 0;
  /** Whether the server will close the connection after this response. */
  closes = false;
  /** Retry-After in seconds as milliseconds; 0 without one, and for one that is a date. */
  retryAfterMs = 0;
  /** Sec-WebSocket-Accept of a 101, as sent. */
  accept = '';
  /** Sec-WebSocket-Protocol of a 101, as sent; empty without one. */
  subprotocol = '';
  /** The value of the field that was asked for, its beginning if it is long; empty without one. */
  wanted = '';

  /** @param wanted name of a field whose value is kept */
  constructor(
    private readonly sink: ResponseSink,
    private readonly headPlace: number,
    wanted: string | null = null,
  ) {
    this.wantedName = wanted === null ? null : hashOf(wanted.toLowerCase());
  }

  /** A new connection begins. */
  reset(): void {
    this.state = STATUS_LINE;
    this.startResponse();
  }

  /** Whether a response is half-read. */
  get midway(): boolean {
    return this.state !== STATUS_LINE || this.headBytes > 0;
  }

  /** The server closed the connection: ends a body that lasts until then. @returns whether that completed a response */
  close(): boolean {
    if (this.state !== BODY_CLOSE) return false;
    this.finish();
    return true;
  }

  /** @returns how many bytes were eaten: all, unless the response was a 101 or broke the protocol */
  eat(buffer: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (this.state <= HEAD_END) {
        at = this.head(buffer, at, end);
      } else if (this.state === BODY_LENGTH || this.state === CHUNK_DATA) {
        const stop = Math.min(end, at + this.remaining);
        this.remaining -= stop - at;
        const from = at;
        at = stop;
        this.sink.body(buffer, from, stop);
        // The sink may have closed the client and with it this parser.
        if (this.remaining === 0 && (this.state as number) === BODY_LENGTH) this.finish();
        else if (this.remaining === 0 && (this.state as number) === CHUNK_DATA) this.state = CHUNK_DATA_END;
      } else if (this.state === BODY_CLOSE) {
        this.sink.body(buffer, at, end);
        return end - start;
      } else if (this.state === UPGRADED || this.state === BROKEN) {
        return at - start;
      } else {
        this.sink.ledger.put(DOWN.framing, 1);
        this.chunkFraming++;
        this.chunkByte(buffer[at++]!);
      }
    }
    return at - start;
  }

  private head(buffer: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.state <= HEAD_END) {
      if (this.state === FIELD_VALUE && this.skipsValue()) {
        const lf = findByte(buffer, LF, at, end);
        at = lf === -1 ? end : lf;
        if (at === end) break;
      }
      this.headByte(buffer[at++]!);
    }
    const eaten = at - start;
    this.sink.ledger.put(this.headPlace, eaten);
    this.headBytes += eaten;
    if (this.headBytes > MAX_HEAD_BYTES)
      this.refuse(`a response head is larger than ${MAX_HEAD_BYTES} bytes`);
    else if (this.state > HEAD_END && this.state < UPGRADED) this.completeHead();
    else if (this.state === UPGRADED) this.sink.head();
    return at;
  }

  private skipsValue(): boolean {
    const name = this.name;
    return (
      name !== CONTENT_LENGTH &&
      name !== TRANSFER_ENCODING &&
      name !== CONNECTION &&
      name !== RETRY_AFTER &&
      name !== ACCEPT &&
      name !== SUBPROTOCOL &&
      name !== this.wantedName
    );
  }

  private headByte(byte: number): void {
    switch (this.state) {
      case STATUS_LINE:
        this.statusByte(byte);
        break;
      case FIELD_START:
        if (byte === CR) this.state = HEAD_END;
        else if (byte === LF) this.endHead();
        else {
          this.state = FIELD_NAME;
          this.name = fold(FNV_START, lower(byte));
        }
        break;
      case FIELD_NAME:
        if (byte === COLON) {
          this.state = FIELD_VALUE;
          // A second such field must not run together with the first into a name that neither has.
          if (this.name === SUBPROTOCOL && this.subprotocol !== '') this.subprotocol += ',';
          if (this.name === this.wantedName) this.wanted = '';
          this.value = FNV_START;
          this.digits = 0;
          this.length = 0;
        } else if (byte === LF) this.refuse('a header line has no colon');
        else this.name = fold(this.name, lower(byte));
        break;
      case FIELD_VALUE:
        if (byte === LF) this.endField();
        else if (byte !== CR) this.valueByte(byte);
        break;
      default:
        if (byte === LF) this.endHead();
        else this.refuse('a response head does not end with CR LF');
    }
  }

  private statusByte(byte: number): void {
    const at = this.matched++;
    if (at < VERSION.length) {
      if (byte !== VERSION.charCodeAt(at)) this.refuse('the answer is not HTTP/1.x');
    } else if (at === 7) {
      if (!isDigit(byte)) this.refuse('the answer is not HTTP/1.x');
      this.isOld = byte === 48;
    } else if (at === 8) {
      if (byte !== SPACE) this.refuse('a status line has no status code');
    } else if (at <= 11) {
      // A code has three digits, the first of which is its class (RFC 9110, 15): 099 is no interim response.
      if (!isDigit(byte) || (at === 9 && byte === 48)) this.refuse('a status line has no status code');
      else this.status = this.status * 10 + byte - 48;
    } else if (byte === LF) {
      this.state = FIELD_START;
    } else if (at === 12 && byte !== SPACE && byte !== CR) {
      this.refuse('a status code has more than three digits');
    }
  }

  private valueByte(byte: number): void {
    const isSpace = byte === SPACE || byte === TAB;
    if (this.name === this.wantedName && this.wanted.length < MAX_WANTED && (!isSpace || this.wanted !== ''))
      this.wanted += String.fromCharCode(byte);
    if (this.name === CONTENT_LENGTH) {
      if (byte === SPACE || byte === TAB) {
        // White space may surround the number, not divide it: no further digit is taken.
        if (this.digits > 0) this.digits = MAX_LENGTH_DIGITS;
      } else if (isDigit(byte) && this.digits < MAX_LENGTH_DIGITS) {
        this.length = this.length * 10 + byte - 48;
        this.digits++;
      } else this.refuse('a Content-Length is not a number');
    } else if (this.name === RETRY_AFTER) {
      // Anything but white space and digits is a date (RFC 9110, 10.2.3), which our servers never send.
      if (isDigit(byte)) this.length = Math.min(this.length * 10 + byte - 48, MAX_RETRY_SECONDS);
      else if (byte !== SPACE && byte !== TAB) this.digits = MAX_LENGTH_DIGITS;
    } else if (byte !== SPACE && byte !== TAB) {
      if (this.name === ACCEPT) {
        if (this.accept.length < MAX_ACCEPT) this.accept += String.fromCharCode(byte);
      } else if (this.name === SUBPROTOCOL) {
        if (this.subprotocol.length < MAX_SUBPROTOCOL) this.subprotocol += String.fromCharCode(byte);
      } else {
        this.value = fold(this.value, lower(byte));
      }
    }
  }

  private endField(): void {
    if (this.name === CONTENT_LENGTH) {
      if (this.digits === 0) this.refuse('a Content-Length is empty');
      else if (this.sized && this.length !== this.remaining) this.refuse('two Content-Lengths differ');
      this.remaining = this.length;
      this.sized = true;
    } else if (this.name === TRANSFER_ENCODING) {
      if (this.value === VALUE_CHUNKED) this.chunked = true;
      else this.refuse('the Transfer-Encoding is not chunked');
    } else if (this.name === CONNECTION) {
      if (this.value === VALUE_CLOSE) this.closes = true;
      else if (this.value === VALUE_KEEP_ALIVE) this.isKept = true;
    } else if (this.name === RETRY_AFTER) {
      this.retryAfterMs = this.digits === 0 ? this.length * 1000 : 0;
    }
    if (this.state !== BROKEN) this.state = FIELD_START;
  }

  private endHead(): void {
    if (this.status === 101) this.state = UPGRADED;
    else if (this.chunked && this.status !== 204 && this.status !== 304) this.state = CHUNK_SIZE;
    else if (this.sized || this.status === 204 || this.status === 304 || this.status < 200)
      this.state = BODY_LENGTH;
    else this.state = BODY_CLOSE;
  }

  private completeHead(): void {
    if (this.status < 200) {
      // An interim response (RFC 9110, 15.2): the real one follows.
      this.state = STATUS_LINE;
      this.startResponse();
      return;
    }
    if (this.state === BODY_LENGTH && (!this.sized || this.status === 204 || this.status === 304))
      this.remaining = 0;
    if (this.state === CHUNK_SIZE) this.startChunk();
    if (this.state === BODY_CLOSE || (this.isOld && !this.isKept)) this.closes = true;
    this.sink.head();
    if (this.state === BODY_LENGTH && this.remaining === 0) this.finish();
  }

  private startChunk(): void {
    this.state = CHUNK_SIZE;
    this.digits = 0;
    this.remaining = 0;
    this.chunkFraming = 0;
  }

  private chunkByte(byte: number): void {
    switch (this.state) {
      case CHUNK_SIZE: {
        const digit = hexDigit(byte);
        if (digit >= 0) {
          if (++this.digits > MAX_CHUNK_DIGITS) this.refuse('a chunk size has more than eight digits');
          else this.remaining = this.remaining * 16 + digit;
        } else if (this.digits === 0) this.refuse('a chunk has no size');
        else if (byte === LF) this.startChunkData();
        else if (byte === SEMICOLON || byte === SPACE || byte === TAB || byte === CR)
          this.state = CHUNK_EXTENSION;
        else this.refuse('a chunk size is not hexadecimal');
        break;
      }
      case CHUNK_EXTENSION:
        if (byte === LF) this.startChunkData();
        else if (this.chunkFraming > MAX_HEAD_BYTES) this.refuse('a chunk extension is too long');
        break;
      case CHUNK_DATA_END:
        if (byte === LF) {
          const framing = this.chunkFraming;
          this.startChunk();
          this.sink.chunkEnd(framing);
        } else if (byte !== CR) this.refuse('a chunk is longer than its size');
        break;
      case TRAILER_START:
        if (byte === LF) {
          this.sink.chunkEnd(this.chunkFraming);
          this.finish();
          break;
        }
        if (byte !== CR) this.state = TRAILER;
        break;
      default:
        if (byte === LF) this.state = TRAILER_START;
        else if (this.chunkFraming > MAX_HEAD_BYTES) this.refuse('a trailer is too long');
    }
  }

  private startChunkData(): void {
    this.state = this.remaining === 0 ? TRAILER_START : CHUNK_DATA;
  }

  private finish(): void {
    this.state = STATUS_LINE;
    this.sink.end();
    // Kept until after `end` so that the sink can read status and head length.
    if (this.state === STATUS_LINE) this.startResponse();
  }

  private startResponse(): void {
    this.matched = 0;
    this.status = 0;
    this.headBytes = 0;
    this.remaining = 0;
    this.chunked = false;
    this.sized = false;
    this.closes = false;
    this.isOld = false;
    this.isKept = false;
    this.retryAfterMs = 0;
    this.accept = '';
    this.subprotocol = '';
    this.wanted = '';
  }

  private refuse(message: string): void {
    if (this.state === BROKEN) return;
    this.state = BROKEN;
    this.sink.fault(message);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
