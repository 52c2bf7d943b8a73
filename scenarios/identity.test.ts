import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VirtualClient } from './contract.js';
import { type ScenarioId, scenarios } from './registry.js';
import { FakeSocket } from './testing/fake-socket.js';
import { sharedContext } from './testing/shared-context.js';
import { response } from './testing/wire-format.js';
import { cookieLine } from './wire/cookie.js';

vi.mock('./wire/wire-socket.js', async () => {
  const { FakeSocket } = await import('./testing/fake-socket.js');
  return { WireSocket: FakeSocket };
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const COOKIE = cookieLine(36);

/** A connected client that has asked once, with a cookie. */
function ask(scenario: ScenarioId) {
  FakeSocket.made.length = 0;
  let client: VirtualClient;
  const plain = sharedContext(() => client.timer());
  const context = { ...plain, target: { ...plain.target, cookie: COOKIE } };
  client = scenarios[scenario].createClient(context, 0);
  client.open();
  const socket = () => FakeSocket.made.at(-1)!;
  const connect = (): void => {
    socket().accept();
    vi.advanceTimersByTime(1001);
  };
  connect();
  return { client, socket, connect, counted: () => context.ledger.snapshot().ofWhich };
}

describe('the cookie lines in a ledger', () => {
  it('are those of every poll, and belong to no handshake', () => {
    const { client, socket, counted } = ask('polling');
    for (let polls = 1; polls <= 3; polls++) {
      expect(socket().written.split(COOKIE)).toHaveLength(polls + 1);
      expect(counted()).toMatchObject({ identity: polls * COOKIE.length, identityInHandshakes: 0 });
      socket().send(response('204 No Content', []));
      vi.advanceTimersByTime(1000);
    }
    client.close();
  });

  it.each(['sse', 'iframe', 'websocket'] as const)('are those of every handshake of %s', (scenario) => {
    const { client, socket, connect, counted } = ask(scenario);
    expect(counted()).toMatchObject({ identity: COOKIE.length, identityInHandshakes: COOKIE.length });
    socket().break('ECONNRESET');
    vi.advanceTimersByTime(5000);
    connect();
    expect(FakeSocket.made).toHaveLength(2);
    expect(counted()).toMatchObject({ identity: 2 * COOKIE.length, identityInHandshakes: 2 * COOKIE.length });
    client.close();
  });

  it('leave out a request that the socket never wrote', () => {
    const { client, socket, counted } = ask('sse');
    socket().bytesWritten = 0;
    socket().break('EPIPE');
    expect(counted()).toMatchObject({ identity: 0, identityInHandshakes: 0 });
    client.close();
  });

  it('leave out only the last request when that alone was never written', () => {
    const { client, socket, counted } = ask('polling');
    const first = socket().bytesWritten;
    socket().send(response('204 No Content', []));
    vi.advanceTimersByTime(1000);
    expect(counted().identity).toBe(2 * COOKIE.length);
    socket().bytesWritten = first;
    socket().break('EPIPE');
    expect(counted().identity).toBe(COOKIE.length);
    client.close();
  });
});
