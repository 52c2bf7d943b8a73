import { resolve } from 'node:path';
import type { Result } from '../reports/result.js';
import { writeFileAtomically } from '../reports/result-file.js';

type Render = (result: Result) => string;

/** Forms of a result for other tools, by the option that names their file. */
const EXPORTS = {
  csv: { what: 'CSV', load: async () => (await import('../reports/ci/csv.js')).renderCsv },
  'benchmark-json': {
    what: 'github-action-benchmark',
    load: async () => (await import('../reports/ci/benchmark-json.js')).renderBenchmarkJson,
  },
  bencher: { what: 'Bencher', load: async () => (await import('../reports/ci/bencher.js')).renderBencher },
} as const satisfies Record<string, { what: string; load: () => Promise<Render> }>;

export type ExportName = keyof typeof EXPORTS;

export interface ExportFile {
  readonly name: ExportName;
  /** As a mistake names the option. */
  readonly label: string;
  readonly path: string;
}

/** The files that were asked for. */
export function exportFiles(
  values: Readonly<Partial<Record<ExportName, string | undefined>>>,
): readonly ExportFile[] {
  return (Object.keys(EXPORTS) as ExportName[]).flatMap((name) => {
    const path = values[name];
    return path === undefined ? [] : [{ name, label: `--${name}`, path }];
  });
}

/**
 * Writes them, each whole or not at all.
 * @returns what was written where, for people
 * @throws UnwritableError where the system refuses
 */
export async function writeExports(
  result: Result,
  files: readonly ExportFile[],
): Promise<readonly { readonly what: string; readonly path: string }[]> {
  const written: { what: string; path: string }[] = [];
  for (const { name, path } of files) {
    const render = await EXPORTS[name].load();
    await writeFileAtomically(resolve(path), [render(result)]);
    written.push({ what: EXPORTS[name].what, path: resolve(path) });
  }
  return written;
}
