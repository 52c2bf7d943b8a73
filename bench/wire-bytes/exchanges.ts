import type { Packet } from '../../runner/verify/packets.js';
import type { UpDown } from '../../runner/verify/up-down.js';

/** Packets of one connection that belong together: a request with its answer, or a message with its acknowledgements. */
export interface Exchange {
  readonly bytes: UpDown;
  readonly segments: UpDown;
  /** Of those, the ones that open a connection. */
  readonly syn: UpDown;
  /** Payload of each direction, one character a byte. */
  readonly text: { readonly up: string; readonly down: string };
}

/**
 * Cuts the packets of a window into exchanges: each begins with data in the direction `begins`, after data in the
 * other one or, where the other is silent, with each packet of data.
 * @param alternates whether the other direction answers with data
 */
export function exchangesOf(
  packets: readonly Packet[],
  begins: 'up' | 'down',
  alternates: boolean,
): Exchange[] {
  const groups: Packet[][] = [];
  let answered = true;
  for (const packet of packets) {
    const hasData = packet.bytes > 0;
    if (hasData && packet.direction === begins && (answered || !alternates)) {
      groups.push([]);
      answered = false;
    } else if (hasData && packet.direction !== begins) {
      answered = true;
    }
    groups.at(-1)?.push(packet);
  }
  return groups.map(exchangeOf);
}

/** Sums and text of some packets, in order. */
export function exchangeOf(packets: readonly Packet[]): Exchange {
  const bytes = { up: 0, down: 0 };
  const segments = { up: 0, down: 0 };
  const syn = { up: 0, down: 0 };
  const text = { up: '', down: '' };
  for (const packet of packets) {
    segments[packet.direction]++;
    if (packet.isSyn) syn[packet.direction]++;
    if (packet.isRepeated) continue;
    bytes[packet.direction] += packet.bytes;
    text[packet.direction] += Buffer.from(packet.payload.replaceAll(':', ''), 'hex').toString('latin1');
  }
  return { bytes, segments, syn, text };
}

/** The same packets, those of one connection together, connections in the order in which they began. */
export function byConnection(packets: readonly Packet[]): Packet[] {
  return packets.toSorted((a, b) => a.stream - b.stream);
}

/** What was asked last and is not answered: what went up, on any connection, since data last came down on it. */
export function unanswered(packets: readonly Packet[]): string {
  const pending = new Map<number, Packet[]>();
  for (const packet of packets) {
    if (packet.bytes === 0) continue;
    const own = packet.direction === 'down' ? [] : [...(pending.get(packet.stream) ?? []), packet];
    pending.set(packet.stream, own);
  }
  return exchangeOf([...pending.values()].flat()).text.up;
}

/** The exchange whose segments are the most common; of several as common ones the first. The list is not empty. */
export function typical(exchanges: readonly Exchange[]): Exchange {
  const counts = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const key = JSON.stringify(exchange.segments);
    counts.set(key, [...(counts.get(key) ?? []), exchange]);
  }
  return [...counts.values()].reduce((most, each) => (each.length > most.length ? each : most))[0]!;
}
