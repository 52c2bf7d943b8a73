import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResult, writeResult } from '../reports/result-file.js';
import { DEFAULT_LIMITS } from '../runner/plan.js';
import { asBaseline, BASELINE_ARGUMENTS, BASELINE_FILE } from './gate/baseline.js';

// Writes the baseline of the exact tier that the tests hold the servers to. To be run when bytes are meant to change, with
// the change in the same commit.

const folder = mkdtempSync(join(tmpdir(), 'pushbench-baseline-'));
const main = fileURLToPath(new URL('../runner/main.js', import.meta.url));
// Bytes and counts do not depend on how busy the machine is.
const isPart = (name: string): boolean => /Part$|Utilization$/.test(name);
const limits = Object.keys(DEFAULT_LIMITS).flatMap((name) => [
  '--limit',
  `${name}=${isPart(name) ? 1 : 100}`,
]);
try {
  const { status } = spawnSync(
    process.execPath,
    [main, ...BASELINE_ARGUMENTS, '--seed', '1', '--out', folder, ...limits],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error(`The run ended with ${status}.`);
  const path = fileURLToPath(new URL(`../../${BASELINE_FILE}`, import.meta.url));
  await writeResult(path, asBaseline(await readResult(join(folder, 'results.json'))));
  console.log(`Written: ${BASELINE_FILE}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
