import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the tests need besides Node and the packages in package.json. */
export const SYSTEM_NEEDS = [
  {
    name: 'Chromium',
    /** Names it goes by, best first. */
    programs: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    /** Debian packages that bring it. Without a font Chromium lays text out as boxes. */
    packages: ['chromium', 'fonts-dejavu-core'],
    /** The vitest project that cannot run without it. */
    project: 'browser',
    /** Set to the program's path for the tests. */
    variable: 'CHROMIUM_PATH',
  },
  // Both are looked for on the PATH by the program itself. tshark's package brings dumpcap.
  { name: 'tshark', programs: ['tshark'], packages: ['tshark'], project: 'wire' },
  { name: 'ss', programs: ['ss'], packages: ['iproute2'], project: 'wire' },
  {
    name: 'nginx',
    programs: ['nginx'],
    /** How it is asked for its version, where not by `--version`. */
    ask: '-v',
    packages: ['nginx'],
    /** The test files that cannot run without it, of a project whose others can. */
    tests: 'tests/proxy*.process.test.ts',
  },
  // Of the examples to aim at, one is written in it.
  {
    name: 'Python',
    programs: ['python3'],
    packages: ['python3'],
    tests: 'tests/target-examples.process.test.ts',
  },
];

/**
 * The path of the first of these programs that is on the PATH and answers when it is asked for its version, or null.
 *
 * It is run, not only found: Ubuntu's `chromium-browser` is there even when there is no Chromium behind it.
 *
 * @param {readonly string[]} programs
 * @param {string} [ask]
 */
export function findProgram(programs, ask = '--version') {
  for (const program of programs) {
    const path = onPath(program);
    if (path && spawnSync(path, [ask], { stdio: 'ignore', timeout: 20_000 }).status === 0) return path;
  }
  return null;
}

function onPath(program) {
  // Where Debian puts daemons, which is not on everybody's PATH.
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/**
 * Installs Debian packages when this user may. Never asks for a password.
 *
 * @param {readonly string[]} packages
 * @returns {string | null} why it could not, or null when it did
 */
export function installPackages(packages) {
  if (!onPath('apt-get')) return 'there is no apt-get here';
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) {
    return 'this user is not root and has no sudo without a password';
  }
  // A repository of someone else's that does not answer fails the update; what it brought may be enough.
  aptGet(isRoot, ['update']);
  const status = aptGet(isRoot, ['install', '--yes', '--no-install-recommends', ...packages]);
  return status === 0 ? null : `apt-get install ended with exit code ${status}`;
}

function aptGet(isRoot, args) {
  const words = [
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
    ...args,
  ];
  const [command, ...rest] = isRoot ? ['env', ...words] : ['sudo', '-n', 'env', ...words];
  return spawnSync(command, rest, { stdio: ['ignore', 2, 2] }).status;
}
