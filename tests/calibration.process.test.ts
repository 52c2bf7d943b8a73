import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupt } from '../runner/interrupt.js';
import { PLAN } from '../runner/testing/hand-made-evidence.js';
import { ALL_SCENARIOS } from '../scenarios/registry.js';
import { ROOT } from './project-files.js';

// The built program: it starts processes of its own by their files.
const built = (path: string): string => pathToFileURL(join(ROOT, 'dist', 'runner', path)).href;
const { calibrate } = (await import(
  built('calibration/calibrate.js')
)) as typeof import('../runner/calibration/calibrate.js');
const { CeilingProbe } = (await import(
  built('calibration/measure-ceiling.js')
)) as typeof import('../runner/calibration/measure-ceiling.js');
const { pinning, readEnvironment } = (await import(
  built('environment.js')
)) as typeof import('../runner/environment.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-calibration-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pins = pinning({ pin: true });
const environment = readEnvironment(true);
const notes: string[] = [];
const setting = {
  plan: { ...PLAN, scenarios: ['websocket'], durationSeconds: 10 },
  mode: 'auto',
  environment,
  pinning: pins,
  note: (sentence: string) => void notes.push(sentence),
} as const;
/** Too short to be calibrated: what it has is kept from before. */
const short = { ...setting.plan, durationSeconds: 1 };

describe('a probe of the ceiling', () => {
  it.each(ALL_SCENARIOS)('keeps real clients of %s busy, whatever is done to them', async (scenario) => {
    const probe = new CeilingProbe(scenario, {
      payloadBytes: 10,
      content: 'text',
      headers: 'minimal',
      cookieBytes: 0,
      pinning: pins,
    });
    try {
      await probe.prepare();
      const never = new Promise<void>(() => {});
      const ceiling = await probe.measure(performance.now() + 1200, never);
      // The slowest machine that runs this at all takes more; the real figure is two orders above.
      expect(ceiling?.deliveriesPerSecond).toBeGreaterThan(1000);
      expect(ceiling?.utilization).toBeGreaterThan(0);
    } finally {
      await probe.stop();
    }
  });
});

describe('a calibration', () => {
  it('is measured once and then kept, until the environment changes', async () => {
    const own = { ...setting, interrupt: new Interrupt(), env: { PUSHBENCH_CACHE: folder } };
    const first = await calibrate(own);
    expect(first.websocket, notes.join(' ')).toMatchObject({ cached: false });
    const again = await calibrate({ ...own, plan: short });
    expect(again).toEqual({ websocket: { ...first.websocket, cached: true } });
    for (const changed of [
      { node: 'v0.0.0' },
      { cpuModel: 'abacus' },
      { kernel: '0.1' },
      { pinned: !environment.pinned },
      { cpuQuotaCores: 0.5 },
      { allowedCores: 77 },
    ]) {
      const other = { ...own, plan: short, environment: { ...environment, ...changed } };
      expect(await calibrate(other), JSON.stringify(changed)).toEqual({});
    }
    expect(await calibrate({ ...own, plan: { ...short, payloadBytes: 4096 } })).toEqual({});
    expect(await calibrate({ ...own, mode: 'never' })).toEqual({});
  });

  it('goes on without a cache that can be written, and says so', async () => {
    writeFileSync(join(folder, 'file'), '');
    notes.length = 0;
    const found = await calibrate({
      ...setting,
      interrupt: new Interrupt(),
      env: { PUSHBENCH_CACHE: join(folder, 'file') },
    });
    expect(found.websocket, notes.join(' ')).toMatchObject({ cached: false });
    expect(notes.join(' ')).toMatch(/could not be kept in .*calibration\.json/);
  });
});
