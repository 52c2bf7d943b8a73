import { encodeMarked } from '../../protocol/marker.js';
import { intendedInstants } from '../../protocol/schedule.js';
import { plainText } from '../../reports/plain-text.js';
import type { HostCommand, HostReport, HostSample } from '../../servers/contract.js';
import { Metronome } from '../../servers/metronome.js';
import { type Publication, publish } from '../../servers/publisher.js';
import { waitBucket } from '../../servers/wait-counts.js';
import { freePort, isFree } from '../free-port.js';
import { calledName } from './called-name.js';
import type { TargetHostCommand, TargetHostReport, TargetSpec } from './contract.js';
import { ProcessTree } from './process-tree.js';
import type { MessagePublisher, PublishPlace, Taken } from './publish/contract.js';
import { HttpPublisher } from './publish/http-publisher.js';
import { SocketPublisher } from './publish/socket-publisher.js';
import { TargetProcess } from './target-process.js';
import { waitReady } from './wait-ready.js';

const LONGEST_FAULT = 2000;

type Report = HostReport | TargetHostReport;

/** What stands in the way of a trial and is the target's doing; the message is a sentence without a full stop. */
export class TargetFault extends Error {}

/**
 * Stands for a server of the user's where a reference server's host would: starts it, or finds it running; publishes
 * into it, open loop, from a process that has nothing of the server in it; and says what the server costs.
 */
export class TargetHost {
  private aim: Extract<TargetHostCommand, { type: 'aim' }> | null = null;
  private metronome: Metronome | null = null;
  private process: TargetProcess | null = null;
  private tree: ProcessTree | null = null;
  private publisher: MessagePublisher | null = null;
  private publication: Publication | null = null;
  private prepared: { readonly spec: string; readonly instants: Float64Array } | null = null;
  private isEnding = false;
  private sent = 0;
  private taken = 0;
  private underWay = 0;
  private overlapping = 0;
  private readonly failures: Record<string, number> = {};
  private readonly answered: Record<number, number> = {};

  constructor(
    private readonly report: (message: Report) => void,
    /** Ends this process once `end` has ended the server. */
    private readonly exit: (code: number) => void,
  ) {}

  async obey(command: HostCommand | TargetHostCommand): Promise<void> {
    switch (command.type) {
      case 'aim':
        this.aim = command;
        return;
      case 'serve':
        return this.serve();
      case 'prepare':
        this.prepared = {
          spec: JSON.stringify(command.schedule),
          instants: intendedInstants(command.schedule),
        };
        this.report({ type: 'prepared' });
        return;
      case 'publish':
        return this.publish(command);
      case 'halt':
        this.publication?.halt(command.after);
        return;
      case 'say':
        return this.say(command);
      case 'sample':
        this.report({ type: 'sample', id: command.id, sample: this.sample() });
        return;
      case 'restore':
        throw new Error('A target keeps its own log.');
      case 'abort':
        await this.end();
        this.exit(0);
    }
  }

  /** Ends the server if it was started here. Never throws. */
  async end(): Promise<void> {
    this.isEnding = true;
    this.publisher?.close();
    await this.process?.end();
  }

  private get target(): TargetSpec {
    if (this.aim === null) throw new Error('No target was named yet.');
    return this.aim.target;
  }

  private async serve(): Promise<void> {
    if (this.metronome !== null) throw new Error('This host already serves.');
    const { target } = this;
    this.metronome = await Metronome.start();
    const place = await this.start();
    if (target.pid !== null) this.tree = new ProcessTree(target.pid);
    const { publish: way } = target;
    if (way.by !== 'self') {
      const to = way.origin === null ? place : placeOf(way.origin, place.port);
      this.publisher = way.by === 'http' ? new HttpPublisher(way, to) : new SocketPublisher(way, to);
      await this.publisher.open().catch((error: Error) => {
        throw new TargetFault(
          `the target "${calledName(target)}" gave its publisher no socket: it ${error.message}`,
        );
      });
    }
    const address = place.address.includes(':') ? `[${place.address}]` : place.address;
    this.report({ type: 'listening', url: `http://${address}:${place.port}/`, pid: process.pid });
  }

  private async start(): Promise<PublishPlace> {
    const { target } = this;
    const { command, ready, origin } = target;
    const name = calledName(target);
    let hasPrinted = false;
    let place: PublishPlace;
    if (command === null) {
      place = placeOf(origin, 80);
    } else {
      const port = command.port ?? (await freePort());
      if (command.port !== null && !(await isFree(port)))
        throw new TargetFault(
          `the target "${name}" cannot be started: port ${port} is taken by another program`,
        );
      place = placeOf(origin, port);
      // Told to end while a port was looked for.
      if (this.isEnding) return place;
      const started = new TargetProcess(command, port, this.aim!.cores);
      // Looked for as it comes: what follows may push it out of what is kept.
      started.onStdout = (text) => {
        if (ready.check.by === 'stdout' && text.includes(ready.check.text)) hasPrinted = true;
      };
      this.process = started;
      this.tree = started.pid === null ? null : started.tree;
      void started.ended.then(() => this.onDeath(started));
    }
    const late = await waitReady({
      ...ready,
      place,
      hasPrinted: () => hasPrinted,
      isOver: () => this.process?.isOver === true || this.isEnding,
    });
    // Its death tells itself.
    if (this.process?.isOver || this.isEnding) await new Promise<never>(() => {});
    if (late !== null) {
      throw new TargetFault(
        `the target "${name}" never became ready: it ${late}${this.process?.lastWords() ?? ''}`,
      );
    }
    this.isReady = true;
    return place;
  }

