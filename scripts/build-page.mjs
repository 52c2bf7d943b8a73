import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = join(ROOT, 'reports', 'page');

/**
 * Bundles the report's script, Chart.js in it, and its style sheet.
 *
 * @returns {Promise<{ script: string, style: string }>} the texts, as they are inlined into a report
 */
export async function bundlePage() {
  const result = await build({
    entryPoints: [join(SOURCE, 'main.ts'), join(SOURCE, 'page.css')],
    outdir: join(ROOT, 'dist', 'reports', 'page'),
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2023', 'chrome117', 'firefox118', 'safari17'],
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'error',
  });
  const textOf = (extension) => result.outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
  return { script: textOf('.js'), style: textOf('.css') };
}

/** Writes both to dist/reports/page/, where reports/html.ts reads them. */
export async function buildPage() {
  const { script, style } = await bundlePage();
  const folder = join(ROOT, 'dist', 'reports', 'page');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'page.js'), script);
  writeFileSync(join(folder, 'page.css'), style);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
