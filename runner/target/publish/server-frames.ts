import { Ledger } from '../../../scenarios/ledger.js';
import { type FrameBody, FrameParser, type FrameSink, OPCODE } from '../../../scenarios/wire/frames.js';

/** A publisher is told more than this in one message only by mistake. */
const MOST_BYTES = 1024 * 1024;

export interface ServerFramesListener {
  text(text: string): void;
  ping(payload: Buffer): void;
  /** The server closes, or does not speak the protocol. */
  end(): void;
}

/** What a server says on a publisher's socket: whole text messages. Nothing of it is measured. */
export class ServerFrames {
  private readonly parser: FrameParser;
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(listener: ServerFramesListener) {
    const body: FrameBody = {
      part: (buffer, start, end) => {
        this.bytes += end - start;
        if (this.bytes <= MOST_BYTES) this.parts.push(Buffer.from(buffer.subarray(start, end)));
      },
      whole: () => {
        const text = this.bytes <= MOST_BYTES ? Buffer.concat(this.parts).toString() : '';
        this.parts = [];
        this.bytes = 0;
        listener.text(text);
      },
    };
    const sink: FrameSink = {
      ledger: new Ledger(),
      content: 'text',
      message: () => {},
      fault: () => listener.end(),
      control: (opcode, payload) => {
        if (opcode === OPCODE.ping) listener.ping(payload);
        else if (opcode === OPCODE.close) listener.end();
      },
    };
    this.parser = new FrameParser(sink, undefined, body);
  }

  eat(chunk: Buffer): void {
    this.parser.eat(chunk, 0, chunk.length);
  }
}
