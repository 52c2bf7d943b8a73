import { afterEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { Stage } from './support/stage.js';
import { expectSameTestimony, publishTestimony, TESTIMONY } from './support/testimony.js';
import { WITNESSES } from './support/witnesses.js';

const CLIENTS = 3;

const stage = new Stage();
afterEach(() => stage.clear());

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  const witnessOf = (url: string) => {
    const witness = WITNESSES[scenario.id as ScenarioId](url);
    stage.later(() => witness.close());
    return witness;
  };

  it('brings a witness exactly what it brings our clients', async () => {
    const { host, crowd } = await stage.play(scenario, { clients: CLIENTS });
    const witness = witnessOf(host.url);
    // Who connects for each poll is never held, and misses nothing by coming late.
    if (!scenario.reconnectsEachPoll) await host.holds(CLIENTS + 1);
    await publishTestimony(host);
    await Promise.all([crowd.received(TESTIMONY), witness.hears(TESTIMONY)]);
    expectSameTestimony(witness.heard, crowd);
    expect(crowd.failures).toEqual([]);
  });

  if (scenario.resumes) {
    it('brings both what they missed, once, when their connections break', async () => {
      const host = await stage.host(scenario);
      const relay = await stage.relay(host.url);
      const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS });
      const witness = witnessOf(relay.url);
      await crowd.open();
      if (!scenario.reconnectsEachPoll) await host.holds(CLIENTS + 1);
      const published = publishTestimony(host);
      for (const [heard, bytes] of [
        [20, 77],
        [110, 1500],
      ] as const) {
        await Promise.all([crowd.received(heard), witness.hears(heard)]);
        relay.cutAfter(bytes, 'RST');
      }
      await published;
      await Promise.all([crowd.received(TESTIMONY), witness.hears(TESTIMONY)]);
      expectSameTestimony(witness.heard, crowd);
    });
  }
});
