import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../tests/chromium.js';
import { pageAssets } from '../testing/page-assets.js';
import {
  canvasesWithoutTable,
  openTables,
  overflow,
  readCanvases,
  tellRefusals,
} from '../testing/probes.mjs';
import { sampleHistory } from '../testing/sample-history.js';
import { HOSTILE } from '../testing/sample-result.js';
import { renderTrendPage } from './page.js';
import { trendDocument } from './trend-document.js';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-trend-'));
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['a trend', ''],
  ['a hostile trend', HOSTILE],
])(
  '%s opens from disk: charts drawn, nothing fetched, nothing said, no sideways scrolling',
  async (_, hostile) => {
    const history = sampleHistory({ stepAt: 18, hostile, updated: true });
    const path = join(folder, 'trend.html');
    writeFileSync(
      path,
      renderTrendPage(trendDocument(history, [`${hostile} is no result.`]), await pageAssets()),
    );
    const url = pathToFileURL(path).href;
    const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
    page.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== url && request.url() !== 'data:,') trouble.push(`request: ${request.url()}`);
    });
    await page.addInitScript(tellRefusals);
    await page.goto(url);
    await page.waitForSelector('html[data-drawn]', { state: 'attached' });
    const { pictures, blank } = await page.evaluate(readCanvases);
    expect([pictures.length, blank]).toEqual([1, []]);
    expect(await page.evaluate(canvasesWithoutTable)).toEqual([]);
    await page.evaluate(openTables);
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    // A press hides a transport here as in the report.
    await page.locator('.legend button').first().click();
    expect((await page.evaluate(readCanvases)).pictures).not.toEqual(pictures);
    expect(trouble).toEqual([]);
    await page.close();
  },
);
