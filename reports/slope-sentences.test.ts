import { expect, test } from 'vitest';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import { resultSchema } from './result.js';
import { memorySlopes } from './slopes.js';
import { renderTable } from './terminal.js';
import { pageAssets } from './testing/page-assets.js';
import { sampleResult } from './testing/sample-result.js';

const assets = await pageAssets();
const style = { width: 100, color: false };
const swept = (clients: number[], trials = 2, slopes = false) => {
  const result = sampleResult({ scenarios: ['sse', 'websocket'], clients, trials, durationSeconds: 2 });
  return { ...result, plan: { ...result.plan, slopes }, slopes: memorySlopes(result.trials) };
};

test('a sweep shows its slopes with their intervals, in the terminal, in Markdown and on the page', () => {
  const result = swept([500, 1000, 2000, 4000]);
  expect(resultSchema.safeParse(result).error).toBeUndefined();
  const terminal = renderTable(result, style).replace(/\s+/gu, ' ');
  expect(terminal).toContain('Server memory a client, as a slope over the sweep (Theil-Sen, from 8 trials');
  expect(terminal).toMatch(/WebSocket: process [\d.]+ KiB \([\d.]+ to [\d.]+\)\./u);
  expect(renderMarkdown(result)).toContain('## What does a client cost in memory?');
  expect(renderHtml(result, assets)).toContain('What does one client more cost the server?');
});

test('a sweep of few trials says that it has no interval', () => {
  expect(renderTable(swept([500, 1000, 2000], 1), { ...style, width: 400 })).toContain(
    'fewer than five trials give no interval',
  );
});

test('a run without a sweep says nothing of slopes, unless they were asked for', () => {
  expect(renderTable(swept([500]), style)).not.toContain('slope');
  expect(renderTable(swept([500], 2, true), style)).toContain('No memory slope could be drawn');
});
