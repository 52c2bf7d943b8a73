import { z } from 'zod';

/** What the page asks for. `page` names the page, so that its counters can be told from another one's. */
export type Command =
  | { readonly action: 'enter'; readonly page: string }
  | { readonly action: 'rate'; readonly page: string; readonly ratePerSecond: number }
  | { readonly action: 'round-trip'; readonly page: string; readonly roundTripMs: number }
  | { readonly action: 'restart'; readonly page: string };

const page = z.string().min(1).max(64);

const command = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('enter'), page }),
  z.strictObject({ action: z.literal('rate'), page, ratePerSecond: z.number() }),
  z.strictObject({ action: z.literal('round-trip'), page, roundTripMs: z.number() }),
  z.strictObject({ action: z.literal('restart'), page }),
]);

/** What the page offers; nothing else is taken. */
export interface Offers {
  readonly rates: readonly number[];
  readonly roundTripsMs: readonly number[];
}

/** Reads a command. @returns a sentence when it is none, or asks for what is not offered */
export function commandOf(text: string, { rates, roundTripsMs }: Offers): Command | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'A command is a JSON object.';
  }
  const parsed = command.safeParse(value);
  if (!parsed.success) return 'There are the actions enter, rate, round-trip and restart.';
  const { data } = parsed;
  if (data.action === 'rate' && !rates.includes(data.ratePerSecond)) {
    return `The rates are ${rates.join(', ')} messages a second.`;
  }
  if (data.action === 'round-trip' && !roundTripsMs.includes(data.roundTripMs)) {
    return `The round trips are ${roundTripsMs.join(', ')} ms.`;
  }
  return data;
}
