import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PAGES, ROOT } from './fingerprint.mjs';

const [REPORT, DEMO] = PAGES;

/**
 * Bundles a page's script, what it imports in it, and its style sheet.
 *
 * @param {string} [folder] the report's when left out
 * @returns {Promise<{ script: string, style: string }>}
 */
export async function bundlePage(folder = REPORT) {
  const result = await build({
    entryPoints: [join(ROOT, folder, 'main.ts'), join(ROOT, folder, 'page.css')],
    outdir: join(ROOT, 'dist', folder),
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

/** Writes the pages below dist/, where reports/html.ts and the demo's server read them. */
export async function buildPage() {
  for (const page of PAGES) {
    const { script, style } = await bundlePage(page);
    const folder = join(ROOT, 'dist', page);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'page.js'), script);
    writeFileSync(join(folder, 'page.css'), style);
  }
  copyFileSync(join(ROOT, DEMO, 'index.html'), join(ROOT, 'dist', DEMO, 'index.html'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
