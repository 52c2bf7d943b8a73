import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuredTrial, Result } from '../reports/result.js';
import { PacketCapture } from '../runner/verify/packet-capture.js';
import { PacketSum } from '../runner/verify/packets.js';
import { findWirePrograms } from '../runner/verify/wire-programs.js';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { Runs } from './support/cli-run.js';
import { privateNetwork } from './support/private-network.js';
import { Stage } from './support/stage.js';
import { connectionsAtRest } from './support/traits.js';
import { FRAMING } from './support/wire-formulas.js';

const CLIENTS = 9;
/** The longest on a busy machine: every transport, one after another. */
const RUN_LIMIT_MS = 240_000;
const SIZES = [125, 126, 65_535, 65_536];

const runs = new Runs();
const stage = new Stage();
const folders: string[] = [];
afterEach(async () => {
  await stage.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
afterAll(() => runs.clear());

describe('a run with --verify-wire', () => {
  let result: Result;
  let stdout = '';
  let stderr = '';

  beforeAll(async () => {
    const run = runs.start(
      `--scenario every --clients ${CLIENTS} --rate 20 --duration 0.6 --warmup 0.3 --trials 1 ` +
        '--poll-interval 100 --headers browser --seed 7 --verify-wire',
      { shell: privateNetwork() },
    );
    // Without the right to capture this fails with the program's own sentence.
    const code = await run.ends(RUN_LIMIT_MS);
    ({ stdout, stderr } = run);
    expect(code, stderr).toBe(0);
    result = run.result();
    expect(await run.orphans()).toEqual([]);
  }, RUN_LIMIT_MS);

  const trialOf = (id: string): MeasuredTrial => {
    const trial = result.trials.find(({ scenario }) => scenario === id)!;
    expect([trial.status, trial.reasons]).toEqual(['completed', []]);
    return trial as MeasuredTrial;
  };

  describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
    const { id, asks, connections: each = 1, reconnectsEachPoll = false } = scenario;
    // The kernel forgets a connection with its end: here those of which more were made than stand.
    const forgets = reconnectsEachPoll || each > connectionsAtRest(scenario);
    /** Connections that were made before the window and in it. */
    const made = (): { all: number; inWindow: number } => {
      const { ports, wire } = trialOf(id).measurements;
      return reconnectsEachPoll
        ? { all: wire.verification!.connections, inWindow: ports!.connections }
        : { all: each * CLIENTS, inWindow: 0 };
    };

    it('has ledger, sockets, kernel, capture and server agree to the byte', () => {
      const { verification, totals, sockets } = trialOf(id).measurements.wire;
      const { ledger, window, disagreements, connections, syn } = verification!;
      expect(disagreements).toEqual([]);
      expect(Math.min(ledger.up, ledger.down)).toBeGreaterThan(100);
      for (const source of ['sockets', 'kernel', 'capture', 'server'] as const) {
        if (source !== 'kernel' || !forgets) expect(verification![source], source).toEqual(ledger);
        if (source !== 'kernel' || !reconnectsEachPoll) expect(window[source], source).toEqual(totals);
      }
      expect(window.ledger).toEqual(sockets);
      expect([connections, syn]).toEqual([made().all, 2 * made().all]);
      if (reconnectsEachPoll) expect(trialOf(id).measurements.requests.total).toBe(made().inWindow);
    });

    it('has IP bytes of payload + 52 a segment + 8 a SYN', () => {
      const { capture, ipBytes, segments, window } = trialOf(id).measurements.wire.verification!;
      for (const way of ['up', 'down'] as const) {
        expect(ipBytes[way]).toBe(capture[way] + 52 * segments[way] + 8 * made().all);
        expect(window.ipBytes[way]).toBe(
          window.capture[way] + 52 * window.segments[way] + 8 * made().inWindow,
        );
      }
    });

    it('has the capture show the bytes that the formats prescribe', () => {
      const { messages, wire } = trialOf(id).measurements;
      const { capture, segments } = wire.verification!.window;
      expect(messages).toMatchObject({ published: 12, delivered: 12 * CLIENTS, lost: 0 });
      if (asks) {
        expect(segments.up).toBeGreaterThan(0);
      } else {
        expect(capture).toEqual({ up: 0, down: messages.delivered * (10 + FRAMING[id as ScenarioId](10)) });
      }
    });
  });

  it('says so, and reports no time', () => {
    expect(result.plan.verifyWire).toBe(true);
    expect(result.command).toContain('--verify-wire');
    expect(result.requestCeiling).toBeNull();
    for (const { scenario } of result.trials) {
      const { latencyUs, cpu, connect, health, generatorShareUs } = trialOf(scenario).measurements;
      const { count, censored, histogram: _, ...times } = latencyUs;
      expect([count, censored]).toEqual([12 * CLIENTS, 0]);
      for (const part of [times, cpu, connect, generatorShareUs])
        expect(new Set(Object.values(part))).toEqual(new Set([null]));
      expect(health.limitedBy).toBeNull();
    }
    expect(stdout).toContain('no times are reported');
    expect(stdout.match(/agree\s+to\s+the\s+byte/g)).toHaveLength(Object.keys(scenarios).length);
    expect(stdout).not.toMatch(/p50|p99|ms\b/);
    expect(stderr).toContain('all bytes agree');
  });
});

