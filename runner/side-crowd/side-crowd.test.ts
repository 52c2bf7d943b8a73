import { expect, it } from 'vitest';
import type { ClientContext, Scenario } from '../../scenarios/contract.js';
import { Ledger } from '../../scenarios/ledger.js';
import { TimerWheel } from '../../scenarios/timer-wheel.js';
import { SideCrowd } from './side-crowd.js';

const target = { address: '127.0.0.1', port: 1, host: 'localhost:1', path: '/' };
const window = {
  seed: 1,
  phase: 'measure/1',
  arrivals: 'constant',
  ratePerSecond: 1,
  durationSeconds: 1,
} as const;

it('gives its people numbers of their own, and not those of the clients that are measured', () => {
  const numbers: number[] = [];
  const scenario = {
    asks: false,
    createClient: (context: ClientContext, place: number) => {
      numbers.push((context.firstClient ?? 0) + place);
      const nothing = () => {};
      return {
        open: nothing,
        leave: nothing,
        timer: nothing,
        settle: nothing,
        bytesRead: 0,
        bytesWritten: 0,
      } as object;
    },
  } as unknown as Scenario;
  const side = new SideCrowd({
    plan: { kind: 'newcomers', clients: 3, part: 0, parts: 1, firstClient: 40, targets: [target] },
    scenario,
    contextOf: (to, random, readBuffer) => ({
      target: to,
      events: undefined as never,
      ledger: new Ledger(),
      wheel: new TimerWheel(1, () => {}),
      random,
      readBuffer,
      pollIntervalMs: 40,
      headers: 'minimal',
      firstClient: 7,
      reconnectMs: 100,
    }),
    seed: 1,
    connectPerSecond: 1000,
    recorder: {
      payloadBytes: 10,
      warmup: window,
      measure: window,
      rows: 1,
      rowMs: 1000,
      onWake: () => {},
    },
  });
  // All have come by then.
  side.begin(performance.now() - 1000);
  side.stop();
  expect(numbers).toEqual([40, 41, 42]);
});
