import type { Measurements } from '../../reports/result.js';
import type { EndCounters, KernelCounters } from './kernel-counters.js';
import type { PacketTotals } from './packets.js';
import { DIRECTIONS, minus, plus, type UpDown } from './up-down.js';

export type WireVerification = NonNullable<Measurements['wire']['verification']>;

/** Bytes of an IPv4 header and a TCP header with timestamps: every segment has them. */
const SEGMENT_BYTES = 20 + 32;
/** Further options of a SYN: largest segment, window scale, selective acknowledgements. */
const SYN_BYTES = 8;

/** What everybody had counted at one instant at which nothing moved, since the first connection. */
export interface WireReading {
  readonly ledger: UpDown;
  /** The clients' sockets. */
  readonly sockets: UpDown;
  /** The servers' sockets. */
  readonly server: UpDown;
  /** Connections the servers accepted. */
  readonly accepted: number;
  readonly kernel: KernelCounters;
}

/** Everything there is to compare. */
export interface WireEvidence {
  /** Before the window's first message. */
  readonly opening: WireReading;
  /** After its drain. */
  readonly closing: WireReading;
  /** The window as the result document reports it. */
  readonly reported: { readonly totals: UpDown; readonly sockets: UpDown; readonly delivered: number };
  readonly packets: { readonly before: PacketTotals; readonly window: PacketTotals };
  /** Packets that dumpcap had to drop. */
  readonly dropped: number;
  /** Connections end by design. The kernel forgets one with its end, so it is then asked only where none has ended. */
  readonly ends?: boolean;
}

/** Compares all sources, over the whole life of the connections and over the window. Pure. */
export function compareWire(evidence: WireEvidence): WireVerification {
  const { opening, closing, reported, packets, dropped } = evidence;
  const { before, window } = packets;
  const disagreements: string[] = [];
  const check = (what: string, a: string, first: number, b: string, second: number): void => {
    if (first !== second) disagreements.push(`${what}: ${a} ${text(first)}, ${b} ${text(second)}.`);
  };

  const life = {
    ledger: closing.ledger,
    sockets: closing.sockets,
    kernel: bytesOf(closing.kernel),
    capture: plus(before.bytes, window.bytes),
    server: closing.server,
  };
  const span = {
    ledger: reported.totals,
    sockets: reported.sockets,
    kernel: minus(bytesOf(closing.kernel), bytesOf(opening.kernel)),
    capture: window.bytes,
    server: minus(closing.server, opening.server),
  };
  const ended = evidence.ends ? closing.accepted - closing.kernel.connections : 0;
  const endedBefore = evidence.ends ? opening.accepted - opening.kernel.connections : 0;
  for (const [when, sources, isWhole] of [
    ["from connecting to the drain's end", life, ended === 0],
    ['in the window', span, ended === endedBefore],
  ] as const) {
    for (const direction of DIRECTIONS) {
      for (const [name, title] of SOURCES) {
        if (name === 'kernel' && !isWhole) continue;
        const what = `Bytes ${direction} ${when}`;
        check(
          what,
          'the ledger has',
          sources.ledger[direction],
          `${title} counted`,
          sources[name][direction],
        );
      }
    }
  }
  checkKernel(closing.kernel, check);

  const ipBytes = plus(before.ipBytes, window.ipBytes);
  const segments = plus(before.segments, window.segments);
  const syn = plus(before.syn, window.syn);
  check('Connections', 'the capture saw', syn.up, 'the kernel still has', closing.kernel.connections + ended);
  check('Connections', 'the capture saw', syn.up, 'the server accepted', closing.accepted);
  if (dropped > 0) disagreements.push(`Packets: dumpcap had to drop ${text(dropped)}; use fewer clients.`);
  // What was sent again has its IP bytes twice and its payload once: the formula is for a wire without losses.
  if (before.repeated + window.repeated === 0) {
    for (const direction of DIRECTIONS) {
      const formula =
        life.capture[direction] + SEGMENT_BYTES * segments[direction] + SYN_BYTES * syn[direction];
      const what = `IP bytes ${direction}`;
      check(what, 'the capture has', ipBytes[direction], 'payload + 52 a segment + 8 a SYN is', formula);
    }
  }
  if (ended === 0) checkSegments(closing.kernel, segments, Math.max(before.longest, window.longest), check);

  const { delivered } = reported;
  const each = (sum: UpDown): UpDown => ({ up: sum.up / delivered, down: sum.down / delivered });
  return {
    ...life,
    connections: syn.up,
    ipBytes,
    segments,
    syn: syn.up + syn.down,
    window: { ...span, ipBytes: window.ipBytes, segments: window.segments },
    perDelivery: delivered === 0 ? null : { ipBytes: each(window.ipBytes), segments: each(window.segments) },
    agrees: disagreements.length === 0,
    disagreements,
  };
}

const SOURCES = [
  ['sockets', "the clients' sockets"],
  ['kernel', 'the kernel (TCP_INFO)'],
  ['capture', 'the packet capture'],
  ['server', "the server's sockets"],
] as const;

type Check = (what: string, a: string, first: number, b: string, second: number) => void;

/** The kernel by the sender's end. */
function bytesOf({ client, server }: KernelCounters): UpDown {
  return { up: client.sent, down: server.sent };
}

/** Both ends of the kernel's books must tell the same story. */
function checkKernel({ client, server, connections }: KernelCounters, check: Check): void {
  const ways: readonly [string, EndCounters, EndCounters][] = [
    ['up', client, server],
    ['down', server, client],
  ];
  for (const [direction, sender, receiver] of ways) {
    check(
      `Kernel's bytes ${direction}`,
      'bytes_sent is',
      sender.sent,
      'bytes_received at the other end',
      receiver.received,
    );
  }
  // The SYN of the end that connects is acknowledged like a byte; the other end's is not counted.
  check(
    "Kernel's bytes up",
    'bytes_sent + 1 a connection is',
    client.sent + connections,
    'bytes_acked',
    client.acked,
  );
  check("Kernel's bytes down", 'bytes_sent is', server.sent, 'bytes_acked', server.acked);
}

/** Only where no packet is longer than a segment: of a longer one loopback makes one packet, the kernel counts several. */
function checkSegments(kernel: KernelCounters, captured: UpDown, longest: number, check: Check): void {
  if (longest > kernel.leastSegment) return;
  const { client, server, connections } = kernel;
  check('Segments up', 'the capture has', captured.up, "the kernel's segs_out", client.segmentsOut);
  check('Segments up', 'the capture has', captured.up, "the kernel's segs_in", server.segmentsIn);
  check('Segments down', 'the capture has', captured.down, "the kernel's segs_in", client.segmentsIn);
  // The SYN-ACK is sent before there is a socket to count it.
  const out = server.segmentsOut + connections;
  check('Segments down', 'the capture has', captured.down, "the kernel's segs_out + 1 a connection", out);
}

function text(value: number): string {
  return value.toLocaleString('en-US');
}
