import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VirtualClient } from '../contract.js';
import { FakeSocket } from '../testing/fake-socket.js';
import { sharedContext } from '../testing/shared-context.js';
import { response } from '../testing/wire-format.js';
import { acceptFor } from './request.js';
import { WebSocketClient } from './websocket-client.js';

vi.mock('./wire-socket.js', async () => {
  const { FakeSocket } = await import('../testing/fake-socket.js');
  return { WireSocket: FakeSocket };
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a client asks for and is told, when the server's 101 has these fields besides its own. */
function upgrade(subprotocols: readonly string[] | undefined, fields: readonly string[]) {
  FakeSocket.made.length = 0;
  let client: VirtualClient;
  const context = sharedContext(() => client.timer(), subprotocols === undefined ? {} : { subprotocols });
  client = new WebSocketClient(context, 0);
  client.open();
  const socket = FakeSocket.made[0]!;
  socket.accept();
  const key = /^Sec-WebSocket-Key: (.+)\r$/m.exec(socket.written)![1]!;
  socket.send(
    response('101 Switching Protocols', [
      'Upgrade: websocket',
      `Sec-WebSocket-Accept: ${acceptFor(key)}`,
      ...fields,
    ]),
  );
  const { told } = context.events;
  client.close();
  return { asked: socket.written, told: told[0] };
}

describe('a WebSocket client that asks for sub-protocols', () => {
  it('asks in one field, the preferred one first, and for none sends the same bytes as before', () => {
    const plain = upgrade(undefined, []).asked;
    expect(plain).not.toContain('Protocol');
    expect(upgrade([], []).asked).toHaveLength(plain.length);
    const { asked } = upgrade(['chat', 'superchat'], ['Sec-WebSocket-Protocol: chat']);
    expect(asked).toMatch(/\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n$/);
    expect(asked.length - plain.length).toBe('Sec-WebSocket-Protocol: chat, superchat\r\n'.length);
  });

  it.each([
    [['chat', 'superchat'], ['Sec-WebSocket-Protocol: chat']],
    [['chat', 'superchat'], ['sec-websocket-protocol:superchat']],
    [undefined, []],
    [[], []],
  ])('asks for %j and is content with %j', (subprotocols, fields) => {
    expect(upgrade(subprotocols, fields).told).toBe('connected 0');
  });

  it.each([
    [['chat', 'superchat'], []],
    [['chat', 'superchat'], ['Sec-WebSocket-Protocol:']],
    [['chat', 'superchat'], ['Sec-WebSocket-Protocol: mqtt']],
    [['chat', 'superchat'], ['Sec-WebSocket-Protocol: Chat']],
    [['chat', 'superchat'], ['Sec-WebSocket-Protocol: chat, superchat']],
    [
      ['chat', 'superchat'],
      ['Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: chat'],
    ],
    [
      ['chat', 'superchat'],
      ['Sec-WebSocket-Protocol: super', 'Sec-WebSocket-Protocol: chat'],
    ],
    [undefined, ['Sec-WebSocket-Protocol: chat']],
  ])('asks for %j and takes %j for a breach of the protocol', (subprotocols, fields) => {
    expect(upgrade(subprotocols, fields).told).toBe('failed 0 protocol');
  });
});
