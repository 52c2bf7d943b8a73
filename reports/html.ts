import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beliefSection } from './html/belief.js';
import { bytesSection } from './html/bytes.js';
import { handlersSection, proxySection } from './html/conditions.js';
import { headline } from './html/headline.js';
import { latencySection } from './html/latency.js';
import { embeddedJson, Html, html } from './html/markup.js';
import { portsSection } from './html/ports.js';
import { repeatSection } from './html/repeat.js';
import { reportOf } from './html/report.js';
import { cpuSection, memorySection } from './html/resources.js';
import { restartsSection } from './html/restarts.js';
import { sideCrowdSection } from './html/side-crowd.js';
import { throughputSection } from './html/throughput.js';
import { wrongSection } from './html/wrong.js';
import type { Result } from './result.js';

/** What the page is drawn with: texts of its script and its style sheet, as the build makes them. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Reads the built script and style sheet beside this file. Throws when the project has not been built. */
export function readPageAssets(): PageAssets {
  const read = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
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
 * The report as one self-contained page: it loads nothing, runs only the script whose hash its policy names, and holds
 * every number as text, so that it can be read without the script. Texts of the result are escaped.
 *
 * @param assets read from beside this file when left out
 */
export function renderHtml(result: Result, assets: PageAssets = readPageAssets()): string {
  const report = reportOf(result);
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
  const body = [
    headline(report),
    latencySection(report),
    bytesSection(report),
    memorySection(report),
    cpuSection(report),
    throughputSection(report),
    proxySection(report),
    handlersSection(report),
    restartsSection(report),
    sideCrowdSection(report),
    portsSection(report),
    wrongSection(report),
    beliefSection(report),
    repeatSection(report),
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${report.view.question}</title>
<style>${style.text}</style>
</head>
<body>
<main>
<noscript><p class="note">Charts need JavaScript; the tables hold the same numbers.</p></noscript>
${body}</main>
<script type="application/json" id="charts">${embeddedJson(Object.fromEntries(report.charts))}</script>
<script>${script.text}</script>
</body>
</html>
`;
  return page.text;
}
