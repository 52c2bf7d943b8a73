import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { nearest } from '../options/suggest.js';
import type { Origin, TargetSpec } from './contract.js';
import { addressesOf, isLoopback } from './loopback.js';
import { PORT } from './placeholders.js';
import { shown, TargetReader } from './target-reader.js';
import type { TargetsSection } from './target-schema.js';

export interface TargetSettings {
  /** Where relative paths begin: of the configuration file. */
  readonly folder: string;
  /** The file as sentences name it. */
  readonly file: string;
  /** Names that are to be run. */
  readonly wanted: readonly string[];
  /** Other addresses than this machine's own may be aimed at. */
  readonly allowRemote: boolean;
  /** Whether a command could run there; the file system's answer, save in tests and where the folder is yet to be made. */
  readonly isFolder?: (path: string) => boolean;
  /** The resolver; the system's, save in tests. */
  readonly addressesOf?: (hostname: string) => Promise<readonly string[]>;
}

/**
 * The targets of a configuration file with everything filled in that it left out, and addresses looked up: of those that
 * are to be run. All of the file is checked, and every mistake told.
 */
export async function resolveTargets(
  section: TargetsSection,
  settings: TargetSettings,
): Promise<{ targets: readonly TargetSpec[]; mistakes: readonly string[] }> {
  const mistakes: string[] = [];
  const names = Object.keys(section);
  for (const name of settings.wanted) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const help =
      near !== null
        ? `Did you mean "${near}"?`
        : names.length === 0
          ? 'It has none.'
          : `It has: ${names.map(shown).join(', ')}.`;
    mistakes.push(`--target: "${shown(name)}" is no target of ${settings.file}. ${help}`);
  }
  const targets: TargetSpec[] = [];
  for (const [name, given] of Object.entries(section)) {
    const own = new TargetReader(name, given, settings);
    const target = own.read();
    mistakes.push(...own.mistakes);
    if (target === null || !settings.wanted.includes(name)) continue;
    if (target.command !== null && !(settings.isFolder ?? isFolder)(target.command.cwd)) {
      mistakes.push(
        `targets.${name}.cwd in ${settings.file}: "${shown(target.command.cwd)}" is not a folder that exists.`,
      );
      continue;
    }
    const looked = await lookUp(target, settings);
    if (typeof looked === 'string') mistakes.push(looked);
    else targets.push(looked);
  }
  // In the order in which they were asked for.
  const order = (target: TargetSpec): number => settings.wanted.indexOf(target.name);
  return { targets: targets.sort((a, b) => order(a) - order(b)), mistakes };
}

/** Looks the names up. @returns the target with addresses in their place, or what is wrong as a sentence */
async function lookUp(target: TargetSpec, settings: TargetSettings): Promise<TargetSpec | string> {
  const { publish, ready } = target;
  const places: string[] = [];
  const at = async (origin: Origin, place: string): Promise<Origin> => {
    const found = await look(origin, settings);
    if (typeof found !== 'string') return found;
    places.push(`targets.${target.name}.${place} in ${settings.file}: ${found}`);
    return origin;
  };
  const origin = await at(target.origin, 'url');
  if (target.pid !== null && isIP(origin.address) !== 0 && !isLoopback(origin.address) && places.length === 0)
    places.push(
      `targets.${target.name}.pid in ${settings.file}: ${target.pid} would be a process of this machine, and the server ` +
        `is on another (${origin.address}). Leave it out.`,
    );
  let { check } = ready;
  if (check.by === 'url') {
    const { hostname } = new URL(check.url.replaceAll(PORT, '80'));
    const named = { address: hostname.replace(/^\[|\]$/g, ''), hostname, port: null };
    check = { ...check, address: (await at(named, 'ready.url')).address };
  }
  const found =
    publish.by === 'self' || publish.origin === null
      ? publish
      : { ...publish, origin: await at(publish.origin, `publish.${publish.by}.url`) };
  return places[0] ?? { ...target, origin, ready: { ...ready, check }, publish: found };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function look(origin: Origin, settings: TargetSettings): Promise<Origin | string> {
  const { address: name } = origin;
  let found: readonly string[];
  try {
    found = await (settings.addressesOf ?? addressesOf)(name);
  } catch {
    return `the name "${shown(name)}" has no address.`;
  }
  const far = found.find((address) => !isLoopback(address));
  if (far !== undefined && !settings.allowRemote) {
    const is = far === name ? `${shown(name)} is` : `${shown(name)} is ${far},`;
    return (
      `${is} not an address of this machine's own (127.0.0.0/8 or ::1). pushbench loads other machines only with ` +
      `--allow-remote; ask their owner first.`
    );
  }
  // A name for both families, such as localhost, is tried where most servers listen.
  return { ...origin, address: found.find((address) => isIP(address) === 4) ?? found[0] ?? name };
}
