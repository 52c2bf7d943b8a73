import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BASELINE_ARGUMENTS, BASELINE_FILE } from '../bench/gate/baseline.js';
import type { PLANTED_HOSTS as Planted } from '../bench/gate/hosts.js';
import type { GateOutcome } from '../reports/gate/contract.js';
import { defaultRules } from '../reports/gate/default-rules.js';
import { judgeBaseline } from '../reports/gate/judge.js';
import type { Result } from '../reports/result.js';
import { readResult } from '../reports/result-file.js';
import { runCli } from '../runner/cli.js';
import { fakeTerminal } from '../runner/testing/fake-terminal.js';
import { ROOT } from './project-files.js';
import { CliRun } from './support/cli-run.js';
import { oneTrial } from './support/one-trial.js';

const BASELINE = join(ROOT, BASELINE_FILE);
const EXACT = { ...defaultRules('baseline') };

const plantedHosts = async (): Promise<typeof Planted> =>
  ((await import(join(ROOT, 'dist/bench/gate/hosts.js'))) as { PLANTED_HOSTS: typeof Planted }).PLANTED_HOSTS;

test('the five transports pass the exact tier of the committed baseline', async () => {
  const run = new CliRun([...BASELINE_ARGUMENTS, '--seed', '2026']);
  try {
    expect(await run.ends(), run.stderr).toBe(0);
    const terminal = fakeTerminal();
    const code = await runCli(
      ['gate', '--json', '--baseline', BASELINE, join(run.out, 'results.json')],
      terminal,
      '1.2.3',
    );
    expect(terminal.err()).toBe('');
    const { outcome, rules } = JSON.parse(terminal.out()) as GateOutcome;
    expect(rules.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not judged')).toEqual([]);
    expect([code, outcome]).toEqual([0, 'pass']);
    for (const id of ['polling', 'longpoll', 'iframe', 'sse', 'websocket']) {
      const exact = rules.filter(({ scenario, rule }) => scenario === id && rule.level === 'exact');
      expect(exact.length, id).toBeGreaterThanOrEqual(8);
      expect(
        exact.every(({ verdict }) => verdict === 'pass'),
        id,
      ).toBe(true);
    }
  } finally {
    await run.clear();
  }
});

/** What the gate says of one scenario, served by a host in which something is planted, or by the reference host. */
async function judged(scenario: string, hostEntry?: string): Promise<GateOutcome> {
  const whole = await readResult(BASELINE);
  const { plan } = whole;
  const baseline: Result = {
    ...whole,
    plan: { ...plan, scenarios: [scenario] },
    trials: whole.trials.filter((trial) => trial.scenario === scenario),
  };
  const { ratePerSecond, durationSeconds, warmupSeconds, pollIntervalMs } = plan;
  const trial = await oneTrial(
    {
      scenario,
      clients: plan.clients[0]!,
      ratePerSecond,
      durationSeconds,
      warmupSeconds,
      pollIntervalMs,
    },
    hostEntry === undefined ? {} : { hostEntry },
  );
  return judgeBaseline(baseline, { ...baseline, trials: [trial] }, EXACT);
}

const failedMetrics = ({ rules }: GateOutcome): string[] =>
  rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule.metric);

describe('a planted regression is caught by the exact tier', () => {
  test('two more header bytes in an answer', async () => {
    const hosts = await plantedHosts();
    const outcome = await judged('longpoll', hosts['two more header bytes']);
    expect(failedMetrics(outcome)).toEqual(['wire.exchange.hit.down']);
    const [verdict] = outcome.rules.filter(({ verdict }) => verdict === 'fail');
    expect(verdict!.head[0]! - verdict!.base[0]!).toBe(2);
  });

  test('a lost message', async () => {
    const hosts = await plantedHosts();
    const outcome = await judged('websocket', hosts['a lost message']);
    expect(failedMetrics(outcome)).toEqual(['messages.lost']);
    expect(outcome.rules.find(({ verdict }) => verdict === 'fail')!.head).toEqual([20]);
  });

  test('and the same servers without it pass', async () => {
    expect(failedMetrics(await judged('longpoll'))).toEqual([]);
    expect(failedMetrics(await judged('websocket'))).toEqual([]);
  });
});
