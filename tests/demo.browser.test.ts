import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faintTexts, ground, overflow, tellRefusals } from '../reports/testing/probes.mjs';
import { TRANSPORTS, type TransportId } from '../runner/demo/contract.js';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.js';
import { countDrawings, hasTransports, readCards } from './support/demo-probes.mjs';
import { DemoRun } from './support/demo-run.js';

let browser: Browser;
let demo: DemoRun;
let url: string;
beforeAll(async () => {
  demo = new DemoRun('--rate 10');
  [browser, url] = await Promise.all([
    chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] }),
    demo.url(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await demo.clear();
});
beforeEach(async () => {
  await demo.command({ action: 'rate', ratePerSecond: 10 });
  await demo.command({ action: 'round-trip', roundTripMs: 0 });
});

/** Not at every frame. */
const POLLED = { polling: 100 };

interface Look {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  /** Default: reduce. Without a graphics card, lanes that move take all of a core. */
  readonly motion?: 'reduce' | 'no-preference';
  /** Of another page: its cookies and channels are then the same. */
  readonly context?: BrowserContext;
}

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console words, exceptions, refused content, and requests to anybody but the demo. */
  readonly trouble: string[];
}

/** Opens the page and waits until all five have brought a message. It is closed after `use`. */
async function withPage(look: Look, use: (opened: Opened) => Promise<void>): Promise<void> {
  const context =
    look.context ??
    (await browser.newContext({
      viewport: { width: look.width ?? 1280, height: 900 },
      colorScheme: look.theme ?? 'light',
      reducedMotion: look.motion ?? 'reduce',
    }));
  const page = await context.newPage();
  try {
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
    page.on('request', (request) => {
      if (new URL(request.url()).hostname !== '127.0.0.1' && request.url() !== 'data:,') {
        trouble.push(`request: ${request.url()}`);
      }
    });
    await page.addInitScript(tellRefusals);
    await page.goto(url);
    await page.waitForFunction(hasTransports, 5, POLLED);
    await use({ page, context, trouble });
  } finally {
    await page.close();
    if (look.context === undefined) await context.close();
  }
}

type Cards = Readonly<Record<TransportId, Readonly<Record<string, string>>>>;
const cards = async (page: Page): Promise<Cards> => (await page.evaluate(readCards)) as Cards;

/** `1,234 B`, `1.2 KiB`, `512 ms`: bytes or milliseconds. */
function amount(text: string): number {
  const [, digits, unit] = /(\d[\d.,]*)\s*(\S*)/.exec(text)!;
  const sizes: Record<string, number> = { KiB: 1024, MiB: 1024 ** 2, µs: 0.001, s: 1000 };
  return Number(digits!.replaceAll(',', '')) * (sizes[unit!] ?? 1);
}

/** Waits until the cards are as they should be. */
function until(page: Page, isSo: (now: Cards) => boolean): Promise<void> {
  return expect.poll(async () => isSo(await cards(page)), { timeout: 20_000, interval: 100 }).toBe(true);
}

