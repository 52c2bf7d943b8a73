import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from './project-files.js';
import { Runs } from './support/cli-run.js';
import { measurementsOf } from './support/consistent.js';

const CONFIG = join(ROOT, 'examples', 'targets', 'pushbench.config.mjs');
const NAMES = ['chat', 'feed', 'rooms', 'inbox', 'ticker'];

const runs = new Runs();
afterEach(() => runs.clear());

describe('the examples of servers to aim at', () => {
  it('deliver everything to everybody, once and in the order of publishing, whatever they are made of', async () => {
    const run = runs.start(`--config ${CONFIG} --clients 5 --duration 0.5 --warmup 0.1 --trials 1 --rate 20`);
    expect(await run.ends(90_000), run.stderr).toBe(0);
    expect(await run.orphans()).toEqual([]);
    const { targets, trials, plan, scenarioInfo } = run.result();
    expect(plan.scenarios).toEqual(NAMES);
    expect(scenarioInfo.map(({ id }) => id)).toEqual(NAMES);
    expect(trials).toHaveLength(NAMES.length);
    for (const trial of trials) {
      const { messages, wire, target, cpu, memory, clients } = measurementsOf(trial);
      expect({ name: trial.scenario, ...messages }).toMatchObject({
        name: trial.scenario,
        published: 10,
        expected: 50,
        delivered: 50,
        lost: 0,
        duplicated: 0,
      });
      // Of requests that are under way at once nobody knows the order.
      if (target!.publish!.overlapping === 0) expect(messages.reordered).toBe(0);
      if (['rooms', 'ticker'].includes(trial.scenario)) expect(target!.publish!.overlapping).toBe(0);
      expect(clients.connected).toBe(5);
      expect(wire.totals).toEqual(wire.sockets);
      expect(wire.perDelivery!.down.payload).toBe(22);
      expect(target).toMatchObject({
        otherRuns: 0,
        publish: { sent: 10, taken: 10, failures: {}, unanswered: 0 },
        costsUnread: null,
      });
      expect(cpu.serverMicrosPerDelivery).toBeGreaterThan(0);
      expect(memory.server.connectedBytes).toBeGreaterThan(1_000_000);
    }
    // Nobody but the long poll keeps anything for those who are away.
    for (const { name, checks } of targets!) {
      const failed = checks.filter(({ ok }) => ok !== true).map(({ check }) => check);
      expect([name, failed]).toEqual([name, name === 'inbox' ? [] : ['resumes']]);
    }
  }, 120_000);
});
