import { afterEach, describe, expect, it } from 'vitest';
import type { Content } from '../protocol/payload.js';
import type { Scenario } from '../scenarios/contract.js';
import { sumLayers } from '../scenarios/ledger.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { between } from './support/crowd.js';
import { completed, oneTrial } from './support/one-trial.js';
import { Stage } from './support/stage.js';
import { base64Bytes, CARRIES_BINARY, FRAMING } from './support/wire-formulas.js';

/** Lengths at which frames, chunks and the padding of base64 change. */
const SIZES = [19, 20, 21, 93, 94, 125, 126, 185, 1000, 65_535, 65_536];
const CLIENTS = 2;

const stage = new Stage();
afterEach(() => stage.clear());

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  const id = scenario.id as ScenarioId;

  it.each(['unicode', 'binary'] as const)(
    'delivers %s content with just the bytes of its format',
    async (content) => {
      // So small, reads end in the middle of characters and of base64's groups.
      const { host, crowd } = await stage.play(scenario, { clients: CLIENTS, content, readBufferBytes: 997 });
      const grows = content === 'binary' && !CARRIES_BINARY.has(id);
      // The first message ends what counts as handshake.
      const sequences = await host.publish({ count: 1, bytes: 19, content });
      await crowd.received(1);
      for (const size of SIZES) {
        const before = crowd.audit();
        sequences.push(...(await host.publish({ count: 1, bytes: size, content })));
        await crowd.received(sequences.length);
        const after = crowd.audit();
        const { down } = between(before, after);
        const carried = grows ? base64Bytes(size) : size;
        expect(
          {
            payload: down.payload / CLIENTS,
            framing: down.framing / CLIENTS,
            growth: (after.ofWhich.growth - before.ofWhich.growth) / CLIENTS,
          },
          `${size} bytes`,
        ).toEqual({
          payload: size,
          framing: FRAMING[id](carried) + carried - size,
          growth: carried - size,
        });
        if (!scenario.asks) expect(sumLayers(down)).toBe(CLIENTS * (FRAMING[id](carried) + carried));
      }
      // Many at once: batches of answers, several events in one read.
      sequences.push(...(await host.publish({ count: 50, bytes: 100, content })));
      await crowd.received(sequences.length);
      for (const own of crowd.sequences) expect(own).toEqual(sequences);
      expect(crowd.sizes).toEqual(new Set([...SIZES, 100]));
      crowd.audit();
      expect([crowd.imbalances, crowd.failures]).toEqual([[], []]);
    },
  );

  it('has no number for messages of a server that does not encode binary content', async () => {
    const host = await stage.host(scenario);
    const crowd = stage.crowd(scenario, host.url, { clients: 1, content: 'binary', pollIntervalMs: 50 });
    await crowd.open();
    await host.holds(1);
    await host.publish({ count: 1, bytes: 30, content: 'text' });
    await crowd.received(1);
    expect(crowd.sequences[0]![0]).toBe(-1);
  });
});

describe('a trial', () => {
  const small = {
    clients: 3,
    durationSeconds: 0.6,
    ratePerSecond: 20,
    payloadBytes: 100,
    pollIntervalMs: 100,
  };
  const run = async (scenario: ScenarioId, content: Content) =>
    completed(await oneTrial({ ...small, scenario, content }));

  it('with binary content says what base64 adds, and has nothing to add on WebSocket', {
    timeout: 30_000,
  }, async () => {
    const [sse, websocket] = await Promise.all([run('sse', 'binary'), run('websocket', 'binary')]);
    for (const { messages, failures } of [sse, websocket]) {
      expect([messages.lost, messages.duplicated, failures]).toEqual([0, 0, {}]);
      expect(messages.delivered).toBe(36);
    }
    expect(sse.wire.growth).toEqual({ perDelivery: 36, total: 36 * 36 });
    expect(sse.wire.perDelivery!.down).toMatchObject({
      payload: 100,
      framing: FRAMING.sse(136) + 36,
      total: 136 + FRAMING.sse(136),
    });
    expect(websocket.wire.growth).toEqual({ perDelivery: 0, total: 0 });
    expect(websocket.wire.perDelivery!.down).toMatchObject({ payload: 100, framing: 2 });
  });

  it('with unicode content has no growth to speak of', { timeout: 30_000 }, async () => {
    const longpoll = await run('longpoll', 'unicode');
    expect([longpoll.messages.delivered, longpoll.failures]).toEqual([36, {}]);
    expect(longpoll.wire.growth).toBeNull();
    expect(longpoll.wire.perDelivery!.down.payload).toBe(100);
  });
});
