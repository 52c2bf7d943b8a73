import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../reports/result-file.js';

const SCHEMA = 'pushbench/calibration@1';
/** Environments that are remembered; the one that was not used for the longest time is forgotten first. */
const MAX_ENVIRONMENTS = 20;

const ceiling = z.object({
  deliveriesPerSecond: z.number().positive(),
  utilization: z.number().nonnegative(),
  measuredAt: z.string(),
});

const file = z.object({
  schema: z.literal(SCHEMA),
  environments: z.array(z.object({ key: z.string(), ceilings: z.record(z.string(), ceiling) })),
});

/** What one core of the generator can take of a transport, and when that was found. */
export type KeptCeiling = z.infer<typeof ceiling>;

/**
 * Where calibrations are kept: the folder that PUSHBENCH_CACHE names, else `pushbench` in XDG_CACHE_HOME, else in
 * ~/.cache. A relative XDG_CACHE_HOME is ignored, as its specification asks.
 */
export function calibrationFile(
  env: Readonly<Record<string, string | undefined>>,
  home: () => string = homedir,
): string {
  const { PUSHBENCH_CACHE: own, XDG_CACHE_HOME: xdg } = env;
  const folder = own
    ? own
    : xdg && isAbsolute(xdg)
      ? join(xdg, 'pushbench')
      : join(home(), '.cache', 'pushbench');
  return join(folder, 'calibration.json');
}

/**
 * The ceilings kept for an environment, by scenario. A file that is missing, unreadable, broken or of another version
 * is no file: what it held is measured again.
 */
export async function readCeilings(
  path: string,
  key: string,
): Promise<Readonly<Record<string, KeptCeiling>>> {
  return (await read(path)).find((each) => each.key === key)?.ceilings ?? {};
}

/**
 * Keeps ceilings of an environment beside those that are there, by writing a new file in place of the old.
 * @throws when the folder or the file cannot be written
 */
export async function keepCeilings(
  path: string,
  key: string,
  ceilings: Readonly<Record<string, KeptCeiling>>,
): Promise<void> {
  const kept = await read(path);
  const own = kept.find((each) => each.key === key)?.ceilings ?? {};
  const environments = [
    { key, ceilings: { ...own, ...ceilings } },
    ...kept.filter((each) => each.key !== key),
  ].slice(0, MAX_ENVIRONMENTS);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, [`${JSON.stringify({ schema: SCHEMA, environments }, null, 2)}\n`]);
}

async function read(path: string): Promise<z.infer<typeof file>['environments']> {
  try {
    return file.parse(JSON.parse(await readFile(path, 'utf8'))).environments;
  } catch {
    return [];
  }
}
