import { findProgram, SYSTEM_NEEDS } from '../scripts/system.mjs';

/** Arguments that keep a Chromium from talking to anyone, and let it run as root in a container. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The path of the Chromium that tests drive: PUSHBENCH_CHROMIUM, else the first that is found under its usual names.
 * Throws an error that names the Debian package where there is none: a test without its browser fails, it does not vanish.
 */
export function findChromium(): string {
  const need = SYSTEM_NEEDS.find(({ name }) => name === 'Chromium')!;
  const found = process.env[need.variable!] || findProgram(need.programs);
  if (!found) {
    throw new Error(
      `Chromium was not found (looked for ${need.programs.join(', ')}). Install the Debian packages ${need.packages.join(' and ')}, or set ${need.variable} to its path.`,
    );
  }
  return found;
}
