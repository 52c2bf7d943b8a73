import type { GateConfig } from '../../reports/gate/gate-config.js';
import type { Call } from '../commands/command.js';
import type { ConfigSections } from '../config/sections.js';
import { readConfigFile } from '../config-file.js';
import { loadGateConfig } from '../gate-config-file.js';
import { compareOptions } from '../options/compare-table.js';
import { fileOptions } from '../options/file-table.js';
import { resolveOptions, type Source } from '../options/resolve.js';
import { UsageError } from '../usage-error.js';
import { ARM_FORMS, RESULT_FORM } from './arm.js';
import type { CompareValues, Sides } from './compare-plan.js';
import { type ResolvedSides, resolveSides } from './resolve-sides.js';

/** Everything a comparison was asked for. */
export interface Asked {
  readonly values: CompareValues;
  readonly sides: Sides;
  /** What words its metrics are given by, and what `--gate` judges. */
  readonly gate: GateConfig;
  readonly notes: readonly string[];
}

/** Options of all sources and both arms, checked. @throws UsageError with every mistake found in any of them */
export async function readComparison(call: Call): Promise<Asked> {
  const mistakes = [...call.mistakes];
  const sources: Source[] = [...call.sources];
  const path = sources
    .map((source) => source.given.get('config')?.at(-1))
    .find((given) => given !== undefined);
  const config = path === '' ? undefined : path;
  let sections: ConfigSections = {};
  if (config !== undefined) {
    const file = await readConfigFile(config, fileOptions);
    sources.push(file.source);
    mistakes.push(...file.mistakes);
    sections = file.sections;
  }
  const gate = await loadGateConfig(config);
  mistakes.push(...gate.mistakes);
  const first = resolveOptions(compareOptions, sources);
  mistakes.push(...first.mistakes);
  const { base, head, target } = first.values;
  for (const name of ['base', 'head'] as const) {
    if (sources.some((source) => source.given.has(name))) continue;
    mistakes.push(`compare needs --${name}: ${ARM_FORMS}${name === 'base' ? `; also ${RESULT_FORM}` : ''}.`);
  }
  let resolved: ResolvedSides | null = null;
  if (base !== undefined && head !== undefined) {
    const allowRemote = first.values['allow-remote'] === true;
    const { targets = {} } = sections;
    const settings = {
      base,
      head,
      target,
      folder: process.cwd(),
      config: config ?? null,
      targets,
      allowRemote,
    };
    resolved = await resolveSides(settings, mistakes);
  }
  // What the earlier run was told stands behind all else.
  const inherited = resolved?.source;
  const { values, mistakes: wrong } = inherited
    ? resolveOptions(compareOptions, [...sources, inherited])
    : first;
  const all = [...new Set([...mistakes, ...wrong])];
  if (resolved === null || all.length > 0) throw new UsageError(all);
  return { values, sides: resolved.sides, gate, notes: resolved.notes };
}