  private isReady = false;

  private onDeath(started: TargetProcess): void {
    if (this.isEnding) return;
    const when = this.isReady ? 'died while it was tested' : 'never became ready';
    const who = started.pid === null ? 'its command' : `its command (pid ${started.pid})`;
    this.fail(new TargetFault(`the target "${calledName(this.target)}" ${when}: ${who} ${started.death}`));
  }

  /** Reports a fault and leaves, the server ended. */
  fail(error: unknown): void {
    if (this.isEnding && error instanceof TargetFault) return;
    // It may have words of the server's in it.
    const message = plainText(error instanceof Error ? error.message : String(error), LONGEST_FAULT);
    this.report({ type: 'fault', message, isWhole: error instanceof TargetFault });
    void this.end().then(() => this.exit(1));
  }

  private async publish(command: Extract<HostCommand, { type: 'publish' }>): Promise<void> {
    const { metronome, publisher } = this;
    if (metronome === null) throw new Error('Nothing is served yet.');
    if (publisher === null) throw new Error('The target publishes by itself.');
    if (this.publication !== null) throw new Error('A schedule is already being published.');
    const { prepared } = this;
    this.prepared = null;
    const { run } = this.aim!;
    this.publication = publish(
      { append: (_sequence, payload) => this.send(publisher, payload.toString('latin1')) },
      metronome,
      {
        schedule: command.schedule,
        startNs: BigInt(command.startNs),
        firstSequence: command.firstSequence,
        payloadBytes: command.payloadBytes,
        encode: (sequence) => Buffer.from(encodeMarked(run, sequence, command.payloadBytes), 'latin1'),
        isRuler: true,
        topics: null,
        ...(prepared?.spec === JSON.stringify(command.schedule) ? { instants: prepared.instants } : {}),
      },
    );
    const published = await this.publication.done;
    this.publication = null;
    this.report({ type: 'published', ...published });
  }

  private send(publisher: MessagePublisher, message: string, also?: Taken): void {
    const sentMs = performance.now();
    // Of two requests under way at once nobody knows which the server takes first.
    if (this.underWay > 0) this.overlapping++;
    this.underWay++;
    this.sent++;
    publisher.send(message, (failure) => {
      this.underWay--;
      if (failure === null) {
        this.taken++;
        const bucket = waitBucket((performance.now() - sentMs) * 1000);
        this.answered[bucket] = (this.answered[bucket] ?? 0) + 1;
      } else {
        this.failures[failure.kind] = (this.failures[failure.kind] ?? 0) + 1;
      }
      also?.(failure);
    });
  }

  private say({ id, sequence, bytes }: Extract<TargetHostCommand, { type: 'say' }>): void {
    const { publisher } = this;
    if (publisher === null) throw new Error('The target publishes by itself.');
    this.send(publisher, encodeMarked(this.aim!.run, sequence, bytes), (failure) =>
      this.report({ type: 'said', id, failure: failure?.detail ?? null, repeated: publisher.repeated }),
    );
  }

  private sample(): HostSample {
    const costs = this.tree?.read() ?? null;
    return {
      cpuMicros: costs?.cpuMicros ?? 0,
      rssBytes: costs?.rssBytes ?? 0,
      heapUsedBytes: 0,
      externalBytes: 0,
      held: 0,
      cutOff: 0,
      bytes: null,
      target: {
        pid: this.tree?.root ?? null,
        unread: costs === null ? this.whyUnread() : null,
        publishesItself: this.publisher === null,
        sent: this.sent,
        taken: this.taken,
        repeated: this.publisher?.repeated ?? 0,
        overlapping: this.keepsOrder ? 0 : this.overlapping,
        failures: { ...this.failures },
        answered: { ...this.answered },
      },
    };
  }

  /** On one connection what is sent first is read first. */
  private get keepsOrder(): boolean {
    const { publish: way } = this.target;
    return way.by === 'websocket' || (way.by === 'http' && way.atOnce === 1);
  }

  private whyUnread(): string {
    if (process.platform !== 'linux') return 'only read on Linux';
    return this.tree === null
      ? 'the target was not started by pushbench, and has no pid in its configuration'
      : `the target's process ${this.tree.root} is gone`;
  }
}

function placeOf(
  origin: { readonly address: string; readonly port: number | null; readonly hostname: string },
  chosen: number,
): PublishPlace {
  const port = origin.port ?? chosen;
  return { address: origin.address, port, host: `${origin.hostname}:${port}` };
}