describe('the demo in Chromium', () => {
  it('ticks on all five, loses nothing, counts what was published, and says no word on the console', () =>
    withPage({ motion: 'no-preference' }, async ({ page, trouble }) => {
      const from = (await demo.status()).published;
      await until(page, (now) => TRANSPORTS.every((id) => amount(now[id].last!) > from + 20));
      const now = await cards(page);
      const { published } = await demo.status();
      const first = { polling: 0, longpoll: 0, iframe: 0, sse: 0, websocket: 0 };
      for (const id of TRANSPORTS) {
        expect(now[id].state, id).toBe('live');
        expect(amount(now[id].last!), id).toBeLessThanOrEqual(published);
        expect([now[id].missing, now[id].missingDetail], id).toEqual(['0', '0 came twice']);
        first[id] = amount(now[id].last!) - amount(now[id].lastDetail!) + 1;
      }
      // They began within the second in which the page opened them, and have every number since.
      expect(Math.max(...Object.values(first)) - Math.min(...Object.values(first))).toBeLessThanOrEqual(10);
      expect(trouble).toEqual([]);
    }));

  it("shows the servers' own byte counts, total and a message", () =>
    withPage({}, async ({ page }) => {
      await until(page, (now) => TRANSPORTS.every((id) => amount(now[id].lastDetail!) > 40));
      const before = await cards(page);
      await until(page, (now) =>
        TRANSPORTS.every((id) => amount(now[id].total!) > amount(before[id].total!)),
      );
      const now = await cards(page);
      // Exact once the handshake is out of the window; here it is still in it.
      const least = { iframe: 46, sse: 39, websocket: 12 };
      for (const [id, bytes] of Object.entries(least)) {
        const [up = '', down = ''] = now[id as TransportId].perMessageDetail!.split(', ');
        expect(amount(down), id).toBeGreaterThanOrEqual(bytes - 0.5);
        expect(amount(up), id).toBeGreaterThan(0);
        expect(now[id as TransportId].requests, id).toBe('1');
      }
      // A browser's request line and fields go up with every long poll.
      expect(amount(now.longpoll.perMessageDetail!)).toBeGreaterThan(300);
      expect(amount(now.longpoll.perMessage!)).toBeGreaterThan(amount(now.websocket.perMessage!));
      expect(amount(now.longpoll.requests!)).toBeGreaterThan(40);
      expect(await page.locator('#finding').innerText()).toMatch(
        /^Slowest now: Polling, late by .* \(median\); fastest: /,
      );
    }));

  it('shows what is late: polling by up to its interval, streams by little, all by half the added round trip', () =>
    withPage({}, async ({ page }) => {
      const median = (now: Cards, id: TransportId): number => amount(now[id].ageDetail!);
      await until(page, (now) => median(now, 'polling') > 100 && median(now, 'websocket') < 50);
      await page.getByRole('radio', { name: '200 ms' }).click();
      await until(page, (now) =>
        (['iframe', 'sse', 'websocket'] as const).every((id) => median(now, id) > 99),
      );
      expect((await demo.status()).roundTripMs).toBe(200);
      expect(await page.getByRole('radio', { name: '200 ms' }).isChecked()).toBe(true);
      await page.getByRole('radio', { name: '0 ms', exact: true }).press('Space');
      await until(page, (now) => median(now, 'websocket') < 50);
      expect((await cards(page)).websocket.missing).toBe('0');
    }));

  it('changes the rate by mouse and by keyboard, without losing a message', () =>
    withPage({}, async ({ page, trouble }) => {
      await page.getByRole('radio', { name: '0.5' }).click();
      await expect.poll(async () => (await demo.status()).ratePerSecond).toBe(0.5);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await demo.status()).ratePerSecond).toBe(2);
      const { published } = await demo.status();
      await until(page, (now) => TRANSPORTS.every((id) => amount(now[id].last!) > published + 3));
      for (const card of Object.values(await cards(page))) expect(card.missing).toBe('0');
      expect(trouble).toEqual([]);
    }));

  it('shows who comes back after a restart, and what it cost', () =>
    withPage({}, async ({ page, trouble }) => {
      await page.getByRole('button', { name: 'Restart the servers' }).press('Enter');
      await until(page, (now) => TRANSPORTS.every((id) => now[id].state === 'server away'));
      expect(await page.getByRole('status').innerText()).toMatch(/were killed/);
      // The sentences are there at once, the figures within a quarter of a second.
      await until(
        page,
        (now) => TRANSPORTS.every((id) => now[id].back !== '') && amount(now.websocket.missing!) > 0,
      );
      const now = await cards(page);
      for (const id of TRANSPORTS) expect(now[id].state, id).toBe('live');
      for (const id of ['polling', 'longpoll', 'sse'] as const) {
        expect(now[id].back).toMatch(/^Back after \d\.\d s: .* Nothing was lost\.$/);
        expect([now[id].missing, now[id].missingDetail], id).toEqual(['0', '0 came twice']);
      }
      expect(now.sse.back).toContain('the browser reconnected by itself');
      for (const id of ['iframe', 'websocket'] as const) {
        expect(now[id].back).toMatch(/ \d+ messages were lost\.$/);
        // Ten a second for three seconds at least.
        expect(amount(/(\d+) messages/.exec(now[id].back!)![0]), id).toBeGreaterThan(25);
      }
      expect(await page.getByRole('status').innerText()).toMatch(
        /^All five are back\. Messages lost: iframe streaming \d+, WebSocket \d+; the others none\.$/,
      );
      // The browser itself tells of connections that fail, and of a frame without a server; nothing else may.
      const others = trouble.filter((word) => !/net::ERR_|status of 503|WebSocket connection to/.test(word));
      expect(others).toEqual([]);
    }));

  it('gives way to the same page in another tab, and goes on where it is asked to', () =>
    withPage({}, ({ page, context }) =>
      withPage({ context }, async ({ page: second }) => {
        await page.waitForSelector('#moved:not([hidden])');
        expect(await page.locator('#live').isVisible()).toBe(false);
        await page.getByRole('button', { name: 'Continue here' }).click();
        await page.waitForFunction(hasTransports, 5, POLLED);
        await second.waitForSelector('#moved:not([hidden])');
      }),
    ));

  it('cannot be driven, framed or read by a page of another origin in the same browser', async () => {
    const other = await browser.newPage();
    await other.goto(`http://localhost:${new URL(url).port}/`);
    const outcome = await other.evaluate(async (address) => {
      const tried = async (path: string, options?: RequestInit): Promise<string> => {
        try {
          return String((await fetch(`${address}${path}`, options)).status);
        } catch {
          return 'refused';
        }
      };
      const body = JSON.stringify({ action: 'restart', page: 'x' });
      return [
        await tried('status'),
        await tried('command', { method: 'POST', mode: 'no-cors', body }),
        await tried('command', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }),
      ];
    }, url);
    await other.close();
    expect(outcome).toEqual(['refused', 'refused', 'refused']);
    expect((await demo.status()).outages.every(({ untilMs }) => untilMs !== null)).toBe(true);
  });
});

