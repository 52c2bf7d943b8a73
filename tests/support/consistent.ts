import { expect } from 'vitest';
import type { Measurements, Result, Trial } from '../../reports/result.js';
import { type ScenarioId, scenarios } from '../../scenarios/registry.js';
import { FRAMING } from './wire-formulas.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A trial that has measurements; fails with its reasons when it has none. */
export function measurementsOf(trial: Trial | undefined): Measurements {
  if (trial === undefined) throw new Error('there is no such trial');
  if (trial.status === 'completed' || trial.status === 'void') return trial.measurements;
  throw new Error(`the trial is ${trial.status}: ${JSON.stringify(trial.reasons)}`);
}

/** Whether the numbers of a trial agree with each other and with the plan: what must hold on any machine. */
export function expectConsistent(trial: Trial, plan: Result['plan']): void {
  const found = measurementsOf(trial);
  const { messages, latencyUs, publishes, wire, requests, timeline } = found;
  const scenario = scenarios[trial.scenario as ScenarioId];

  expect(found.clients).toEqual({ requested: trial.clients, connected: trial.clients });
  expect(messages.expected).toBe(messages.published! * trial.clients);
  expect(messages.delivered + messages.lost!).toBe(messages.expected);
  expect(messages).toMatchObject({ duplicated: 0, reordered: 0 });

  expect(latencyUs.count).toBe(messages.expected);
  expect(latencyUs.censored).toBe(messages.lost);
  const { min, p50, p90, p99, p999, max } = latencyUs;
  const rising = [0, min, p50, p90, p99, p999, max] as number[];
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  expect(latencyUs.mean).toBeGreaterThanOrEqual(min!);
  expect(latencyUs.mean).toBeLessThanOrEqual(max!);

  expect(publishes.every).toBe(1);
  for (const column of [publishes.delivered, publishes.p50Us, publishes.p99Us, publishes.maxUs])
    expect(column.length).toBe(publishes.intendedUs.length);
  expect(publishes.intendedUs.length).toBe(messages.published);
  expect(publishes.intendedUs).toEqual([...publishes.intendedUs].sort((a, b) => a - b));
  expect(publishes.intendedUs[0]).toBeGreaterThanOrEqual(0);
  expect(publishes.intendedUs.at(-1)).toBeLessThan(plan.durationSeconds * 1e6);
  expect(sum(publishes.delivered)).toBe(messages.delivered);
  expect(Math.max(...publishes.delivered)).toBeLessThanOrEqual(trial.clients);

  expect(sum(timeline.map((row) => row.delivered))).toBe(messages.delivered);
  expect(timeline.length).toBe(Math.ceil(found.measuredSeconds));
  expect(timeline.map((row) => row.second)).toEqual(timeline.map((_, at) => at));
  expect(found.throughput.deliveriesPerSecond).toBeCloseTo(messages.delivered / found.measuredSeconds, 6);

  expect(wire.totals).toEqual(wire.sockets);
  for (const way of ['up', 'down'] as const) {
    const { total, ...layers } = wire.perDelivery![way];
    expect(sum(Object.values(layers))).toBeCloseTo(total, 6);
    expect(total * messages.delivered).toBeCloseTo(wire.totals[way], 3);
    expect(layers.idle * messages.delivered).toBeCloseTo(wire.idle[way], 3);
  }
  expect(wire.perDelivery!.down.payload).toBe(plan.payloadBytes);
  if (scenario.asks) {
    expect(requests.total).toBeGreaterThan(0);
    expect(messages.perResponse! * (requests.total - requests.empty)).toBeCloseTo(messages.delivered, 6);
    expect(requests.perDelivery).toBeCloseTo(requests.total / messages.delivered, 9);
  } else {
    expect(requests).toMatchObject({ total: 0, empty: 0, postponed: 0, perDelivery: 0 });
    expect([messages.perResponse, wire.exchange]).toEqual([null, null]);
    expect(wire.perDelivery!.down.framing).toBe(FRAMING[trial.scenario as ScenarioId](plan.payloadBytes));
    expect(wire.perDelivery!.up.total).toBe(0);
    expect(wire.handshakePerClient.up).toBeGreaterThan(0);
  }

  for (const side of [found.memory.server, found.memory.generator]) {
    expect(side.baselineBytes).toBeGreaterThan(10e6);
    expect(side.peakBytes!).toBeGreaterThanOrEqual(side.connectedBytes!);
  }
  expect(found.cpu.serverMicrosPerDelivery).toBeGreaterThan(0);
  expect(found.cpu.generatorMicrosPerDelivery).toBeGreaterThan(0);
  expect(found.connect.perSecond).toBeGreaterThan(0);
  expect(found.failures).toEqual({});
}