describe('a run with --verify-wire that is interrupted', () => {
  const start = () =>
    runs.start('--scenario sse --clients 3 --duration 20 --warmup 0 --trials 1 --verify-wire --no-pin');

  it('still compares what there was, and leaves no capture behind', { timeout: RUN_LIMIT_MS }, async () => {
    const run = start();
    await run.says(/measuring/);
    expect(run.children('dumpcap')).toHaveLength(1);
    run.killGroup('SIGINT');
    expect(await run.ends(RUN_LIMIT_MS)).toBe(130);
    expect(await run.orphans()).toEqual([]);
    const [trial] = run.result().trials;
    expect(trial).toMatchObject({
      status: 'void',
      measurements: { wire: { verification: { agrees: true } } },
    });
  });

  it('leaves no capture behind when it is left at once', { timeout: RUN_LIMIT_MS }, async () => {
    const run = start();
    await run.says(/measuring/);
    run.killGroup('SIGINT');
    await run.says(/Stopping/);
    run.killGroup('SIGINT');
    expect(await run.ends(RUN_LIMIT_MS)).toBe(130);
    expect(await run.orphans()).toEqual([]);
  });
});

describe('the capture of WebSocket messages', () => {
  it('shows the framing of RFC 6455 at the edges of its lengths', async () => {
    const { programs, mistakes } = findWirePrograms(process.env.PATH ?? '');
    expect(mistakes).toEqual([]);
    const { host, crowd } = await stage.play(scenarios.websocket, { clients: 3 });
    const capture = await PacketCapture.start({ programs: programs!, ports: [host.port], payload: false });
    stage.later(() => capture.abandon());
    for (const [at, bytes] of SIZES.entries()) {
      await host.publish({ count: 1, bytes });
      await crowd.received(at + 1);
      await capture.mark(String(bytes));
    }
    const found = new Map<string, PacketSum>();
    let sum = new PacketSum();
    expect(
      await capture.read((line) => {
        if (line.kind === 'packet') {
          sum.add(line.packet);
        } else {
          found.set(line.text, sum);
          sum = new PacketSum();
        }
      }),
    ).toBe(0);
    for (const bytes of SIZES) {
      const each = found.get(String(bytes))!.bytes.down / 3;
      expect(each - bytes, `${bytes} bytes`).toBe(FRAMING.websocket(bytes));
    }
  });
});

describe('a machine that cannot verify', () => {
  /** A shell line that lets the run find only these programs, each a script. */
  const only = (scripts: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'pushbench-path-'));
    folders.push(folder);
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    return `export PATH=${folder}`;
  };

  const refusal = async (shell: string): Promise<string> => {
    const run = runs.start('--scenario sse --clients 1 --duration 0.2 --verify-wire', { shell });
    expect(await run.ends(), run.stderr).toBe(2);
    expect(run.files()).toEqual([]);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('Nothing was started.');
    return run.stderr;
  };

  it('names each package that is missing and ends with 2', async () => {
    const said = await refusal(only({}));
    expect(said).toContain('needs ss,');
    expect(said).toContain('needs dumpcap and tshark,');
  });

  it('says what to do where the user may not capture', async () => {
    const denied =
      'echo \'dumpcap: You do not have permission to capture on device "lo".\' >&2; echo "(socket: Operation not permitted)" >&2; exit 1';
    const said = await refusal(only({ ss: 'exit 0', tshark: 'exit 0', dumpcap: denied }));
    expect(said).toContain('may not capture packets on the loopback interface: run as root');
    expect(said).toContain('CAP_NET_RAW');
  });

  it('says that the interface is down in a fresh namespace', async () => {
    const down = 'echo \'dumpcap: Device "lo" is not up.\' >&2; exit 1';
    const said = await refusal(only({ ss: 'exit 0', tshark: 'exit 0', dumpcap: down }));
    expect(said).toContain('ip link set lo up');
  });
});
