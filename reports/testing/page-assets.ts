import { bundlePage } from '../../scripts/build-page.mjs';
import type { PageAssets } from '../html/page-frame.js';

/** Script and style sheet of the page, bundled from their sources. */
export async function pageAssets(): Promise<PageAssets> {
  return bundlePage();
}
