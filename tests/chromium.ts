import { type Browser, chromium } from 'playwright-core';
import { findProgram, SYSTEM_NEEDS } from '../scripts/system.mjs';

/**
 * Starts the system's Chromium without a window. `npm test` has looked for it and left its path in CHROMIUM_PATH.
 *
 * @throws Error that names the package when there is none: a browser test fails then, it does not vanish
 */
export async function launchChromium(): Promise<Browser> {
  const [{ programs, packages }] = SYSTEM_NEEDS as [(typeof SYSTEM_NEEDS)[number]];
  const executablePath = process.env.CHROMIUM_PATH || findProgram(programs);
  if (!executablePath) throw new Error(`Chromium is not installed: install the package ${packages[0]}.`);
  return chromium.launch({
    executablePath,
    // Chromium's sandbox refuses root, and /dev/shm is small in containers; the pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
}
