import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../tests/chromium.js';
import { renderHtml } from './html.js';
import type { Result } from './result.js';
import { pageAssets } from './testing/page-assets.js';
import {
  canvasesWithoutTable,
  dispatch,
  faintTexts,
  ground,
  lookOnPaper,
  openTables,
  overflow,
  readCanvases,
  tellRefusals,
} from './testing/probes.mjs';
import { sampleComparison } from './testing/sample-comparison.js';
import { type SampleOptions, sampleResult } from './testing/sample-result.js';

const VARIANTS = {
  'a run with doubts': { void: ['sse/2'], failed: ['websocket/1'], lost: { polling: 3 }, trials: 5 },
  'a sweep': { clients: [500, 1000, 2000], trials: 5 },
  'one trial of one transport': { trials: 1, scenarios: ['longpoll'] },
  'a hostile result': { hostile: true, void: ['sse/2'], failed: ['websocket/1'], skipped: ['polling/3'] },
} satisfies Record<string, SampleOptions>;

const COMPARISON = 'a comparison';
type Variant = keyof typeof VARIANTS | typeof COMPARISON;
const variants: readonly Variant[] = [...(Object.keys(VARIANTS) as (keyof typeof VARIANTS)[]), COMPARISON];

function resultOf(variant: Variant): Result {
  if (variant !== COMPARISON) return sampleResult(VARIANTS[variant]);
  return sampleComparison({
    hostile: true,
    change: ({ latencyUs }) => {
      latencyUs.p50! *= 1.5;
    },
  });
}

let browser: Browser;
let folder: string;
const urls = new Map<Variant, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-report-'));
  const assets = await pageAssets();
  for (const [at, name] of variants.entries()) {
    const path = join(folder, `report-${at}.html`);
    writeFileSync(path, renderHtml(resultOf(name), assets));
    urls.set(name, pathToFileURL(path).href);
  }
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console errors, exceptions, refused content, dialogs and requests other than for the page itself. */
  readonly trouble: string[];
}

interface Look {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly script?: boolean;
}

/** Opens a report and waits until all is drawn. The page is closed after `use`. */
async function withReport(
  variant: Variant,
  look: Look,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: 900 },
    colorScheme: look.theme ?? 'light',
    javaScriptEnabled: look.script ?? true,
  });
  try {
    const page = await context.newPage();
    const trouble: string[] = [];
    const url = urls.get(variant)!;
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
    if (look.script ?? true)
      await page.waitForSelector('html[data-drawn]', { state: 'attached', timeout: 10_000 });
    await use({ page, trouble });
  } finally {
    await context.close();
  }
}

describe.each(variants)('%s', (variant) => {
  test.each(['light', 'dark'] as const)(
    'opens from disk without a word on the console, a dialog or a request (%s)',
    (theme) =>
      withReport(variant, { theme }, async ({ trouble }) => {
        expect(trouble).toEqual([]);
      }),
  );

  test('draws every chart, and has a table behind each', () =>
    withReport(variant, {}, async ({ page }) => {
      const { pictures, blank } = await page.evaluate(readCanvases);
      expect(pictures.length).toBeGreaterThan(5);
      expect(blank).toEqual([]);
      expect(await page.evaluate(canvasesWithoutTable)).toEqual([]);
      expect(await page.locator('canvas:not([role="img"][aria-label])').count()).toBe(0);
    }));

  test.each([390, 820])('does not scroll sideways at %i pixels, tables open or not', (width) =>
    withReport(variant, { width }, async ({ page }) => {
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      await page.evaluate(openTables);
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    }),
  );

  test('can be read without its script', () =>
    withReport(variant, { script: false }, async ({ page }) => {
      expect(await page.locator('h1').innerText()).toMatch(/\?$/u);
      expect(await page.locator('.findings p').count()).toBeGreaterThan(1);
      expect(await page.locator('#summary > .table table').isVisible()).toBe(true);
      expect(await page.locator('canvas').first().isVisible()).toBe(false);
    }));
});

test('the theme follows the system until the toggle is pressed, and the choice survives a reload of the page', () =>
  withReport('a run with doubts', { theme: 'dark' }, async ({ page, trouble }) => {
    const dark = await page.evaluate(ground);
    const darkCharts = (await page.evaluate(readCanvases)).pictures;
    await page.getByRole('button', { name: 'Light theme' }).click();
    expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
    expect((await page.evaluate(readCanvases)).pictures).not.toEqual(darkCharts);
    await page.reload();
    expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Dark theme' }).click();
    expect(await page.evaluate(ground)).toBe(dark);
    expect(trouble).toEqual([]);
  }));

test.each(['a run with doubts', 'a sweep'] as const)(
  'a press on the legend hides a transport in every chart and table, another shows it again (%s)',
  (variant) =>
    withReport(variant, {}, async ({ page, trouble }) => {
      const before = await page.evaluate(readCanvases);
      const button = page.locator('.legend').getByRole('button', { name: 'Polling', exact: true });
      const row = page.locator('#summary > .table th.name', { hasText: /^Polling$/u });
      expect(await row.isVisible()).toBe(true);
      await button.click();
      expect(await button.getAttribute('aria-pressed')).toBe('false');
      expect(await row.isVisible()).toBe(false);
      const hidden = await page.evaluate(readCanvases);
      for (const [at, picture] of hidden.pictures.entries()) expect(picture).not.toBe(before.pictures[at]);
      await button.click();
      expect(await row.isVisible()).toBe(true);
      expect((await page.evaluate(readCanvases)).pictures).toEqual(before.pictures);
      expect(trouble).toEqual([]);
    }),
);

test('all transports can be hidden without an error', () =>
  withReport('a run with doubts', {}, async ({ page, trouble }) => {
    for (const button of await page.locator('.legend button').all()) await button.click();
    expect(trouble).toEqual([]);
  }));

test('hover and arrow keys show a value of a chart', () =>
  withReport('a run with doubts', {}, async ({ page, trouble }) => {
    const canvas = page.locator('#memory canvas').first();
    await canvas.scrollIntoViewIfNeeded();
    const still = await canvas.screenshot();
    await canvas.hover();
    await expect.poll(async () => (await canvas.screenshot()).equals(still)).toBe(false);
    await page.mouse.move(0, 0);
    await canvas.focus();
    const focused = await canvas.screenshot();
    await page.keyboard.press('ArrowRight');
    expect((await canvas.screenshot()).equals(focused)).toBe(false);
    expect(trouble).toEqual([]);
  }));

test('on paper the tables are open, the ground is white and the whole command is there; afterwards all is as before', () =>
  withReport('a run with doubts', { theme: 'dark' }, async ({ page }) => {
    const before = await page.evaluate(lookOnPaper);
    expect(before.closed).toBeGreaterThan(5);
    await page.evaluate(dispatch, 'beforeprint');
    expect(await page.evaluate(lookOnPaper)).toEqual({
      closed: 0,
      ground: 'rgb(255, 255, 255)',
      isCommandWhole: true,
    });
    await page.evaluate(dispatch, 'afterprint');
    expect(await page.evaluate(lookOnPaper)).toEqual(before);
  }));

test.each(['light', 'dark'] as const)(
  'all text stands out from its ground by 4.5 to 1 or more (%s)',
  (theme) =>
    withReport('a run with doubts', { theme }, async ({ page }) => {
      expect(await page.evaluate(faintTexts)).toEqual([]);
    }),
);