describe('the look', () => {
  it.each([390, 820])('does not scroll sideways at %i pixels', (width) =>
    withPage({ width }, async ({ page }) => {
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      for (const control of await page.locator('#controls label, #controls button, #theme').all()) {
        const box = (await control.boundingBox())!;
        expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(40);
      }
    }),
  );

  it.each(['light', 'dark'] as const)('has text that stands out by 4.5 to 1 or more (%s)', (theme) =>
    withPage({ theme }, async ({ page }) => {
      expect(await page.evaluate(faintTexts)).toEqual([]);
      const before = await page.evaluate(ground);
      await page.getByRole('button', { name: /theme$/ }).click();
      expect(await page.evaluate(ground)).not.toBe(before);
      await page.reload();
      await page.waitForFunction(hasTransports, 5, POLLED);
      expect(await page.evaluate(ground)).not.toBe(before);
    }),
  );

  it('draws a second at a time for people who want no motion', () =>
    withPage({ motion: 'reduce' }, async ({ page }) => {
      const lane = page.locator('[data-transport="websocket"] canvas');
      const drawings = await lane.evaluate(countDrawings);
      expect(drawings).toBeGreaterThanOrEqual(2);
      expect(drawings).toBeLessThanOrEqual(3);
    }));

  it('names every lane, figure and control for screen readers', () =>
    withPage({}, async ({ page }) => {
      expect(await page.locator('canvas:not([role="img"][aria-label])').count()).toBe(0);
      for (const name of ['Polling', 'Long polling', 'iframe streaming', 'Server-sent events', 'WebSocket']) {
        expect(await page.getByRole('article', { name, exact: true }).count(), name).toBe(1);
      }
      for (const name of ['Messages a second', 'Added round trip']) {
        expect(await page.getByRole('group', { name }).getByRole('radio').count(), name).toBeGreaterThan(2);
      }
    }));
});

it('says in plain words that the demo has ended', async () => {
  const own = new DemoRun();
  const page = await browser.newPage();
  try {
    await page.goto(await own.url());
    await page.waitForFunction(hasTransports, 5, POLLED);
    own.kill('SIGINT');
    await own.ends();
    await page.waitForSelector('#ended:not([hidden])');
    expect(await page.getByRole('alert').innerText()).toMatch(/^The demo has ended: /);
  } finally {
    await page.close();
    await own.clear();
  }
});
