import { describe, expect, it } from 'vitest';
import { intendedInstants, messageCount } from '../../protocol/schedule.js';
import { connectionsEach } from '../connections.js';
import { type BenchValues, planMistakes, reproducingCommand, resolvePlan } from '../resolve-plan.js';
import { topicSettings } from '../server-settings.js';
import { schedules } from '../trial-parts.js';

const of = (given: Partial<BenchValues>) => {
  const values = { scenario: ['sse'], seed: 1, ...given } as BenchValues;
  const plan = resolvePlan(values);
  return { plan, mistakes: planMistakes(values, plan) };
};

describe('burst', () => {
  it('has as many messages as ever, ten at an instant unless it is told otherwise', () => {
    for (const [given, size] of [
      [{}, 10],
      [{ burst: 7 }, 7],
    ] as const) {
      const { plan, mistakes } = of({ workload: 'burst', rate: 30, duration: 10, ...given });
      expect(mistakes).toEqual([]);
      const { warmup, measure } = schedules(plan, 1);
      expect([messageCount(measure), messageCount(warmup)]).toEqual([300, 30]);
      expect(new Set(intendedInstants(measure)).size).toBe(Math.ceil(300 / size));
      expect(reproducingCommand(plan, false).join(' ')).toContain(`--workload burst --burst ${size}`);
    }
  });
});

describe('unicast', () => {
  it('has a topic for each client of every trial of a sweep', () => {
    const { plan, mistakes } = of({ workload: 'unicast', clients: [20, 300] });
    expect(mistakes).toEqual([]);
    for (const clients of [20, 300]) {
      expect(schedules(plan, 1, clients).measure.topics).toBe(clients);
      expect(topicSettings(plan, { trial: 1, clients })).toEqual({ topics: clients });
    }
    expect(reproducingCommand(plan, false)).not.toContain('--topics');
  });

  it('has as many topics as it is told, and not more than clients', () => {
    const { plan, mistakes } = of({ workload: 'unicast', clients: [200], topics: 20 });
    expect([mistakes, schedules(plan, 1, 200).measure.topics]).toEqual([[], 20]);
    expect(reproducingCommand(plan, false).join(' ')).toContain('--workload unicast --topics 20');
    expect(of({ workload: 'unicast', clients: [200, 10], topics: 20 }).mistakes).toEqual([
      '--topics 20 is more than --clients 10: some topics would have nobody who listens. Use at most 10.',
    ]);
  });

  it('is what --topics belongs to', () => {
    expect(of({ topics: 3 }).mistakes).toEqual([
      '--topics belongs to the workload unicast, not to broadcast: leave it out, or use --workload unicast.',
    ]);
  });
});

describe('echo', () => {
  it('lets each client speak in a topic of its own, and servers listen', () => {
    const { plan, mistakes } = of({ workload: 'echo', clients: [50], content: 'binary' });
    expect(mistakes).toEqual([]);
    expect(schedules(plan, 1, 50).measure.topics).toBe(50);
    expect(topicSettings(plan, { trial: 1, clients: 50 })).toEqual({ topics: 50, echo: { isBinary: true } });
    expect(topicSettings(of({}).plan, { trial: 1, clients: 50 })).toEqual({});
  });

  it('says no more than servers take from a client', () => {
    expect(of({ workload: 'echo', payload: 65_536 }).mistakes).toEqual([]);
    expect(of({ workload: 'echo', payload: 65_537 }).mistakes).toEqual([
      '--payload 65537 is more than servers take from a client: with --workload echo use at most 65536 bytes.',
    ]);
  });

  it('needs a second connection where the transport has no way up', () => {
    const each = (workload: 'echo' | 'broadcast', ...scenarios: string[]) =>
      connectionsEach({ workload, scenarios });
    expect([each('broadcast', 'sse'), each('echo', 'sse'), each('echo', 'websocket')]).toEqual([1, 2, 1]);
    expect([each('echo', 'websocket', 'polling'), each('echo', 'socketio-polling')]).toEqual([2, 2]);
  });
});
