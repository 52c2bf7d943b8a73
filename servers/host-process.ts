import { encodePayload, FIRST_SEQUENCE } from '../protocol/payload.js';
import { intendedInstants } from '../protocol/schedule.js';
import { messageTopics } from '../protocol/topics.js';
import type { HostCommand, HostReport, ReferenceServer, ServerDefinition } from './contract.js';
import { FEED_LIMITS, Feed } from './feed.js';
import { sampleCollected, sampleHost } from './host-sample.js';
import { Metronome } from './metronome.js';
import { type Publication, publish } from './publisher.js';

/**
 * Makes this process the host of one server: it obeys {@link HostCommand}s from the process channel and answers with
 * {@link HostReport}s.
 *
 * It ignores SIGINT and SIGTERM, which Ctrl-C sends to the whole group: the runner decides when a server ends. It exits
 * with 0 on `abort` and when the channel closes, and with 1 after it reported a fault.
 *
 * @param registry servers by id; a benchmark passes its witnesses here
 */
export function runHost(registry: Readonly<Record<string, ServerDefinition>>): void {
  if (process.send === undefined) {
    process.stderr.write(
      'This is a server process of pushbench; "pushbench serve <scenario>" starts one by hand.\n',
    );
    process.exit(2);
  }
  const host = new Host(registry);
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  process.on('message', (command) => {
    host.obey(command as HostCommand).catch(fault);
  });
}

function report(message: HostReport): void {
  // The channel may have closed in this very turn; 'disconnect' then ends the process.
  if (process.connected) process.send?.(message, () => {});
}

let failing = false;

function fault(error: unknown): void {
  if (failing) return;
  failing = true;
  const message: HostReport = {
    type: 'fault',
    message: error instanceof Error ? error.message : String(error),
  };
  if (!process.connected) process.exit(1);
  // Leave once the report is on its way, or soon if the channel is stuck.
  setTimeout(() => process.exit(1), 1000);
  process.send?.(message, () => process.exit(1));
}

class Host {
  readonly #registry: Readonly<Record<string, ServerDefinition>>;
  readonly #feed = new Feed();
  #metronome: Metronome | undefined;
  #server: ReferenceServer | undefined;
  #publication: Publication | undefined;
  #prepared:
    | { readonly spec: string; readonly instants: Float64Array; readonly topics: Uint32Array | null }
    | undefined;

  constructor(registry: Readonly<Record<string, ServerDefinition>>) {
    this.#registry = registry;
  }

  async obey(command: HostCommand): Promise<void> {
    switch (command.type) {
      case 'load':
        await this.#definition(command.scenario).load?.();
        return;
      case 'serve':
        return this.#serve(command);
      case 'publish':
        return this.#publish(command);
      case 'prepare':
        this.#prepared = {
          spec: JSON.stringify(command.schedule),
          instants: intendedInstants(command.schedule),
          topics: messageTopics(command.schedule),
        };
        report({ type: 'prepared' });
        return;
      case 'restore':
        return this.#restore(command);
      case 'halt':
        this.#publication?.halt(command.after);
        return;
      case 'sample': {
        const sample = command.collect ? await sampleCollected(this.#server) : sampleHost(this.#server);
        report({ type: 'sample', id: command.id, sample: { ...sample, misheard: this.#feed.misheard } });
        return;
      }
      case 'abort':
        process.exit(0);
    }
  }

  async #serve({ scenario, settings }: Extract<HostCommand, { type: 'serve' }>): Promise<void> {
    if (this.#metronome !== undefined) throw new Error('This host already serves.');
    const definition = this.#definition(scenario);
    // Before the first memory reading, so that the thread is part of the baseline and not of the clients' cost.
    this.#metronome = await Metronome.start();
    if (settings.topics !== undefined) this.#feed.open(settings.topics);
    this.#server = await definition.start(this.#feed, settings);
    report({ type: 'listening', url: this.#server.url, pid: process.pid });
  }

  #definition(scenario: string): ServerDefinition {
    const definition = Object.hasOwn(this.#registry, scenario) ? this.#registry[scenario] : undefined;
    if (definition !== undefined) return definition;
    const known = Object.keys(this.#registry).join(', ');
    throw new Error(`There is no server "${scenario}"; there are ${known}.`);
  }

  /** A message follows from its number, so the numbers are all of the log that has to be handed over. */
  #restore({ through, payloadBytes, content = 'text' }: Extract<HostCommand, { type: 'restore' }>): void {
    const first = Math.max(FIRST_SEQUENCE, through - FEED_LIMITS.messages + 1);
    for (let sequence = first; sequence <= through; sequence++) {
      this.#feed.append(sequence, encodePayload(sequence, payloadBytes, content), content === 'binary');
    }
  }

  async #publish(command: Extract<HostCommand, { type: 'publish' }>): Promise<void> {
    if (this.#metronome === undefined || this.#server === undefined)
      throw new Error('Nothing is served yet.');
    if (this.#publication !== undefined) throw new Error('A schedule is already being published.');
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#publication = publish(this.#feed, this.#metronome, {
      schedule: command.schedule,
      startNs: BigInt(command.startNs),
      firstSequence: command.firstSequence,
      payloadBytes: command.payloadBytes,
      ...(command.content === undefined ? {} : { content: command.content }),
      ...(command.from === undefined ? {} : { from: command.from }),
      ...(prepared?.spec === JSON.stringify(command.schedule)
        ? { instants: prepared.instants, topics: prepared.topics }
        : {}),
    });
    const published = await this.#publication.done;
    this.#publication = undefined;
    report({ type: 'published', ...published });
  }
}
