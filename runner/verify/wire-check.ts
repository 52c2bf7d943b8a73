import type { Measurements } from '../../reports/result.js';
import { pause, TimedOut } from '../deadline.js';
import { compareWire, type WireReading, type WireVerification } from './compare-wire.js';
import { readKernelCounters } from './kernel-counters.js';
import { PacketCapture } from './packet-capture.js';
import { type Packet, PacketSum } from './packets.js';
import type { WirePrograms } from './wire-programs.js';

/** Nothing moved between two readings this far apart: longer than the kernel delays an acknowledgement (200 ms). */
const STILL_MS = 250;
/** A held long poll is answered after 25 s at most, and asks again; nothing else lasts. */
const REST_LIMIT_MS = 15_000;

const OPENING = 'opening';
const CLOSING = 'closing';
/** No wait is cut short here: a correctness run is small. */
const NEVER = new Promise<never>(() => {});

export interface WireCheckOptions {
  readonly programs: WirePrograms;
  /** TCP ports of the servers. */
  readonly ports: readonly number[];
  /** Keeps packets whole and hands them over. */
  readonly onPacket?: (packet: Packet, isWindow: boolean) => void;
  /** Connections end by design, and more may come after them. */
  readonly ends?: boolean;
  /** Makes every client hold still, and asks clients and servers for their own counters. */
  readonly ownCounters: () => Promise<Omit<WireReading, 'kernel'>>;
}

/** The witnesses of one trial's bytes: started before the first client connects, asked while nothing moves. */
export class WireCheck {
  private opening: WireReading | null = null;
  private closing: WireReading | null = null;

  private constructor(
    private readonly options: WireCheckOptions,
    private readonly capture: PacketCapture,
  ) {}

  /** @throws CaptureRefused when the machine does not let us capture */
  static async start(options: WireCheckOptions): Promise<WireCheck> {
    const { programs, ports, onPacket } = options;
    return new WireCheck(
      options,
      await PacketCapture.start({ programs, ports, payload: onPacket !== undefined }),
    );
  }

  /** Waits for rest and reads everybody, before the window's first message. @throws TimedOut */
  async open(): Promise<void> {
    this.opening = await this.rest();
    await this.capture.mark(OPENING);
  }

  /** The same after the window's drain. @throws TimedOut */
  async close(): Promise<void> {
    this.closing = await this.rest();
    await this.capture.mark(CLOSING);
  }

  /** Reads the capture and compares everything. */
  async verify(reported: Measurements): Promise<WireVerification> {
    const before = new PacketSum();
    const window = new PacketSum();
    let span: PacketSum | null = before;
    const dropped = await this.capture.read((line) => {
      if (line.kind === 'mark') {
        if (line.text === OPENING) span = window;
        if (line.text === CLOSING) span = null;
      } else if (span !== null) {
        span.add(line.packet);
        this.options.onPacket?.(line.packet, span === window);
      }
    });
    return compareWire({
      opening: this.opening!,
      closing: this.closing!,
      reported: {
        totals: reported.wire.totals,
        sockets: reported.wire.sockets,
        delivered: reported.messages.delivered,
      },
      packets: { before, window },
      dropped,
      ends: this.options.ends ?? false,
    });
  }

  /** Ends the capture and removes its file, whatever became of the trial. Never throws. */
  stop(): Promise<void> {
    return this.capture.abandon();
  }

  private async rest(): Promise<WireReading> {
    const untilMs = performance.now() + REST_LIMIT_MS;
    let before = '';
    for (;;) {
      const own = await this.options.ownCounters();
      const kernel = await readKernelCounters(this.options.programs.ss, this.options.ports);
      const reading = { ...own, kernel };
      const now = JSON.stringify(reading);
      if (now === before) return reading;
      if (performance.now() > untilMs)
        throw new TimedOut(
          'the connections did not come to rest within 15 s, so their bytes could not be compared',
        );
      before = now;
      await pause(STILL_MS, NEVER);
    }
  }
}
