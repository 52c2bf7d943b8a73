import { formatCount, formatMicros, formatUnit, formatWireBytes } from '../../../reports/units.js';
import type { Traffic } from '../contract.js';
import type { Contestant } from './contestant.js';

/** A number of a card, and the smaller line below it. */
export interface Figure {
  readonly value: string;
  readonly detail: string;
}

const NONE: Figure = { value: '\u2013', detail: '\u00a0' };

/** What a card shows, by the name of the figure. */
export function figuresOf(
  { tally, requests, ageMs, medianAgeMs, bytes }: Contestant,
  total: Traffic | null,
): Readonly<Record<string, Figure>> {
  const perMessage = bytes.perMessage();
  return {
    last:
      tally.newest === null ? NONE : { value: `No. ${formatCount(tally.newest)}`, detail: received(tally) },
    age:
      ageMs === null
        ? NONE
        : { value: formatMicros(ageMs * 1000), detail: `median ${formatMicros((medianAgeMs ?? 0) * 1000)}` },
    missing: {
      value: formatCount(tally.missing),
      detail: `${formatCount(tally.repeated)} came twice`,
    },
    perMessage:
      perMessage === null
        ? NONE
        : {
            value: formatWireBytes(perMessage.up + perMessage.down),
            detail: upDown(formatWireBytes(perMessage.up), formatWireBytes(perMessage.down)),
          },
    total:
      total === null
        ? NONE
        : {
            value: formatUnit(total.up + total.down, 'bytes'),
            detail: upDown(formatUnit(total.up, 'bytes'), formatUnit(total.down, 'bytes')),
          },
    requests: {
      value: formatCount(requests),
      detail: tally.received === 0 ? '\u00a0' : `${(requests / tally.received).toFixed(2)} each`,
    },
  };
}

function received({ received }: Contestant['tally']): string {
  return `${formatCount(received)} ${received === 1 ? 'message' : 'messages'}`;
}

/** Breaks between the two, not inside them. */
function upDown(up: string, down: string): string {
  return `${up}\u00a0up, ${down}\u00a0down`;
}
