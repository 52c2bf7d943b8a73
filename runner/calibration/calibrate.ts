import type { Calibration, Environment } from '../../reports/result.js';
import { allowedCores, generatorCores, type Pinning } from '../environment.js';
import type { Interrupt } from '../interrupt.js';
import type { Calibrate, Plan } from '../plan.js';
import { packageVersion } from '../version.js';
import { calibrationFile, type KeptCeiling, keepCeilings, readCeilings } from './calibration-file.js';
import { CALIBRATION_MS, isShort } from './calibration-time.js';
import { CeilingProbe } from './measure-ceiling.js';
import { replays } from './replays.js';

export interface CalibrationSetting {
  readonly plan: Plan;
  readonly mode: Calibrate;
  readonly environment: Environment;
  readonly pinning: Pinning | null;
  readonly interrupt: Interrupt;
  readonly note: (sentence: string) => void;
  /** The process's own, save in tests. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * What the generator can take of each transport on this machine, from the cache or measured now.
 *
 * @returns by scenario; a transport that could not be calibrated is absent, and a note says so. Never throws.
 */
export async function calibrate(setting: CalibrationSetting): Promise<Record<string, Calibration>> {
  const { plan, mode, environment, pinning } = setting;
  if (mode === 'never' || plan.verifyWire === true) return {};
  const path = calibrationFile(setting.env ?? process.env);
  const key = environmentKey(plan, environment);
  const kept = mode === 'always' ? {} : await readCeilings(path, key);
  const wanted = plan.scenarios.filter((id) => Object.hasOwn(replays, id));
  const missing = wanted.filter((id) => !Object.hasOwn(kept, id));
  const measured = missing.length > 0 && !isShort(setting) ? await measureAll(missing, setting) : {};
  if (Object.keys(measured).length > 0) {
    await keepCeilings(path, key, measured).catch((error: Error) =>
      setting.note(`The calibration could not be kept in ${path}: ${error.message}.`),
    );
  }
  const cores = generatorCores(pinning) ?? Math.max(1, allowedCores().length - 1);
  const found: Record<string, Calibration> = {};
  for (const id of wanted) {
    const ceiling = measured[id] ?? kept[id];
    if (ceiling === undefined) continue;
    found[id] = {
      ...ceiling,
      deliveriesPerSecond: ceiling.deliveriesPerSecond * cores,
      generatorCores: cores,
      cached: measured[id] === undefined,
    };
  }
  return found;
}

/** What changes the ceiling: with another value of any of these it is measured again. */
export function environmentKey(
  plan: Pick<Plan, 'payloadBytes' | 'content' | 'headers' | 'cookieBytes'>,
  environment: Environment,
): string {
  const { node, kernel, cpuModel, cores, allowedCores: allowed, cpuQuotaCores, pinned } = environment;
  const { payloadBytes, content = 'text', headers, cookieBytes = 0 } = plan;
  const tool = packageVersion();
  return JSON.stringify({
    tool,
    node,
    kernel,
    cpuModel,
    cores,
    allowed,
    cpuQuotaCores,
    pinned,
    payloadBytes,
    content,
    headers,
    cookieBytes,
  });
}

async function measureAll(
  scenarios: readonly string[],
  { plan, pinning, interrupt, note }: CalibrationSetting,
): Promise<Record<string, KeptCeiling>> {
  const { payloadBytes, content = 'text', headers, cookieBytes = 0 } = plan;
  const deadlineMs = performance.now() + CALIBRATION_MS;
  note(`Calibrating the generator against a trivial server (at most ${CALIBRATION_MS / 1000} s) ...`);
  const probes = scenarios.map((id) => ({
    id,
    probe: new CeilingProbe(id, { payloadBytes, content, headers, cookieBytes, pinning }),
  }));
  const found: Record<string, KeptCeiling> = {};
  let forget = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    forget = interrupt.onRequest(() => resolve());
  });
  try {
    await Promise.all(probes.map(({ probe }) => probe.prepare()));
    for (const [at, { id, probe }] of probes.entries()) {
      const now = performance.now();
      const slotMs = Math.min(MAX_SLOT_MS, (deadlineMs - STOP_MS - now) / (probes.length - at));
      const ceiling = interrupt.requested === null ? await probe.measure(now + slotMs, stopped) : null;
      if (ceiling !== null) found[id] = { ...ceiling, measuredAt: new Date().toISOString() };
      else if (interrupt.requested === null) note(`There was no time to calibrate ${id}.`);
    }
  } catch (error) {
    note(`The generator could not be calibrated: ${(error as Error).message}.`);
  } finally {
    forget();
    await Promise.all(probes.map(({ probe }) => probe.stop()));
  }
  return found;
}

/** One transport alone needs no longer than this. */
const MAX_SLOT_MS = 1200;
/** Kept back for the processes' end. */
const STOP_MS = 150;
