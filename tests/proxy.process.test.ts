import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measurements, Result } from '../reports/result.js';
import { expectConsistent, measurementsOf } from './support/consistent.js';
import { ProxyRuns, textOf } from './support/proxy-runs.js';

let runs: ProxyRuns;
beforeEach(() => {
  runs = new ProxyRuns();
});
afterEach(() => runs.clear());

const of = (result: Result, scenario: string): Measurements =>
  measurementsOf(result.trials.find((trial) => trial.scenario === scenario));

const codes = (result: Result, scenario: string): string[] =>
  result.trials.find((trial) => trial.scenario === scenario)!.reasons.map(({ code }) => code);

describe('nginx, well configured', () => {
  it('loses nothing of any transport, whose bytes are counted at the clients as ever', async () => {
    const run = runs.start(
      '--scenario all --clients 8 --rate 40 --duration 1 --warmup 0.2 --trials 1 --poll-interval 100 --proxy nginx --no-color',
    );
    expect(await run.ends(), run.stderr).toBe(0);
    const result = run.result();
    expect(result.plan.proxy).toBe('nginx');
    expect(result.command.join(' ')).toContain('--proxy nginx');
    for (const trial of result.trials) {
      const found = measurementsOf(trial);
      expect(found.messages, trial.scenario).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
      expect(found.wire.totals).toEqual(found.wire.sockets);
      expect(found.failures).toEqual({});
      const proxy = found.proxy!;
      expect(proxy.version).toMatch(/^\d+\.\d+/);
      expect(proxy).toMatchObject({ name: 'nginx', processes: 2 });
      expect(proxy.config).toContain('proxy_buffering off');
      expect(proxy.cpuMicrosPerDelivery).toBeGreaterThan(0);
      expect(proxy.memory.baselineBytes).toBeGreaterThan(1e6);
      expect(proxy.memory.peakBytes!).toBeGreaterThanOrEqual(proxy.memory.connectedBytes!);
      expect(found.memory.server.kernel).toBeNull();
    }
    // A frame passes untouched, so this one trial is as if there were no proxy.
    expectConsistent(result.trials.find(({ scenario }) => scenario === 'websocket')!, result.plan);
    // Streams, sockets and held requests have a connection each; polls take whichever is free.
    for (const scenario of ['longpoll', 'iframe', 'sse', 'websocket'])
      expect(of(result, scenario).proxy!.upstreamConnections, scenario).toBe(8);
    expect(of(result, 'polling').proxy!.upstreamConnections).toBeLessThanOrEqual(8);
    const said = run.stdout.replace(/\s+/g, ' ');
    expect(said).toContain('through nginx: what does each transport cost?');
    expect(said).toMatch(/proxy CPU/);
    expect(said).toContain('Proxy in front of the server, on its core: nginx, well configured');
    expect(textOf(join(run.out, 'report.html'))).toContain('connections to the server');
    expect(await run.orphans()).toEqual([]);
    expect(runs.folders()).toEqual([]);
    expect(runs.masters()).toEqual([]);
  });
});

describe("nginx's defaults", () => {
  it('pass whole answers on, hold streams until a buffer is full, and pass no upgrade: the result shows it', async () => {
    const run = runs.start(
      '--scenario longpoll,sse,sse-library,websocket,socketio-upgrade --clients 4 --rate 200 --duration 1 --warmup 0 ' +
        '--trials 1 --proxy nginx-default --no-color',
    );
    // Nothing of it is a fault of the tool.
    expect(await run.ends(), run.stderr).toBe(0);
    const result = run.result();
    expect(new Set(result.trials.map(({ status }) => status))).toEqual(new Set(['completed']));
    for (const trial of result.trials) {
      const { wire, messages } = measurementsOf(trial);
      expect(wire.totals, trial.scenario).toEqual(wire.sockets);
      expect(messages).toMatchObject({ published: 200, expected: 800, duplicated: 0, reordered: 0 });
      expect(messages.delivered + messages.lost!).toBe(800);
    }

    const longpoll = of(result, 'longpoll');
    expect(longpoll.messages.lost).toBe(0);
    // HTTP/1.0 to the server: a connection for every request.
    expect(longpoll.proxy!.upstreamConnections).toBeGreaterThanOrEqual(longpoll.requests.total);

    const sse = of(result, 'sse');
    expect(codes(result, 'sse')).toEqual(expect.arrayContaining(['proxy-blocked', 'lost']));
    expect(sse.clients).toEqual({ requested: 4, connected: 0 });
    // A buffer holds more than a hundred events, which come together when it is full; the last ones never do.
    expect(sse.messages.delivered).toBeGreaterThan(0);
    expect(sse.messages.lost).toBeGreaterThan(0);
    expect(sse.latencyUs.max).toBeGreaterThan(500_000);
    // This server's library says X-Accel-Buffering: no, which nginx heeds whatever it was told.
    expect(of(result, 'sse-library').messages.lost).toBe(0);
    expect(of(result, 'sse-library').clients.connected).toBe(4);

    const websocket = of(result, 'websocket');
    expect(codes(result, 'websocket')).toEqual(expect.arrayContaining(['proxy-blocked', 'lost']));
    expect(websocket.messages).toMatchObject({ delivered: 0, lost: 800 });
    expect(Object.keys(websocket.failures)).toEqual(['http-4xx']);
    // What people use a fallback for: the upgrade fails once for each client, and all goes on by polling.
    const fallback = of(result, 'socketio-upgrade');
    expect(fallback.messages.lost).toBe(0);
    expect(fallback.failures).toEqual({ 'http-4xx': 4 });

    const said = run.stdout.replace(/\s+/g, ' ');
    expect(said).toContain("None of 4 clients could connect: nginx's defaults do not pass the upgrade on");
    expect(said).toContain('hold what it answers, head and all, until a buffer is full or it ends');
    expect(runs.folders()).toEqual([]);
  });
});
