import { Worker } from 'node:worker_threads';
import { fromLocalMs } from '../protocol/clock.js';

/**
 * The worker's whole program. It is a string so that it runs as it is from the build, from TypeScript sources and under
 * a test runner: a worker file would need each of them to resolve and compile it.
 *
 * An order is an instant and a number. The worker sleeps until the instant has passed by its own reading of the clock
 * (a wait may end early), says the number once, and sleeps until the next order. A newer order wakes it at once.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const orders = new Int32Array(workerData.orders);
  const instantMs = new Float64Array(workerData.instant);
  parentPort.postMessage('ready');
  for (;;) {
    const order = Atomics.load(orders, 0);
    const remainingMs = instantMs[0] - Number(process.hrtime.bigint()) / 1e6;
    if (remainingMs > 0) {
      Atomics.wait(orders, 0, order, remainingMs);
    } else {
      parentPort.postMessage(order);
      Atomics.wait(orders, 0, order);
    }
  }
`;

/**
 * Wakes the main thread at chosen instants, never early.
 *
 * Node's own timers fire up to 1.8 ms late and, unrounded, as much early. A thread that waits on a futex is late by its
 * wake-up and one message, and costs no CPU meanwhile. It sleeps whenever there is no order.
 */
export class Metronome {
  readonly #worker: Worker;
  readonly #orders: Int32Array;
  readonly #instantMs: Float64Array;
  #awaited: (() => void) | undefined;

  private constructor(worker: Worker, orders: Int32Array, instantMs: Float64Array) {
    this.#worker = worker;
    this.#orders = orders;
    this.#instantMs = instantMs;
    worker.on('message', (order: unknown) => {
      const call = this.#awaited;
      // A number that is not the newest belongs to an order that was replaced meanwhile.
      if (call === undefined || order !== Atomics.load(this.#orders, 0)) return;
      this.#awaited = undefined;
      worker.unref();
      call();
    });
    worker.unref();
  }

  /** Starts the thread; resolves when it waits for orders. */
  static start(): Promise<Metronome> {
    const orders = new SharedArrayBuffer(4);
    const instant = new SharedArrayBuffer(8);
    const instantMs = new Float64Array(instant);
    instantMs[0] = Number.POSITIVE_INFINITY;
    return new Promise((resolve, reject) => {
      const worker = new Worker(PROGRAM, {
        eval: true,
        workerData: { orders, instant },
        // No loaders of the parent, and a small heap: this thread's memory is counted as the server's.
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 },
      });
      worker.once('error', reject);
      worker.once('message', () => {
        worker.removeListener('error', reject);
        resolve(new Metronome(worker, new Int32Array(orders), instantMs));
      });
    });
  }

  /**
   * Calls back once, as soon as the instant has passed; replaces an earlier order. Until then the process stays alive.
   *
   * @param localMs instant on this thread's `performance.now()` scale
   */
  wakeAt(localMs: number, callback: () => void): void {
    if (this.#awaited === undefined) this.#worker.ref();
    this.#awaited = callback;
    this.#order(Number(fromLocalMs(localMs)) / 1e6);
  }

  /** Withdraws the order. The thread sleeps on and does not keep the process alive. */
  rest(): void {
    if (this.#awaited === undefined) return;
    this.#awaited = undefined;
    this.#worker.unref();
    this.#order(Number.POSITIVE_INFINITY);
  }

  /** Ends the thread. */
  async stop(): Promise<void> {
    this.#awaited = undefined;
    await this.#worker.terminate();
  }

  #order(instantMs: number): void {
    // The instant is written before the number: the thread that sees the number sees its instant.
    this.#instantMs[0] = instantMs;
    Atomics.add(this.#orders, 0, 1);
    Atomics.notify(this.#orders, 0);
  }
}
