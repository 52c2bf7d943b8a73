import type { Content } from '../../protocol/payload.js';
import { Ledger, type LedgerTotals, sumLayers } from '../ledger.js';
import type { FrameSink } from '../wire/frames.js';

/** A message as a sink hears of it: sequence number (-1 for none) and length. */
export type Heard = readonly [sequence: number, bytes: number];

/** Remembers everything a parser reports. */
export class RecordingSink implements FrameSink {
  readonly ledger = new Ledger();
  readonly messages: Heard[] = [];
  readonly controls: { opcode: number; payload: string }[] = [];
  readonly faults: string[] = [];

  constructor(readonly content: Content = 'text') {}

  message(sequence: number, bytes: number): void {
    this.messages.push([sequence, bytes]);
  }

  control(opcode: number, payload: Buffer): void {
    this.controls.push({ opcode, payload: payload.toString('latin1') });
  }

  fault(message: string): void {
    this.faults.push(message);
  }

  get down(): LedgerTotals['down'] {
    return this.ledger.snapshot().down;
  }

  get eaten(): number {
    return sumLayers(this.down);
  }
}

/** Parts of a downward ledger, the rest zero: what tests compare `down` with. */
export function layers(parts: Partial<LedgerTotals['down']>): LedgerTotals['down'] {
  return { payload: 0, header: 0, framing: 0, handshake: 0, idle: 0, ...parts };
}
