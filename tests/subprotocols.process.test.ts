import { afterEach, describe, expect, it } from 'vitest';
import { scenarios } from '../scenarios/registry.js';
import { Stage } from './support/stage.js';

const stage = new Stage();
afterEach(() => stage.clear());

describe.each([scenarios.websocket, scenarios['websocket-raw']])('$id', (scenario) => {
  it('gives clients that ask for a sub-protocol one of theirs, at the cost of two fields', async () => {
    const host = await stage.host(scenario);
    const handshakes: number[][] = [];
    for (const subprotocols of [[], ['chat', 'superchat'], ['mqtt', 'superchat']]) {
      const crowd = stage.crowd(scenario, host.url, { clients: 3, subprotocols });
      await crowd.open();
      await host.publish({ count: 2 });
      await crowd.received(2);
      const { up, down } = crowd.audit();
      handshakes.push([up.handshake / 3, down.handshake / 3]);
      expect([crowd.failures, crowd.imbalances]).toEqual([[], []]);
      crowd.close();
      await host.holds(0);
    }
    const [plain, first, second] = handshakes.map(([up, down]) => ({ up: up!, down: down! }));
    const field = (names: string): number => `Sec-WebSocket-Protocol: ${names}\r\n`.length;
    expect([first!.up - plain!.up, first!.down - plain!.down]).toEqual([
      field('chat, superchat'),
      field('chat'),
    ]);
    expect([second!.up - plain!.up, second!.down - plain!.down]).toEqual([
      field('mqtt, superchat'),
      field('superchat'),
    ]);
  });

  it('is left by clients that insist on a sub-protocol it does not know', async () => {
    const host = await stage.host(scenario);
    const crowd = stage.crowd(scenario, host.url, {
      clients: 3,
      subprotocols: ['mqtt'],
      reconnectMs: 60_000,
    });
    for (const client of crowd.clients) client.open();
    await crowd.until(() => crowd.failures.length === 3, 'every client to fail');
    expect(crowd.kinds).toEqual(['protocol']);
    crowd.audit();
    expect([crowd.connects, crowd.imbalances]).toEqual([[0, 0, 0], []]);
    await host.holds(0);
  });
});
