import { randomInt } from 'node:crypto';
import { fromLocalMs } from '../../protocol/clock.js';
import { FIRST_SEQUENCE, MAX_SEQUENCE } from '../../protocol/payload.js';
import { ChildDied, killChildren } from '../child.js';
import { EXIT, exitCodeOfSignal } from '../exit-code.js';
import { Interrupt } from '../interrupt.js';
import { resolveOptions } from '../options/resolve.js';
import { serveOptions } from '../options/tables.js';
import { choice, messageOf } from '../options/value.js';
import { scenarioIds } from '../scenario-sets.js';
import { serverSettings } from '../server-settings.js';
import { type Serving, servingWindow } from '../serving-window.js';
import { type HostChild, startHost } from '../side.js';
import { listenForSignals } from '../signals.js';
import { complain, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** The first message may not be due before the host has read the order, milliseconds. */
const HEAD_START_MS = 100;

/** `pushbench serve <scenario>`: one reference server alone, publishing until interrupted. */
export const serveCommand: Command = {
  summary: 'run one reference server for curl, a browser or another load tool',
  options: serveOptions,
  word: '<scenario>',
  async run(call: Call): Promise<number> {
    const { values, mistakes } = resolveOptions(serveOptions, call.sources);
    const all = [...call.mistakes, ...mistakes];
    if (call.word !== null) {
      const parsed = choice('a scenario', scenarioIds).safeParse(call.word);
      if (!parsed.success) all.push(`serve: "${call.word}" ${messageOf(parsed.error)}`);
    }
    if (call.word === null || all.length > 0) throw new UsageError(all);
    return serve(
      call.word,
      values.port ?? 0,
      {
        ratePerSecond: values.rate ?? 10,
        arrivals: values.arrivals ?? 'poisson',
        payloadBytes: values.payload ?? 10,
        content: values.content ?? 'text',
        seed: values.seed ?? randomInt(0, 2 ** 32),
      },
      call.terminal,
    );
  },
};

async function serve(scenario: string, port: number, serving: Serving, terminal: Terminal): Promise<number> {
  const host = startHost(null);
  const interrupt = new Interrupt();
  interrupt.onLeave(killChildren);
  const interrupted = new Promise<'interrupted'>((resolve) => {
    interrupt.onRequest(() => resolve('interrupted'));
  });
  const restore = listenForSignals(interrupt, null, () => undefined);
  const publisher = new Publisher(host, serving, terminal);
  host.onReport((report) => {
    if (report.type === 'listening') {
      terminal.stdout.write(`${JSON.stringify({ scenario, url: report.url, pid: report.pid })}\n`);
      publisher.start();
    } else if (report.type === 'published') {
      publisher.next();
    }
  });
  try {
    const listening = host.next('listening');
    host.send({
      type: 'serve',
      scenario,
      settings: serverSettings({ ...serving, port, pollIntervalMs: 0 }),
    });
    // Once it listens, only its death or a signal ends it.
    await Promise.race([interrupted, listening]);
    await Promise.race([interrupted, host.untilDeath()]);
  } catch (error) {
    if (!(error instanceof ChildDied)) throw error;
    complain(terminal, faultSentence(error.message));
    return EXIT.fault;
  } finally {
    await host.end({ type: 'abort' });
    restore();
  }
  return exitCodeOfSignal(interrupt.requested ?? 'SIGTERM');
}

/** Orders window after window, each to begin where the one before it ends. */
class Publisher {
  readonly #host: HostChild;
  readonly #serving: Serving;
  readonly #terminal: Terminal;
  #startMs = 0;
  #window = 0;
  #sequence = FIRST_SEQUENCE;

  constructor(host: HostChild, serving: Serving, terminal: Terminal) {
    this.#host = host;
    this.#serving = serving;
    this.#terminal = terminal;
  }

  start(): void {
    this.#startMs = performance.now() + HEAD_START_MS;
    this.next();
  }

  next(): void {
    const window = servingWindow(this.#serving, this.#window);
    if (window === null) return;
    if (this.#sequence + window.count - 1 > MAX_SEQUENCE) {
      complain(this.#terminal, 'all sequence numbers are used: publishing has ended, the server stays.');
      return;
    }
    this.#host.send({
      type: 'publish',
      schedule: window.schedule,
      startNs: String(fromLocalMs(this.#startMs)),
      firstSequence: this.#sequence,
      payloadBytes: this.#serving.payloadBytes,
      content: this.#serving.content ?? 'text',
    });
    this.#window++;
    this.#sequence += window.count;
    this.#startMs += window.schedule.durationSeconds * 1000;
  }
}

/** A host's own sentence stands by itself; what killed it otherwise is told as it is. */
function faultSentence(message: string): string {
  const own = message.replace(/^.*?reported a fault: /, '');
  return /[.?!]$/.test(own) ? own : `${own}.`;
}
