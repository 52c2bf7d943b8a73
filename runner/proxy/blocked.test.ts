import { describe, expect, it } from 'vitest';
import { scenarioById } from '../scenario-sets.js';
import { blockedReason } from './blocked.js';

const said = (
  id: string,
  connected: number,
  kinds = '',
  proxy: 'nginx' | 'nginx-default' = 'nginx-default',
) => blockedReason(proxy, scenarioById(id)!, { connected, requested: 20 }, kinds);

describe("what nginx's defaults keep from clients", () => {
  it('is a stream, or a socket, in a sentence', () => {
    expect(said('sse', 0)).toMatchObject({
      code: 'proxy-blocked',
      message: expect.stringMatching(/^None of 20 clients had a stream .*\.$/),
    });
    expect(said('websocket', 3, ' (http-4xx: 17)')).toMatchObject({
      code: 'proxy-blocked',
      message: expect.stringMatching(/^Only 3 of 20 clients could connect: .* \(http-4xx: 17\)\.$/),
    });
  });

  it('is an upgrade of those who then go on polling, although all of them are connected', () => {
    expect(said('socketio-upgrade', 20, ' (http-4xx: 20)')).toEqual({
      code: 'proxy-fallback',
      message:
        "Clients could not move to a WebSocket and went on polling: nginx's defaults do not pass the upgrade on (http-4xx: 20).",
    });
    expect(said('socketio-upgrade', 20)).toBeNull();
  });

  it('is nothing of polls, of who has all it asked for, or behind an nginx that is configured', () => {
    expect(said('longpoll', 0)).toBeNull();
    expect(said('socketio-polling', 20, ' (http-4xx: 20)')).toBeNull();
    expect(said('sse-library', 20)).toBeNull();
    expect(said('socketio-upgrade', 20, ' (http-4xx: 20)', 'nginx')).toBeNull();
  });
});
