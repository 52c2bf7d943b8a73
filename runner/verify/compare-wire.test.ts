import { describe, expect, it } from 'vitest';
import { compareWire, type WireEvidence } from './compare-wire.js';

/** One connection, a request of 44 bytes and an answer of 159, before the window and in it; counted right by everybody. */
function evidence(): WireEvidence {
  const reading = (exchanges: number) => ({
    ledger: { up: 44 * exchanges, down: 159 * exchanges },
    sockets: { up: 44 * exchanges, down: 159 * exchanges },
    server: { up: 44 * exchanges, down: 159 * exchanges },
    accepted: 1,
    kernel: {
      connections: 1,
      client: {
        sent: 44 * exchanges,
        acked: 44 * exchanges + 1,
        received: 159 * exchanges,
        segmentsOut: 2 + 2 * exchanges,
        segmentsIn: 1 + exchanges,
      },
      server: {
        sent: 159 * exchanges,
        acked: 159 * exchanges,
        received: 44 * exchanges,
        segmentsOut: exchanges,
        segmentsIn: 2 + 2 * exchanges,
      },
      leastSegment: 32_768,
    },
  });
  const sum = (syn: number) => ({
    bytes: { up: 44, down: 159 },
    segments: { up: 2 + 2 * syn, down: 1 + syn },
    ipBytes: { up: 44 + 52 * (2 + 2 * syn) + 8 * syn, down: 159 + 52 * (1 + syn) + 8 * syn },
    syn: { up: syn, down: syn },
    repeated: 0,
    longest: 159,
  });
  return {
    opening: reading(1),
    closing: reading(2),
    reported: { totals: { up: 44, down: 159 }, sockets: { up: 44, down: 159 }, delivered: 1 },
    packets: { before: sum(1), window: sum(0) },
    dropped: 0,
  };
}

type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

function disagreementsAfter(change: (found: Mutable<WireEvidence>) => void): readonly string[] {
  const changed = evidence() as Mutable<WireEvidence>;
  change(changed);
  const { agrees, disagreements } = compareWire(changed);
  expect(agrees).toBe(disagreements.length === 0);
  return disagreements;
}

describe('compareWire', () => {
  it('agrees where everybody counted the same', () => {
    const found = compareWire(evidence());
    expect(found.disagreements).toEqual([]);
    expect(found).toMatchObject({
      agrees: true,
      connections: 1,
      syn: 2,
      ledger: { up: 88, down: 318 },
      capture: { up: 88, down: 318 },
      window: { ledger: { up: 44, down: 159 }, kernel: { up: 44, down: 159 }, segments: { up: 2, down: 1 } },
      perDelivery: { ipBytes: { up: 148, down: 211 }, segments: { up: 2, down: 1 } },
    });
  });

  it.each<[string, (found: Mutable<WireEvidence>) => void, string]>([
    [
      'the ledger',
      (found) => found.closing.ledger.up++,
      "Bytes up from connecting to the drain's end: the ledger has 89, the clients' sockets counted 88.",
    ],
    [
      'the window as reported',
      (found) => found.reported.totals.down--,
      'Bytes down in the window: the ledger has 158, the packet capture counted 159.',
    ],
    [
      'the kernel',
      (found) => found.closing.kernel.server.sent++,
      "Bytes down from connecting to the drain's end: the ledger has 318, the kernel (TCP_INFO) counted 319.",
    ],
    [
      'the capture',
      (found) => found.packets.window.bytes.up--,
      'Bytes up in the window: the ledger has 44, the packet capture counted 43.',
    ],
    [
      'the server',
      (found) => found.closing.server.down++,
      "Bytes down in the window: the ledger has 159, the server's sockets counted 160.",
    ],
    [
      'the other end of the kernel',
      (found) => found.closing.kernel.server.received--,
      "Kernel's bytes up: bytes_sent is 88, bytes_received at the other end 87.",
    ],
    [
      'what was acknowledged',
      (found) => found.closing.kernel.client.acked--,
      "Kernel's bytes up: bytes_sent + 1 a connection is 89, bytes_acked 88.",
    ],
    [
      'a connection that ended',
      (found) => found.closing.kernel.connections--,
      'Connections: the capture saw 1, the kernel still has 0.',
    ],
    [
      'IP headers of another length',
      (found) => (found.packets.window.ipBytes.up += 12),
      'IP bytes up: the capture has 420, payload + 52 a segment + 8 a SYN is 408.',
    ],
    [
      'a segment the capture missed',
      (found) => found.closing.kernel.client.segmentsOut++,
      "Segments up: the capture has 6, the kernel's segs_out 7.",
    ],
    [
      'packets that were dropped',
      (found) => (found.dropped = 3),
      'Packets: dumpcap had to drop 3; use fewer clients.',
    ],
  ])('names both sources and both numbers: %s', (_, change, sentence) => {
    expect(disagreementsAfter(change)).toContain(sentence);
  });

  it('does not hold the kernel to the packets where loopback carried several segments in one', () => {
    const change = (found: Mutable<WireEvidence>): void => {
      found.packets.window.longest = 65_000;
      found.closing.kernel.server.segmentsOut++;
      found.closing.kernel.client.segmentsIn++;
    };
    expect(disagreementsAfter(change)).toEqual([]);
  });

  /** A second connection, which was closed before the window, or in it. */
  const second = (found: Mutable<WireEvidence>, when: 'before' | 'window'): void => {
    for (const reading of when === 'before' ? [found.opening, found.closing] : [found.closing]) {
      reading.accepted++;
      for (const own of [reading.ledger, reading.sockets, reading.server]) own.up += 100;
    }
    const packets = found.packets[when];
    packets.bytes.up += 100;
    packets.segments.up += 2;
    packets.segments.down++;
    packets.ipBytes.up += 100 + 2 * 52 + 8;
    packets.ipBytes.down += 52 + 8;
    packets.syn.up++;
    packets.syn.down++;
    if (when === 'before') return;
    found.reported.totals.up += 100;
    found.reported.sockets.up += 100;
  };

  it.each(['before', 'window'] as const)(
    'asks the kernel only about what it still knows where connections end by design (%s)',
    (when) => {
      const change = (found: Mutable<WireEvidence>): void => second(found, when);
      expect(disagreementsAfter(change)).toContain('Connections: the capture saw 2, the kernel still has 1.');
      expect(disagreementsAfter((found) => change(Object.assign(found, { ends: true })))).toEqual([]);
    },
  );

  it('still asks it about a window in which no connection ended', () => {
    const change = (found: Mutable<WireEvidence>): void => {
      second(Object.assign(found, { ends: true }), 'before');
      found.closing.kernel.client.sent++;
    };
    expect(disagreementsAfter(change)).toContain(
      'Bytes up in the window: the ledger has 44, the kernel (TCP_INFO) counted 45.',
    );
  });

  it('does not hold a wire that repeated something to the formula for one that did not', () => {
    const change = (found: Mutable<WireEvidence>): void => {
      found.packets.window.repeated = 1;
      found.packets.window.segments.up++;
      found.packets.window.ipBytes.up += 52 + 44;
      found.closing.kernel.client.segmentsOut++;
      found.closing.kernel.server.segmentsIn++;
    };
    expect(disagreementsAfter(change)).toEqual([]);
  });
});
