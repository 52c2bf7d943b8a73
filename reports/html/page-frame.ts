import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChartSpec } from '../charts/spec.js';
import { embeddedJson, type Fragment, Html, html } from './markup.js';

/** What a page is drawn with: texts of its script and its style sheet, as the build makes them. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Reads the built script and style sheet. Throws when the project has not been built. */
export function readPageAssets(): PageAssets {
  const read = (name: string): string => readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8');
  return { script: read('page.js'), style: read('page.css') };
}

/** A text of ours as it stands in an element, and the source expression that allows exactly it. */
function inlined(text: string, end: RegExp): { text: Html; source: string } {
  // A parser would end the element here, or count the text's hash over other line ends.
  if (end.test(text) || text.includes('\r')) throw new Error('An asset of the page cannot be set inline.');
  const hash = createHash('sha256').update(text, 'utf8').digest('base64');
  return { text: new Html(text), source: `'sha256-${hash}'` };
}

/**
 * A self-contained page: it loads nothing, runs only the script whose hash its policy names, and draws its charts from
 * data beside the body.
 */
export function pageFrame(
  title: string,
  body: readonly Fragment[],
  charts: ReadonlyMap<string, ChartSpec>,
  assets: PageAssets,
): string {
  const script = inlined(assets.script, /<\/script|<!--/i);
  const style = inlined(assets.style, /<\/style/i);
  const policy = [
    "default-src 'none'",
    `script-src ${script.source}`,
    `style-src ${style.source}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style.text}</style>
</head>
<body>
<main>
<noscript><p class="note">Charts need JavaScript; the tables hold the same numbers.</p></noscript>
${body}</main>
<script type="application/json" id="charts">${embeddedJson(Object.fromEntries(charts))}</script>
<script>${script.text}</script>
</body>
</html>
`;
  return page.text;
}
