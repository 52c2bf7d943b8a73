import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pause } from '../deadline.js';
import { type CaptureLine, FIELDS, PAYLOAD_FIELD, parseLine } from './packets.js';
import type { WirePrograms } from './wire-programs.js';

/** The kernel's buffer for packets that dumpcap has not written yet. */
const BUFFER_MIB = 128;
/** Enough for every header and a mark; the lengths of longer packets are in their headers. */
const HEADERS_ONLY_BYTES = 192;
const MARK_PREFIX = 'pushbench-mark-';
/** dumpcap writes its file several times a second. */
const MARK_LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 20;
/** dumpcap ends by itself after this, should whoever started it be killed. */
const LONGEST_SECONDS = 600;

export interface CaptureOptions {
  readonly programs: Pick<WirePrograms, 'dumpcap' | 'tshark'>;
  /** TCP ports of the servers. */
  readonly ports: readonly number[];
  /** Whether packets are kept whole, so that their payload can be read. */
  readonly payload: boolean;
}

/** The machine does not let us capture; the message is a whole sentence. */
export class CaptureRefused extends Error {
  override readonly name = 'CaptureRefused';
}

/**
 * dumpcap on the loopback interface, writing to a file of its own in the temporary folder.
 *
 * A *mark* is a datagram that we send to ourselves through the same interface. Once it stands in the file, so does
 * every packet before it: that is how we know that the capture has begun, how spans are told apart, and that nothing
 * is left in a buffer at the end. No waiting by guess.
 */
export class PacketCapture {
  private offset = 0;
  private tail = Buffer.alloc(0);
  private stderr = '';
  private exitCode: number | null = null;
  private readonly exited: Promise<unknown>;
  /** The second Ctrl-C leaves at once: nothing of ours may stay behind. */
  private readonly leave = (): void => {
    this.dumpcap.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  private constructor(
    private readonly options: CaptureOptions,
    private readonly folder: string,
    private readonly marker: Socket,
    private readonly dumpcap: ChildProcess,
  ) {
    process.once('exit', this.leave);
    dumpcap.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.exited = new Promise<void>((resolve) => {
      dumpcap.on('error', (error) => {
        this.stderr += `dumpcap: ${error.message}`;
        this.exitCode = -1;
        resolve();
      });
      dumpcap.on('exit', (code) => {
        this.exitCode = code ?? -1;
        resolve();
      });
    });
  }

  /**
   * Starts a capture and returns once it has seen its first mark.
   * @throws CaptureRefused with a sentence that says what is missing
   */
  static async start(options: CaptureOptions): Promise<PacketCapture> {
    const marker = createSocket('udp4');
    marker.bind(0, '127.0.0.1');
    await once(marker, 'listening');
    // Nobody reads the datagrams that come back.
    marker.on('message', () => {});
    const folder = mkdtempSync(join(tmpdir(), 'pushbench-wire-'));
    const filter = [
      ...options.ports.map((port) => `tcp port ${port}`),
      `udp port ${marker.address().port}`,
    ].join(' or ');
    const args = ['-i', 'lo', '-f', filter, '-B', String(BUFFER_MIB), '-w', join(folder, 'packets.pcapng')];
    args.push('-a', `duration:${LONGEST_SECONDS}`);
    if (!options.payload) args.push('-s', String(HEADERS_ONLY_BYTES));
    const dumpcap = spawn(options.programs.dumpcap, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C reaches the whole process group; it is the runner that decides when the capture ends.
      detached: true,
    });
    const capture = new PacketCapture(options, folder, marker, dumpcap);
    try {
      await capture.begun();
      await capture.mark('begin');
      return capture;
    } catch (error) {
      await capture.abandon();
      throw error;
    }
  }

  /** Puts a mark into the capture; resolves once it, and so every packet before it, stands in the file. */
  async mark(name: string): Promise<void> {
    const text = `${MARK_PREFIX}${name}-${randomBytes(8).toString('hex')}`;
    this.marker.send(text, this.marker.address().port, '127.0.0.1');
    const file = await open(join(this.folder, 'packets.pcapng'), 'r');
    try {
      const untilMs = performance.now() + MARK_LIMIT_MS;
      while (!(await this.find(file, text))) {
        if (this.exitCode !== null) throw new CaptureRefused(this.refusal());
        if (performance.now() > untilMs)
          throw new CaptureRefused(
            'dumpcap runs but a packet of our own did not appear in its file within 10 s.',
          );
        await pause(LOOK_EVERY_MS, this.exited);
      }
    } finally {
      await file.close();
    }
  }

