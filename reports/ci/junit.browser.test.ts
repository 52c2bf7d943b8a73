import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../tests/chromium.js';
import { countElements } from '../testing/probes.mjs';
import { sampleOutcome, sampleVerdict } from '../testing/sample-gate.js';
import { HOSTILE } from '../testing/sample-result.js';
import { renderJunit } from './junit.js';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS] });
});

afterAll(() => browser?.close());

it('is read by the strict XML parser of a browser, hostile texts and all', async () => {
  const verdict = { scenario: `${HOSTILE}\0\ud800\uffff]]>`, message: HOSTILE, verdict: 'fail' } as const;
  const document = renderJunit({
    ...sampleOutcome('fail', []),
    base: HOSTILE,
    notes: [HOSTILE],
    rules: [sampleVerdict(verdict)],
  });
  const page = await browser.newPage();
  expect(await page.evaluate(countElements, document)).toEqual({
    testsuites: 1,
    testsuite: 1,
    testcase: 1,
    failure: 1,
    'system-out': 1,
  });
});
