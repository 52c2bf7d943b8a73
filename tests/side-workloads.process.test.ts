import { afterEach, describe, expect, it } from 'vitest';
import type { SideCrowdMeasurements, Trial } from '../reports/result.js';
import { type CliRun, Runs } from './support/cli-run.js';

const runs = new Runs();
afterEach(() => runs.clear());

async function completed(line: string): Promise<CliRun> {
  const run = runs.start(line);
  const code = await run.ends();
  expect(code, run.stderr).toBe(0);
  expect(await run.orphans()).toEqual([]);
  return run;
}

/** What holds of every trial with people beside its clients; then their numbers. */
function sideOf(trial: Trial): SideCrowdMeasurements {
  if (trial.status !== 'completed')
    throw new Error(`${trial.scenario} is ${trial.status}: ${JSON.stringify(trial.reasons)}`);
  const { messages, clients, wire, sideCrowd, connect } = trial.measurements;
  expect([trial.scenario, messages.lost, messages.duplicated]).toEqual([trial.scenario, 0, 0]);
  expect(messages.delivered).toBe(messages.published! * clients.connected);
  expect(clients.connected).toBe(clients.requested);
  expect(wire.totals).toEqual(wire.sockets);
  expect(connect.serverMicrosPerClient).toBeGreaterThan(0);
  expect(sideCrowd!.bytes).toEqual(sideCrowd!.sockets);
  expect(sideCrowd!.missed).toBe(0);
  return sideCrowd!;
}

describe('a run with people beside its clients', () => {
  it('churn: visitors come and go, and those who stay lose nothing', async () => {
    const run = await completed(
      '--workload churn --scenario websocket --churn 20 --clients 10 --duration 1 --warmup 0.2 --trials 1 --rate 20',
    );
    for (const trial of run.result().trials) {
      const side = sideOf(trial);
      expect(side).toMatchObject({
        kind: 'visitors',
        clients: 20,
        askedPerSecond: 20,
        failures: {},
        cutOff: 0,
      });
      expect(trial.clients).toBe(10);
      expect(side.connectUs.p50).toBeGreaterThan(0);
    }
    expect(run.result().command.join(' ')).toContain('--workload churn --churn 20');
    expect(run.stdout).toMatch(/Visitors came and went/);
  });

  it('overload: who is turned away is told 503, comes back when it may, and is not let in before there is room', async () => {
    const run = await completed(
      '--workload overload --scenario sse,polling --clients 12 --admit 6 --duration 2.5 --warmup 0.2 --trials 1 --rate 20 --poll-interval 200',
    );
    for (const trial of run.result().trials) {
      const side = sideOf(trial);
      // Three of the six were there when the window opened.
      expect(side).toMatchObject({ kind: 'newcomers', clients: 9, neverIn: 6 });
      expect(Object.keys(side.failures)).toEqual(['http-503']);
      // Each was told at once, and once more a second later, and then some, but did not storm the server.
      expect(side.failures['http-503']).toBeGreaterThan(6);
      expect(side.failures['http-503']).toBeLessThanOrEqual(6 * 3);
      const last = side.seconds.at(-1)!.people;
      expect([last.onTime + last.late, last.http503, last.coming]).toEqual([3, 6, 0]);
    }
    expect(run.stdout).toMatch(/never let in were 6 of 9/);
  });

  it('slow-readers: the server cuts off who does not read, the others do not feel it, and the note says nothing when there is something to see', async () => {
    const run = await completed(
      '--workload slow-readers --scenario sse --slow 20 --clients 5 --duration 2 --warmup 0.2 --trials 1 --rate 20 --payload 500000',
    );
    const [trial] = run.result().trials;
    const side = sideOf(trial!);
    expect(side).toMatchObject({ kind: 'slow readers', clients: 1, cutOff: 1, delivered: 0, unread: 40 });
    expect(side.slow).toMatchObject({ readBytesPerSecond: 40_000, sentBytesPerSecond: 10_000_000 });
    expect(run.stderr).not.toMatch(/the server may not notice/);
    expect(run.stdout).toMatch(/The server cut off 1 with Server-sent events/);
  });

  it('says before it starts that nothing will be seen of slow readers when little is sent', async () => {
    const run = await completed('--workload slow-readers --clients 10 --dry-run');
    expect(run.stdout).toMatch(/the server may not notice. It surely would with --payload \d+/);
  });

  it('refuses what makes no sense, all at once, and starts nothing', async () => {
    const run = runs.start('--workload overload --clients 10 --admit 10 --slow 5');
    expect(await run.ends()).toBe(2);
    expect(run.stderr).toMatch(/--slow belongs to the workload slow-readers/);
    expect(run.stderr).toMatch(/nobody is turned away/);
  });
});
