import { beforeAll, describe, expect, it } from 'vitest';
import type { PageAssets } from '../html/page-frame.js';
import { pageAssets } from '../testing/page-assets.js';
import { sampleHistory } from '../testing/sample-history.js';
import { HOSTILE } from '../testing/sample-result.js';
import { renderTrendPage } from './page.js';
import { trendDocument } from './trend-document.js';

let assets: PageAssets;

beforeAll(async () => {
  assets = await pageAssets();
});

const tags = (page: string): string[] => [...page.matchAll(/<(\w+)/g)].map(([, name]) => name!);

describe('renderTrendPage', () => {
  it('has a chart a metric with values to draw, and every number in a table', () => {
    const document = trendDocument(sampleHistory({ stepAt: 18 }), []);
    const page = renderTrendPage(document, assets);
    // Of losses, which are zero throughout, there is a table alone.
    expect(page.match(/<canvas /g)).toHaveLength(1);
    expect(page.match(/<caption>/g)).toHaveLength(2);
    expect(page).toContain('<strong>');
    expect(page).toContain('Server-sent events went from');
    const charts = JSON.parse(/id="charts">(.*?)<\/script>/s.exec(page)![1]!);
    const rings = charts['chart-1'].series.find((series: { ringed?: boolean }) => series.ringed);
    expect(rings.data).toEqual([{ x: 19, y: expect.any(Number) }]);
  });

  it('fetches nothing and runs only its own script', () => {
    const page = renderTrendPage(trendDocument(sampleHistory({ runs: 12 }), []), assets);
    expect(page).toContain("default-src 'none'");
    expect(page.replace(assets.script, '').replace(assets.style, '')).not.toMatch(/(?:src|href)="(?!data:)/u);
  });

  it('escapes the texts of results', () => {
    const plain = renderTrendPage(trendDocument(sampleHistory({ stepAt: 18 }), ['a']), assets);
    const hostile = trendDocument(sampleHistory({ stepAt: 18, hostile: HOSTILE }), [HOSTILE]);
    const page = renderTrendPage(hostile, assets);
    expect(tags(page)).toEqual(tags(plain));
    expect(page).not.toContain('<img src=x');
  });

  it('shows at most a hundred runs in a table', () => {
    const page = renderTrendPage(trendDocument(sampleHistory({ runs: 130 }), []), assets);
    expect(page).toContain('30 older runs are in the chart');
  });

  it('is a page without results, too', () => {
    const page = renderTrendPage(trendDocument([], ['a.json cannot be read.']), assets);
    expect(page).toContain('There is no result to draw a trend of.');
    expect(page).toContain('a.json cannot be read.');
  });
});
