import { join } from 'node:path';
import type { Result } from '../reports/result.js';
import { writeFileAtomically } from '../reports/result-file.js';

/** Where the readable forms of a result are. */
export interface ReportFiles {
  readonly html: string;
  readonly markdown: string;
}

/**
 * Writes report.html and summary.md of a result into a folder that exists, each whole or not at all.
 * @throws UnwritableError where the system refuses
 */
export async function writeReports(result: Result, folder: string): Promise<ReportFiles> {
  const { renderHtml } = await import('../reports/html.js');
  const { renderMarkdown } = await import('../reports/markdown.js');
  const files = { html: join(folder, 'report.html'), markdown: join(folder, 'summary.md') };
  await writeFileAtomically(files.html, [await renderHtml(result)]);
  await writeFileAtomically(files.markdown, [renderMarkdown(result)]);
  return files;
}
