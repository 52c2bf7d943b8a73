import { ChildDied, killChildren } from '../child.js';
import { EXIT, exitCodeOfSignal } from '../exit-code.js';
import { Interrupt } from '../interrupt.js';
import { checkedValues } from '../options/checked-values.js';
import { demoOptions } from '../options/tables.js';
import { listenForSignals } from '../signals.js';
import { complain } from '../terminal.js';
import type { Call, Command } from './command.js';

const HINT = 'Open it in a browser on this machine. Ctrl-C ends the demo.\n';

/** `pushbench demo`: one page in which all five transports tick side by side, until interrupted. */
export const demoCommand: Command = {
  summary: 'show all five transports side by side in your browser',
  options: demoOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const values = checkedValues(demoOptions, call);
    const { terminal } = call;
    const interrupt = new Interrupt();
    interrupt.onLeave(killChildren);
    const interrupted = new Promise<null>((resolve) => {
      interrupt.onRequest(() => resolve(null));
    });
    const restore = listenForSignals(interrupt, null, () => undefined);
    // Loaded only now, with the signals in hand.
    const { Demo } = await import('../demo/demo.js');
    const demo = new Demo({
      port: values.port ?? 0,
      ratePerSecond: values.rate ?? 2,
      pollIntervalMs: values['poll-interval'] ?? 1000,
    });
    try {
      const opening = demo.open();
      // Whoever interrupts the start does not care how it would have ended.
      opening.catch(() => {});
      const url = await Promise.race([interrupted, opening]);
      if (url !== null) {
        terminal.stdout.write(`${url}\n`);
        terminal.stderr.write(HINT);
        await Promise.race([interrupted, demo.untilFault]);
      }
    } catch (error) {
      complain(terminal, faultSentence(error));
      return EXIT.fault;
    } finally {
      await demo.close();
      restore();
    }
    return exitCodeOfSignal(interrupt.requested ?? 'SIGTERM');
  },
};

/** A server's own sentence stands by itself; what ended it otherwise is told as it is. */
function faultSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const own = error instanceof ChildDied ? message.replace(/^.*?reported a fault: /, '') : message;
  return /[.?!]$/.test(own) ? own : `${own}.`;
}
