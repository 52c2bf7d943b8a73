import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../reports/result.js';
import type { Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import { Runs } from './support/cli-run.js';
import { privateNetwork } from './support/private-network.js';

const CLIENTS = 5;
/** The longest on a busy machine: every transport, one after another. */
const RUN_LIMIT_MS = 240_000;

const runs = new Runs();
let result: Result;
beforeAll(async () => {
  const run = runs.start(
    `--scenario every --workload echo --clients ${CLIENTS} --rate 30 --duration 0.6 --warmup 0.3 --trials 1 ` +
      '--poll-interval 100 --headers browser --cookie 20 --seed 7 --verify-wire',
    { shell: privateNetwork() },
  );
  const code = await run.ends(RUN_LIMIT_MS);
  expect(code, run.stderr).toBe(0);
  result = run.result();
}, RUN_LIMIT_MS);
afterAll(() => runs.clear());

describe.each(Object.values(scenarios) as Scenario[])('$id, when clients speak', ({ id, family }) => {
  it('has ledger, sockets, kernel, capture and server agree to the byte over all connections', () => {
    const trial = result.trials.find(({ scenario }) => scenario === id)!;
    expect([trial.status, trial.reasons]).toEqual(['completed', []]);
    if (trial.status !== 'completed') return;
    const { wire, messages } = trial.measurements;
    const { ledger, window, disagreements, connections } = wire.verification!;
    expect(disagreements).toEqual([]);
    // The kernel forgets a connection that was closed, and what it carried with it.
    const kernel = connections <= 2 * CLIENTS ? (['kernel'] as const) : [];
    for (const source of ['sockets', 'capture', 'server', ...kernel] as const) {
      expect(wire.verification![source], source).toEqual(ledger);
      expect(window[source], source).toEqual(wire.totals);
    }
    expect(messages).toMatchObject({ published: 18, expected: 18, delivered: 18, lost: 0 });
    expect(wire.perDelivery!.up.payload).toBe(10);
    // Whoever has no way up speaks on a second connection.
    if (family === 'streaming' || id === 'polling' || id === 'longpoll')
      expect(connections).toBe(2 * CLIENTS);
    if (id.startsWith('websocket')) expect(connections).toBe(CLIENTS);
  });
});
