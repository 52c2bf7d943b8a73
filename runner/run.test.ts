import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Trial } from '../reports/result.js';
import { readEnvironment } from './environment.js';
import { Interrupt } from './interrupt.js';
import type { RunObserver } from './observer.js';
import type { Contestant, Delivery, Plan } from './plan.js';
import { DEFAULT_LIMITS } from './plan.js';
import { runBench } from './run.js';

/** What stands for the clock, and what things take by it, seconds. */
const time = vi.hoisted(() => ({ nowMs: 1000, calibration: 0, trial: 5 }));

vi.mock('./calibration/calibrate.js', () => ({
  calibrate: async () => {
    time.nowMs += 1000 * time.calibration;
    return {};
  },
}));
vi.mock('./trial.js', () => ({
  runTrial: async ({ contestant }: { contestant: Contestant }): Promise<Trial> => {
    time.nowMs += 1000 * time.trial;
    return { ...contestant, workload: 'broadcast', status: 'skipped', reasons: [] };
  },
}));

const silent: RunObserver = {
  runStarted: () => undefined,
  trialStarted: () => undefined,
  trialReading: () => undefined,
  trialEnded: () => undefined,
  note: () => undefined,
  runEnded: () => undefined,
};

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'run-test-'));
  vi.spyOn(performance, 'now').mockImplementation(() => time.nowMs);
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const plan: Plan = {
  scenarios: ['sse'],
  workload: 'broadcast',
  clients: [10],
  ratePerSecond: 10,
  arrivals: 'poisson',
  payloadBytes: 10,
  durationSeconds: 1,
  warmupSeconds: 0,
  trials: 40,
  budgetSeconds: 175,
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: false,
  limits: DEFAULT_LIMITS,
  overridden: [],
};

async function roundsWith(calibration: number): Promise<number> {
  time.calibration = calibration;
  const delivery: Delivery = {
    out,
    json: false,
    quiet: true,
    color: false,
    strict: false,
    calibrate: 'always',
    command: [],
  };
  const { result } = await runBench(plan, delivery, silent, readEnvironment(false), new Interrupt());
  expect(result.plan.trials).toBe(result.trials.length);
  return result.trials.length;
}

it('a budget pays for the calibration, too: no round is begun that would end later', async () => {
  expect(await roundsWith(0)).toBe(35);
  expect(await roundsWith(101)).toBe(14);
});

it('five rounds are run whatever is left', async () => {
  expect(await roundsWith(1000)).toBe(5);
});
