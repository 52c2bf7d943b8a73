import type { UpDown } from './up-down.js';

/** One TCP packet of a capture, as tshark read it. */
export interface Packet {
  /** TCP connection, numbered by tshark in order of appearance. */
  readonly stream: number;
  readonly direction: keyof UpDown;
  /** Length of the IP packet. */
  readonly ipBytes: number;
  /** Length of its TCP payload. */
  readonly bytes: number;
  readonly isSyn: boolean;
  /** Its payload was sent before. */
  readonly isRepeated: boolean;
  /** Its payload in hexadecimal, where the capture was asked to keep it, else ''. */
  readonly payload: string;
}

/** Sums over the packets of a span. */
export interface PacketTotals {
  /** Payload bytes, each once however often it was sent. */
  readonly bytes: UpDown;
  readonly ipBytes: UpDown;
  readonly segments: UpDown;
  readonly syn: UpDown;
  /** Packets whose payload was sent before. */
  readonly repeated: number;
  /** The longest TCP payload of one packet. */
  readonly longest: number;
}

/** What tshark is asked for, in this order; `parseLine` reads them. */
export const FIELDS = [
  'tcp.stream',
  'tcp.srcport',
  'ip.len',
  'tcp.len',
  'tcp.flags.syn',
  'tcp.analysis.retransmission',
  'tcp.analysis.fast_retransmission',
  'tcp.analysis.spurious_retransmission',
  'udp.payload',
] as const;
/** Asked for as well when the payload is wanted; last, so that it may be absent. */
export const PAYLOAD_FIELD = 'tcp.payload';

/** A line of tshark's output: a packet, or the mark that stood in the capture. */
export type CaptureLine =
  | { readonly kind: 'packet'; readonly packet: Packet }
  | { readonly kind: 'mark'; readonly text: string };

/**
 * Reads one line of tab-separated {@link FIELDS}.
 * @param serverPorts packets from these ports go down, all others up
 * @throws Error when the line has not the expected form
 */
export function parseLine(line: string, serverPorts: ReadonlySet<number>): CaptureLine {
  const [stream, port, ipBytes, bytes, syn, again, fast, spurious, mark, payload] = line.split('\t');
  if (mark) return { kind: 'mark', text: Buffer.from(mark.replaceAll(':', ''), 'hex').toString('latin1') };
  const numbers = [stream, port, ipBytes, bytes].map((text) => (text ? Number(text) : Number.NaN));
  if (numbers.some((value) => !Number.isInteger(value)))
    throw new Error(`tshark wrote a line that is no TCP packet: "${line}"`);
  return {
    kind: 'packet',
    packet: {
      stream: numbers[0]!,
      direction: serverPorts.has(numbers[1]!) ? 'down' : 'up',
      ipBytes: numbers[2]!,
      bytes: numbers[3]!,
      // Older versions print 1, newer ones True.
      isSyn: syn === '1' || syn === 'True',
      isRepeated: Boolean(again || fast || spurious),
      payload: payload ?? '',
    },
  };
}

/** Adds packets up, then is only read. */
export class PacketSum implements PacketTotals {
  readonly bytes = { up: 0, down: 0 };
  readonly ipBytes = { up: 0, down: 0 };
  readonly segments = { up: 0, down: 0 };
  readonly syn = { up: 0, down: 0 };
  repeated = 0;
  longest = 0;

  add({ direction, ipBytes, bytes, isSyn, isRepeated }: Packet): void {
    this.segments[direction]++;
    this.ipBytes[direction] += ipBytes;
    if (isSyn) this.syn[direction]++;
    if (isRepeated) this.repeated++;
    else this.bytes[direction] += bytes;
    if (bytes > this.longest) this.longest = bytes;
  }
}