  /**
   * Ends the capture and hands every line of it to `take`, in order. A mark is handed on by its name.
   * @returns how many packets dumpcap had to drop
   */
  async read(take: (line: CaptureLine) => void): Promise<number> {
    this.dumpcap.kill('SIGINT');
    await this.exited;
    const dropped = Number(/received\/dropped on interface [^\n]*: \d+\/(\d+)/.exec(this.stderr)?.[1] ?? 0);
    const fields = this.options.payload ? [...FIELDS, PAYLOAD_FIELD] : FIELDS;
    const tshark = spawn(
      this.options.programs.tshark,
      [
        '-n',
        ...['-r', join(this.folder, 'packets.pcapng')],
        // Nothing above TCP is looked into: ports are drawn by lot, and a port may be a protocol's own.
        ...this.options.ports.flatMap((port) => ['-d', `tcp.port==${port},data`]),
        ...['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=f'],
        ...fields.flatMap((field) => ['-e', field]),
      ],
      // Ctrl-C is not for it, either.
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    let complaint = '';
    tshark.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const ended = once(tshark, 'close');
    ended.catch(() => {});
    const ports = new Set(this.options.ports);
    for await (const line of createInterface({ input: tshark.stdout })) {
      const parsed = parseLine(line, ports);
      take(parsed.kind === 'mark' ? { kind: 'mark', text: nameOfMark(parsed.text) } : parsed);
    }
    const [code] = await ended;
    if (code !== 0)
      throw new Error(
        `tshark ended with code ${code}: ${lastLine(complaint.replace(/^Running as user.*$/gm, ''))}`,
      );
    return dropped;
  }

  /** Ends dumpcap, whatever it does, and removes its file. Never throws. */
  async abandon(): Promise<void> {
    this.dumpcap.kill('SIGKILL');
    await this.exited;
    this.marker.close();
    process.removeListener('exit', this.leave);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits for dumpcap to name its file, which it does once the interface is open. */
  private async begun(): Promise<void> {
    const untilMs = performance.now() + MARK_LIMIT_MS;
    while (!/^File: /m.test(this.stderr)) {
      if (this.exitCode !== null) throw new CaptureRefused(this.refusal());
      if (performance.now() > untilMs) throw new CaptureRefused('dumpcap did not begin within 10 s.');
      await pause(LOOK_EVERY_MS, this.exited);
    }
  }

  private async find(file: FileHandle, text: string): Promise<boolean> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(256 * 1024);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, this.offset);
      if (bytesRead === 0) return false;
      this.offset += bytesRead;
      const seen = Buffer.concat([this.tail, chunk.subarray(0, bytesRead)]);
      this.tail = Buffer.from(seen.subarray(-text.length));
      if (seen.includes(text)) return true;
    }
  }

  private refusal(): string {
    return refusalSentence(this.stderr);
  }
}

/** The sentence for what dumpcap complained of. */
export function refusalSentence(stderr: string): string {
  if (/permission|not permitted/i.test(stderr.replace(/^.*cap_set_proc\(\).*$/gm, ''))) {
    return (
      'this user may not capture packets on the loopback interface: run as root, join the group wireshark ' +
      '(sudo dpkg-reconfigure wireshark-common, then sudo usermod -a -G wireshark USER), or grant CAP_NET_RAW ' +
      '(in a container: --cap-add NET_RAW).'
    );
  }
  if (/is not up/.test(stderr)) {
    return 'the loopback interface of this network namespace is down: bring it up (ip link set lo up).';
  }
  const said = /^dumpcap: (?!cap_set_proc)(.*)$/m.exec(stderr)?.[1] ?? stderr;
  return `dumpcap could not capture on the loopback interface: ${lastLine(said)}`;
}

function nameOfMark(text: string): string {
  return text.startsWith(MARK_PREFIX) ? text.slice(MARK_PREFIX.length, text.lastIndexOf('-')) : '';
}

function lastLine(text: string): string {
  const line = text
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each !== '');
  if (line === undefined) return 'it gave no reason.';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
