import { BuildError, ensureBuilt } from './build.mjs';

/** Vitest calls this once before the projects whose tests start the built program. */
export async function setup() {
  try {
    await ensureBuilt();
  } catch (error) {
    // The tests that need the part that does not build will fail by themselves, the others still tell something.
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message} The tests run against what it wrote.\n`);
  }
}
