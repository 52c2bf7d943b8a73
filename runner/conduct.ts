import type { Result } from '../reports/result.js';
import { killChildren } from './child.js';
import { EXIT, exitCodeOfSignal, worstExitCode } from './exit-code.js';
import { Interrupt } from './interrupt.js';
import type { RunObserver } from './observer.js';
import type { Delivery, Plan } from './plan.js';
import { canRedraw, createProgress } from './progress.js';
import { writeReports } from './report-files.js';
import { listenForSignals } from './signals.js';
import { columnsOf, complain, openCommand, type Terminal, wantsColor } from './terminal.js';

const STOPPING =
  'Stopping: draining what is in flight and writing a partial result; press Ctrl-C again to leave at once.';

/** Where a run's progress and results go. */
export interface Stage {
  readonly plan: Plan;
  readonly delivery: Delivery;
  readonly terminal: Terminal;
  readonly noColor: boolean;
}

/**
 * Does a run's work with progress on stderr and the signals in hand.
 * @param work resolves to its exit code; whoever presses Ctrl-C while it is being loaded still gets a marked result
 * @returns the worst of that and of a signal's
 */
export async function conduct(
  { plan, delivery, terminal, noColor }: Stage,
  work: (observer: RunObserver, interrupt: Interrupt) => Promise<number>,
): Promise<number> {
  const live = canRedraw(terminal.stderr, terminal.env);
  const interrupt = new Interrupt();
  let observer: RunObserver | null = null;
  const say = (sentence: string): void => {
    if (delivery.quiet || observer === null) terminal.stderr.write(`${sentence}\n`);
    else observer.note(sentence);
  };
  interrupt.onLeave(killChildren);
  const restore = listenForSignals(interrupt, STOPPING, say);
  try {
    observer = await createProgress(
      plan,
      delivery.quiet
        ? null
        : { stream: terminal.stderr, live, color: wantsColor(terminal.stderr, terminal.env, noColor) },
    );
    const code = await work(observer, interrupt);
    const signalled = interrupt.requested === null ? EXIT.done : exitCodeOfSignal(interrupt.requested);
    return worstExitCode(code, signalled);
  } finally {
    restore();
  }
}

/**
 * Report files into a folder, then the table or the document, then the two lines that matter.
 * @param table what is printed unless the document is
 * @returns 0, or a fault's exit code when the report could not be written
 */
export async function deliver(
  result: Result,
  folder: string,
  { delivery, terminal }: Pick<Stage, 'delivery' | 'terminal'>,
  table: (style: { width: number; color: boolean }) => string,
): Promise<number> {
  let code: number = EXIT.done;
  let report: string | null = null;
  try {
    report = (await writeReports(result, folder)).html;
  } catch (error) {
    code = EXIT.fault;
    complain(terminal, `the report was not written: ${(error as Error).message}`);
  }
  const { stdout, stderr } = terminal;
  if (delivery.json) {
    const { serialiseResult } = await import('../reports/result-file.js');
    stdout.write(serialiseResult(result));
  } else {
    const style = { width: columnsOf(stdout, terminal.env), color: delivery.color };
    stdout.write(`${table(style).trimEnd()}\n`);
  }
  if (report !== null && !(delivery.json && delivery.quiet)) {
    (delivery.json ? stderr : stdout).write(`\nReport: ${report}\nOpen it: ${openCommand(report)}\n`);
  }
  return code;
}
