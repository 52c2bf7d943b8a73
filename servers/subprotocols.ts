/** The sub-protocols that both WebSocket servers speak; messages are the same in each. */
const KNOWN: ReadonlySet<string> = new Set(['chat', 'superchat']);

/**
 * The sub-protocol of a connection: the first of the client's offers, in its order of preference, that the server knows
 * (RFC 6455, section 4.2.2). Undefined when it knows none; the answer then has no such field.
 */
export function chooseSubprotocol(offers: Iterable<string>): string | undefined {
  for (const offer of offers) if (KNOWN.has(offer)) return offer;
  return undefined;
}
