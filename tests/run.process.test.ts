import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fromJSONSchema } from 'zod';
import { ALL_SCENARIOS } from '../scenarios/registry.js';
import { ROOT } from './project-files.js';
import { type CliRun, Runs } from './support/cli-run.js';
import { expectConsistent, measurementsOf } from './support/consistent.js';

const runs = new Runs();
afterEach(() => runs.clear());

async function completed(line: string): Promise<CliRun> {
  const run = runs.start(line);
  const code = await run.ends();
  expect(code, run.stderr).toBe(0);
  expect(await run.orphans()).toEqual([]);
  return run;
}

const published = fromJSONSchema(JSON.parse(readFileSync(join(ROOT, 'docs/result.schema.json'), 'utf8')));

describe('a run', () => {
  it('measures all five transports, and its numbers agree with each other', async () => {
    const run = await completed(
      '--scenario all --clients 20 --duration 1 --warmup 0.3 --trials 1 --poll-interval 200 --rate 20',
    );
    const result = run.result();
    expect(published.safeParse(result).error).toBeUndefined();
    expect(run.files()).toEqual(['report.html', 'results.json', 'summary.md']);
    expect(result).toMatchObject({ interrupted: false, tool: { name: 'pushbench' } });
    expect(Date.parse(result.finishedAt!)).toBeGreaterThan(Date.parse(result.startedAt));
    expect(result.trials.map(({ scenario }) => scenario).sort()).toEqual([...ALL_SCENARIOS].sort());
    expect(result.trials.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5]);
    expect(result.summary.map(({ scenario, trials }) => [scenario, trials])).toEqual(
      expect.arrayContaining(ALL_SCENARIOS.map((scenario) => [scenario, 1])),
    );
    for (const trial of result.trials) {
      expect(trial.status, JSON.stringify(trial.reasons)).toBe('completed');
      expectConsistent(trial, result.plan);
      expect(measurementsOf(trial).messages).toMatchObject({ published: 20, expected: 400, lost: 0 });
      expect(measurementsOf(trial).publishes.delivered).toEqual(Array(20).fill(20));
    }
    expect(result.requestCeiling).toMatchObject({ tool: 'autocannon', errors: 0 });
    for (const id of ALL_SCENARIOS) expect(run.stdout).toContain(id);
    expect(run.stdout).toContain('report.html');
    for (const phase of ['connecting', 'settling', 'warming up', 'measuring', 'draining', 'stopping'])
      expect(run.stderr).toMatch(new RegExp(`^sse, 20 clients, trial 1 of 1: ${phase}`, 'm'));
  });

  it('proves by one message that idle clients live', async () => {
    const run = await completed(
      '--scenario polling,iframe --workload idle --clients 10 --duration 0.5 --warmup 0 --trials 1 --poll-interval 100',
    );
    const result = run.result();
    // Places in the registry, not in this run: charts take their colours from them.
    expect(result.scenarioInfo.map(({ id, order }) => [id, order])).toEqual([
      ['polling', 0],
      ['iframe', 2],
    ]);
    for (const trial of result.trials) {
      expectConsistent(trial, result.plan);
      expect(trial.workload).toBe('idle');
      expect(measurementsOf(trial).messages).toMatchObject({ published: 1, expected: 10, delivered: 10 });
    }
  });

  it('sweeps over client counts and payloads of more than one frame', async () => {
    const run = await completed(
      '--scenario websocket,longpoll --clients 5,15 --duration 0.4 --warmup 0 --trials 1 --payload 65536',
    );
    const result = run.result();
    expect(result.trials.map(({ scenario, clients }) => `${scenario} ${clients}`).sort()).toEqual([
      'longpoll 15',
      'longpoll 5',
      'websocket 15',
      'websocket 5',
    ]);
    for (const trial of result.trials) expectConsistent(trial, result.plan);
    expect(result.summary.map(({ scenario, clients }) => `${scenario} ${clients}`).sort()).toEqual([
      'longpoll 15',
      'longpoll 5',
      'websocket 15',
      'websocket 5',
    ]);
  });

  it('repeats itself with the same seed: order, instants and bytes, with instants of its own in each round', async () => {
    const line =
      '--scenario iframe,sse --clients 3 --duration 0.3 --warmup 0.1 --trials 2 --rate 30 --seed 20';
    const results = [(await completed(line)).result(), (await completed(line)).result()];
    const [plan, again] = results.map(({ trials }) =>
      trials.map((trial) => {
        const { publishes, wire, messages } = measurementsOf(trial);
        return {
          head: [trial.scenario, trial.trial, trial.order],
          instants: publishes.intendedUs,
          bytes: wire.perDelivery,
          messages,
        };
      }),
    );
    expect(again).toEqual(plan);
    const rounds = new Map(plan!.map(({ head, instants }) => [head[1], instants]));
    expect(rounds.get(1)).not.toEqual(rounds.get(2));
    for (const { head, instants } of plan!) expect(instants).toEqual(rounds.get(head[1]!));
  });

  it('prints the document with --json and nothing else', async () => {
    const run = await completed(
      '--scenario sse --clients 5 --duration 0.2 --warmup 0 --trials 1 --json --quiet --strict',
    );
    expect(run.stdout).toBe(readFileSync(join(run.out, 'results.json'), 'utf8'));
    expect(published.safeParse(JSON.parse(run.stdout)).error).toBeUndefined();
    expect(run.stderr).toBe('');
  });
});

describe('under --strict', () => {
  it('ends with 1 when messages were lost, and every byte of the lost connection is accounted for', async () => {
    const run = runs.start(
      '--scenario websocket --clients 2 --payload 1048576 --rate 60 --duration 2 --warmup 0 --trials 1 --strict',
    );
    await run.says(/: measuring/);
    const [host] = run.children('servers/host');
    const [shard] = run.children('runner/shard');
    const connections = socketsOf(host!.pid);
    // A generator that does not read is cut off by the server, and goes on when it has lost its connections.
    process.kill(shard!.pid, 'SIGSTOP');
    const untilMs = performance.now() + 10_000;
    while (socketsOf(host!.pid) > connections - 2 && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(shard!.pid, 'SIGCONT');
    expect(await run.ends(), run.stderr).toBe(1);
    const result = run.result();
    expect(result.trials[0]!.status).toBe('completed');
    expect(result.trials[0]!.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['lost', 'cut-off']),
    );
    const { messages, wire, latencyUs } = measurementsOf(result.trials[0]);
    expect(messages.lost).toBeGreaterThan(0);
    expect(messages.delivered + messages.lost!).toBe(messages.expected);
    expect(messages).toMatchObject({ expected: 240, duplicated: 0, reordered: 0 });
    expect(latencyUs).toMatchObject({ count: 240, censored: messages.lost });
    expect(wire.totals).toEqual(wire.sockets);
    expect(run.stdout).toMatch(/lost/);
    expect(await run.orphans()).toEqual([]);
  });
});

/** How many sockets a process holds. */
function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(join(folder, fd)).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}
