import type { Environment, NoiseFloor, Result } from '../reports/result.js';

/** A noise floor to judge a run by, or why there is none. */
export interface LoadedFloor {
  readonly floor: NoiseFloor | null;
  readonly mistake: string | null;
  /** What differs between the machine of then and now; empty when nothing does. */
  readonly notes: readonly string[];
}

const NO_FLOOR: LoadedFloor = { floor: null, mistake: null, notes: [] };

/** Reads `--noise-floor`: the floor that an A/A run left in its result. */
export async function loadNoiseFloor(
  path: string | undefined,
  environment: Environment,
): Promise<LoadedFloor> {
  if (path === undefined) return NO_FLOOR;
  const { readResult, UnreadableResultError } = await import('../reports/result-file.js');
  let result: Result;
  try {
    result = await readResult(path);
  } catch (error) {
    if (!(error instanceof UnreadableResultError)) throw error;
    return { ...NO_FLOOR, mistake: `--noise-floor: ${error.message}` };
  }
  const { noiseFloor, startedAt, environment: then } = result;
  if (!noiseFloor || noiseFloor.from !== null || noiseFloor.entries.length === 0) {
    return {
      ...NO_FLOOR,
      mistake: `--noise-floor: "${path}" measured no noise floor. Make one with --aa and the same load.`,
    };
  }
  const facts = [
    ['processor', then.cpuModel, environment.cpuModel],
    ['number of cores', then.cores, environment.cores],
    ['Node version', then.node, environment.node],
    ['kernel', then.kernel, environment.kernel],
    ['pinning', then.pinned, environment.pinned],
  ] as const;
  const other = facts.filter(([, was, is]) => was !== is).map(([name]) => name);
  return {
    floor: { ...noiseFloor, from: { startedAt, cpuModel: then.cpuModel, node: then.node } },
    mistake: null,
    notes:
      other.length === 0
        ? []
        : [`The noise floor was measured with another ${other.join(', ')}; measure it again with --aa.`],
  };
}
