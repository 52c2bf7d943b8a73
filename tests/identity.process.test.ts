import { afterEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { completed, oneTrial } from './support/one-trial.js';
import { Stage } from './support/stage.js';
import { Tap } from './support/tap.js';
import { handshakeRequests } from './support/traits.js';

const COOKIE = 36;
/** `Cookie: `, the value, CRLF. */
const LINE = COOKIE + 10;
const CLIENTS = 3;

const stage = new Stage();
afterEach(() => stage.clear());

const count = (text: string, part: RegExp): number => [...text.matchAll(part)].length;

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  it.each(['minimal', 'browser'] as const)(
    'says who it is in every request, with %s headers',
    async (headers) => {
      const host = await stage.host(scenario);
      const tap = await Tap.to(host.url);
      stage.later(() => tap.close());
      const crowd = stage.crowd(scenario, tap.url, { clients: CLIENTS, headers, cookieBytes: COOKIE });
      await crowd.open();
      for (const messages of [1, 2, 3]) {
        await host.publish({ count: 1 });
        await crowd.received(messages);
      }
      // A client that was thrown out says it again when it comes back.
      const connections = tap.said.length;
      tap.cut();
      await tap.accepts(connections + CLIENTS);
      await crowd.stands();
      crowd.close();
      // What was sent last has reached the tap when its connections are gone.
      await host.holds(0);

      const requests = count(tap.all, / HTTP\/1\.[01]\r\n/g);
      const cookies = count(tap.all, /^Cookie: id=[0-9a-f]{33}\r\n/gm);
      expect(cookies).toBe(requests);
      expect(requests).toBeGreaterThanOrEqual(2 * CLIENTS);
      const { ofWhich, up } = crowd.audit();
      expect(crowd.imbalances).toEqual([]);
      // A connection is reset with what the other end has not read: the ledger may know of a request more.
      const unread = ofWhich.identity / LINE - cookies;
      expect(Number.isInteger(unread)).toBe(true);
      expect(unread).toBeGreaterThanOrEqual(0);
      expect(unread).toBeLessThanOrEqual(scenario.asks ? 2 * CLIENTS : 0);
      expect(ofWhich.identity).toBeLessThan(up.header + up.handshake + up.idle);
      const identity = LINE * 2 * CLIENTS * handshakeRequests(scenario);
      if (!scenario.asks) expect(ofWhich).toMatchObject({ identity, identityInHandshakes: identity });
    },
  );
});

describe('a trial with a cookie', () => {
  const run = async (scenario: ScenarioId, cookieBytes: number) =>
    completed(
      await oneTrial({
        scenario,
        clients: 3,
        durationSeconds: 0.6,
        ratePerSecond: 20,
        pollIntervalMs: 50,
        headers: 'browser',
        cookieBytes,
      }),
    );

  it('pays for it with every poll, and tells its bytes apart to the byte', { timeout: 30_000 }, async () => {
    const [bare, found] = await Promise.all([run('polling', 0), run('polling', COOKIE)]);
    expect(bare.wire.identity).toBeNull();
    const { wire, requests, messages } = found;
    // 503 bytes is what a poll of this path takes with a browser's headers: docs/wire-bytes.md.
    expect(bare.wire.exchange!.hit!.up).toBe(503);
    expect(wire.exchange!.hit!.up).toBe(503 + LINE);
    expect(wire.exchange!.empty!.up).toBe(503 + LINE);
    expect(wire.identity!.handshakePerClient).toBe(0);
    // Requests are counted when they are answered, bytes when they are sent: one a client may be on its way at each edge.
    const sent = wire.identity!.total / LINE;
    expect(Number.isInteger(sent)).toBe(true);
    expect(Math.abs(sent - requests.total)).toBeLessThanOrEqual(3);
    expect(sent).toBe(wire.totals.up / (503 + LINE));
    expect(wire.identity!.perDelivery).toBeCloseTo(wire.identity!.total / messages.delivered, 9);
  });

  it('pays for it once a client on a stream and on a socket', { timeout: 30_000 }, async () => {
    for (const { wire } of await Promise.all([run('sse', COOKIE), run('websocket', COOKIE)])) {
      expect(wire.identity).toEqual({ perDelivery: 0, handshakePerClient: LINE, total: 0 });
      expect(wire.totals.up).toBe(0);
    }
  });
});
