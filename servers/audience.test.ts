import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Audience } from './audience.js';

/** What an audience uses of a socket. */
class FakeSocket {
  writableLength = 0;
  writableEnded = false;
  destroyed = false;
  readonly written: string[] = [];

  write(data: Buffer): void {
    this.written.push(data.toString());
  }
  destroy(): void {
    this.destroyed = true;
  }
  get socket(): Socket {
    return this as unknown as Socket;
  }
}

const crowd = (size: number): FakeSocket[] => Array.from({ length: size }, () => new FakeSocket());

describe('an audience', () => {
  it('writes to exactly those who are in it, whoever joined or left before', () => {
    const steps = fc.array(fc.record({ join: fc.boolean(), who: fc.nat(11) }), {
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (all) => {
        const sockets = crowd(12);
        const audience = new Audience(100);
        const inside = new Set<FakeSocket>();
        for (const { join, who } of all) {
          const socket = sockets[who]!;
          if (!join) audience.remove(socket.socket);
          else if (!inside.has(socket)) audience.add(socket.socket, null);
          if (join) inside.add(socket);
          else inside.delete(socket);
        }
        audience.broadcast(Buffer.from('x'));
        expect(audience.size).toBe(inside.size);
        expect(sockets.map(({ written }) => written.length)).toEqual(
          sockets.map((socket) => (inside.has(socket) ? 1 : 0)),
        );
      }),
    );
  });

  it('takes nobody in twice', () => {
    const audience = new Audience(100);
    const [one] = crowd(1);
    audience.add(one!.socket, null);
    expect(() => audience.add(one!.socket, null)).toThrow('already listens');
  });

  it('cuts off those with more queued than the limit before it writes, and serves all others in the same pass', () => {
    const audience = new Audience(100);
    const sockets = crowd(6);
    for (const { socket } of sockets) audience.add(socket, null);
    sockets[0]!.writableLength = 101;
    sockets[3]!.writableLength = 101;
    sockets[5]!.writableLength = 101;
    sockets[1]!.writableLength = 100;
    audience.broadcast(Buffer.from('x'));
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false, false, true, false, true]);
    expect(sockets.map(({ written }) => written.length)).toEqual([0, 1, 1, 0, 1, 0]);
    expect(audience.cutOff).toBe(3);
    expect(audience.size).toBe(3);
  });

  it('does not write to a socket that is ending', () => {
    const audience = new Audience(100);
    const [ending] = crowd(1);
    audience.add(ending!.socket, null);
    ending!.writableEnded = true;
    audience.broadcast(Buffer.from('x'));
    expect(ending!.written).toEqual([]);
    expect(ending!.destroyed).toBe(false);
  });

  it('drops a socket that is ending and has something queued, which may never be read', () => {
    const audience = new Audience(100);
    const [ending] = crowd(1);
    audience.add(ending!.socket, null);
    ending!.writableEnded = true;
    ending!.writableLength = 1;
    audience.broadcast(Buffer.from('x'));
    expect([ending!.written, ending!.destroyed, audience.size, audience.cutOff]).toEqual([[], true, 0, 0]);
  });
});

describe('its heartbeat', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes to each client in its own phase, one interval after it joined at the earliest', () => {
    const audience = new Audience<string>(100);
    const beats: string[] = [];
    const startMs = performance.now();
    audience.startHeartbeat(1000, (_socket, peer) => beats.push(`${peer} ${performance.now() - startMs}`));
    const [first, second, third] = crowd(3);
    audience.add(first!.socket, 'first');
    vi.advanceTimersByTime(300);
    audience.add(second!.socket, 'second');
    vi.advanceTimersByTime(300);
    audience.add(third!.socket, 'third');
    vi.advanceTimersByTime(500);
    audience.remove(first!.socket);
    vi.advanceTimersByTime(900);
    expect(beats).toEqual(['first 1000', 'second 1300', 'third 1600']);
    audience.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(second!.destroyed).toBe(true);
    expect(audience.size).toBe(0);
  });
});
