import type { ClientContext } from '../contract.js';
import { DOWN } from '../ledger.js';
import type { Asking } from '../wire/asking-client.js';
import { closeHead } from '../wire/request.js';
import type { ForeignSpec } from './contract.js';
import type { ForeignRequests } from './foreign-requests.js';
import { stepsOf, valuesAt } from './json-path.js';
import { type Listener, MessageReader } from './message-reader.js';

const MAX_CURSOR = 512;

/** Asks a server that is not ours, and reads its answers: each that has a body is a message. */
export class ForeignAsking implements Asking {
  readonly field: string | null;
  messages = 0;
  private readonly reader: MessageReader;
  private readonly cursorSteps: readonly string[] | null;
  private cursor: string;

  constructor(
    spec: ForeignSpec,
    private readonly requests: ForeignRequests,
    private readonly context: ClientContext,
    private readonly index: number,
    listener: Listener,
  ) {
    const from = spec.cursor?.from;
    this.field = from !== undefined && 'header' in from ? from.header : null;
    this.cursorSteps = from !== undefined && 'json' in from ? stepsOf(from.json) : null;
    this.cursor = spec.cursor?.start ?? '';
    this.reader = new MessageReader(spec, context, index, listener, this.cursorSteps !== null);
  }

  request(): string {
    return closeHead(this.requests.for(this.index, this.cursor));
  }

  eat(buffer: Buffer, start: number, end: number): void {
    this.context.ledger.put(DOWN.framing, end - start);
    this.reader.part(buffer, start, end);
  }

  end(): void {
    const { reader } = this;
    if (reader.length === 0) return;
    this.messages = reader.whole(reader.length);
    if (this.cursorSteps !== null) this.moveTo(valuesAt(reader.json, this.cursorSteps)[0]);
    reader.json = undefined;
  }

  reset(): void {
    this.reader.reset();
    this.messages = 0;
  }

  answered(field: string): void {
    if (this.field !== null) this.moveTo(field.trim());
  }

  /** An answer without a cursor leaves it where it was. */
  private moveTo(value: unknown): void {
    if (typeof value === 'string' ? value !== '' : typeof value === 'number')
      this.cursor = String(value).slice(0, MAX_CURSOR);
  }
}
