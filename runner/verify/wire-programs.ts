import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs that look at the wire from outside pushbench, as paths. */
export interface WirePrograms {
  readonly ss: string;
  readonly dumpcap: string;
  readonly tshark: string;
}

const PACKAGES: Readonly<Record<keyof WirePrograms, string>> = {
  ss: 'iproute2',
  dumpcap: 'tshark',
  tshark: 'tshark',
};

/** Looks for the programs along `searchPath` (PATH). @returns them, or a sentence for each package that is missing */
export function findWirePrograms(
  searchPath: string,
  platform: NodeJS.Platform = process.platform,
): { programs: WirePrograms | null; mistakes: readonly string[] } {
  if (platform !== 'linux') {
    const mistake = `--verify-wire reads the Linux kernel's counters, and this is ${platform}: run it on Linux.`;
    return { programs: null, mistakes: [mistake] };
  }
  const programs: Partial<Record<keyof WirePrograms, string>> = {};
  const missing = new Map<string, string[]>();
  for (const [name, wanted] of Object.entries(PACKAGES) as [keyof WirePrograms, string][]) {
    const path = onPath(name, searchPath);
    if (path === null) missing.set(wanted, [...(missing.get(wanted) ?? []), name]);
    else programs[name] = path;
  }
  const mistakes = [...missing].map(
    ([wanted, names]) =>
      `--verify-wire needs ${names.join(' and ')}, which ${names.length > 1 ? 'are' : 'is'} not on the PATH: ` +
      `install the package ${wanted} (as root: apt-get install ${wanted}).`,
  );
  return { programs: mistakes.length === 0 ? (programs as WirePrograms) : null, mistakes };
}

function onPath(name: string, searchPath: string): string | null {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}
