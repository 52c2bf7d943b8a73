import { createRandom } from '../../protocol/random.js';
import type { RunFacts } from '../history/contract.js';

export interface HistoryOptions {
  readonly runs?: number;
  /** From this run on sse is slower by a factor. */
  readonly stepAt?: number;
  readonly factor?: number;
  /** Put into every text that is free to hold it. */
  readonly hostile?: string;
  readonly likeness?: string;
  /** Node's version changes with the step. */
  readonly updated?: boolean;
}

/** Facts of runs, one a day, of two transports; noise of 3 percent. */
export function sampleHistory(options: HistoryOptions = {}): RunFacts[] {
  const { runs = 30, stepAt = runs, factor = 1.2, hostile = '', likeness = 'alike', updated } = options;
  const random = createRandom(11, 'history');
  return Array.from({ length: runs }, (_, at) => {
    const p50 = 5_000 * (0.97 + 0.06 * random()) * (at < stepAt ? 1 : factor);
    const other = 4_000 * (0.97 + 0.06 * random());
    return {
      file: `${hostile}runs/${at}.json`,
      startedAt: new Date(Date.UTC(2026, 0, 1 + at, 12)).toISOString(),
      version: `0.1.${at}${hostile}`,
      node: updated && at >= stepAt ? 'v22.0.0' : 'v20.0.0',
      kernel: '6.1',
      likeness,
      load: `broadcast, 10 messages a second${hostile}`,
      machine: `a processor${hostile}`,
      contestants: [
        { scenario: 'sse', title: `Server-sent events${hostile}`, order: 3, p50, lost: 0 },
        { scenario: 'websocket', title: 'WebSocket', order: 4, p50: other, lost: 0 },
      ].map(({ p50: value, lost, ...names }) => ({
        ...names,
        workload: 'broadcast',
        clients: 1000,
        trials: 3,
        values: new Map([
          ['latencyUs.p50', value],
          ['messages.lost', lost],
        ]),
      })),
    };
  });
}
