import { describe, expect, it } from 'vitest';
import type { BarChart, LineChart } from '../contract.js';
import { same, text } from '../text.js';
import { linearScale, logScale, tickText } from './axis.js';
import { drawChart } from './draw.js';
import { apart } from './lines.js';
import { escapeXml, widthOf } from './svg.js';

const bars: BarChart = {
  kind: 'bars',
  title: text('Bytes', '字节'),
  bars: [
    { label: text('Polling', '轮询'), transport: 'polling', values: [701], shown: same('701') },
    { label: text('WebSocket', 'WebSocket'), transport: 'websocket', values: [2], shown: same('2') },
    { label: text('Nobody', '无'), values: null, shown: same('—') },
  ],
  mark: { at: 400, label: same('400') },
};

const lines: LineChart = {
  kind: 'lines',
  title: text('Requests', '请求'),
  x: { label: text('clients', '客户端'), scale: 'linear' },
  y: { label: text('a second', '每秒'), scale: 'log' },
  lines: [
    {
      name: text('Polling', '轮询'),
      transport: 'polling',
      points: [
        [250, 200],
        [1000, 900],
      ],
    },
    { name: text('Long polling', '长轮询'), transport: 'longpoll', dashed: true, points: [[250, 0]] },
    { name: text('Nobody', '无'), points: [] },
  ],
};

/** Throws unless every element is closed in its order and every attribute is quoted. */
function checkWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z][\w-]*="[^"<]*")*)(\/?)>/g,
    (_, end, name, _attributes, self) => {
      if (end) expect(open.pop()).toBe(name);
      else if (!self) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
}

const rects = (svg: string): number[] =>
  [...svg.matchAll(/<rect class="bar [^>]*? width="([\d.]+)"/g)].map((match) => Number(match[1]));

describe('a chart', () => {
  it.each([bars, lines])('is a whole picture that needs nothing from elsewhere', (chart) => {
    for (const language of ['en', 'zh'] as const) {
      const svg = drawChart(chart, language);
      checkWellFormed(svg);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="760"/);
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|href/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('says in words what it shows, for those who do not see it', () => {
    const svg = drawChart(bars, 'en');
    expect(svg).toContain('role="img" aria-labelledby="title description"');
    expect(svg).toContain('<title id="title">Bytes</title>');
    expect(svg).toContain('<desc id="description">Polling: 701; WebSocket: 2; Nobody: —</desc>');
    expect(drawChart(lines, 'zh')).toContain('轮询: 200 (250) – 900 (1,000)');
  });

  it('brings its own ground for light and for dark pages', () => {
    const svg = drawChart(bars, 'en');
    expect(svg).toContain('<rect class="ground" width="760"');
    expect(svg).toMatch(/@media \(prefers-color-scheme:dark\)\{[^}]*\}[^<]*\.ground\{fill:#161615\}/);
  });

  it('draws bars from zero, as long as their values are large, and none where there is no value', () => {
    const [polling, socket, ...others] = rects(drawChart(bars, 'en'));
    expect(others).toEqual([]);
    expect(polling! / socket!).toBeGreaterThan(200);
    expect(polling! / socket!).toBeLessThan(500);
  });

  it('puts the parts of a bar one behind the other', () => {
    const parted: BarChart = {
      kind: 'bars',
      title: same('x'),
      parts: [same('a'), same('b')],
      bars: [{ label: same('one'), values: [100, 50], shown: same('100 + 50') }],
    };
    const svg = drawChart(parted, 'en');
    const [, , first, second] = rects(svg);
    expect(first! / second!).toBeCloseTo(2, 1);
  });

  it('escapes whatever text it is given', () => {
    const hostile = text('</text><script>alert("1")</script>&\u0000', '<a>');
    const svg = drawChart(
      { ...bars, title: hostile, bars: [{ label: hostile, values: [1], shown: hostile }] },
      'en',
    );
    checkWellFormed(svg);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;');
  });

  it('stays drawable when all values are zero or missing', () => {
    for (const values of [[0], null]) {
      const svg = drawChart({ ...bars, bars: [{ label: same('a'), values, shown: same('0') }] }, 'en');
      checkWellFormed(svg);
      expect(svg).not.toContain('NaN');
    }
    checkWellFormed(drawChart({ ...lines, lines: [] }, 'en'));
  });
});

describe('a linear axis', () => {
  it.each([
    [[701], [0, 200, 400, 600, 800]],
    [[2.15], [0, 0.5, 1, 1.5, 2, 2.5]],
    [[0.3], [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]],
    [[1000], [0, 200, 400, 600, 800, 1000]],
    [[0], [0, 1]],
    [[], [0, 1]],
  ])('to %j has the ticks %j', (values, ticks) => {
    expect(linearScale(values).ticks).toEqual(ticks);
  });

  it('writes a tick with all its digits and no others', () => {
    expect([0.5, 1, 1500, 0.15].map(tickText)).toEqual(['0.5', '1', '1,500', '0.15']);
  });
});

describe('a logarithmic axis', () => {
  it('lies between powers of ten and puts what is not above zero at its beginning', () => {
    const { ticks, place } = logScale([12, 1328]);
    expect(ticks).toEqual([10, 100, 1000, 10_000]);
    expect([place(10), place(100), place(10_000), place(0), place(-1)]).toEqual([0, 1 / 3, 1, 0, 0]);
  });

  it('has two ends also without values', () => {
    expect(logScale([]).ticks).toEqual([1, 10]);
    expect(logScale([100]).ticks).toEqual([100, 1000]);
  });
});

describe('names at the ends of lines', () => {
  it('stay where they are when there is room', () => {
    expect(apart([100, 200], 0, 300)).toEqual([100, 200]);
  });

  it('are moved apart and stay within the drawing', () => {
    for (const wanted of [
      [50, 50, 50],
      [0, 0, 1],
      [300, 299, 300],
      [150, 152, 300],
    ]) {
      const heights = apart(wanted, 0, 300);
      const sorted = [...heights].sort((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThanOrEqual(0);
      expect(sorted.at(-1)).toBeLessThanOrEqual(300);
      for (let at = 1; at < sorted.length; at++)
        expect(sorted[at]! - sorted[at - 1]!).toBeGreaterThanOrEqual(17);
    }
  });
});

describe('text in pictures', () => {
  it('loses what XML has no place for, and keeps the rest', () => {
    expect(escapeXml('a\u0007b\ud800c – 轮询 😀')).toBe('abc – 轮询 😀');
  });

  it('is reckoned wider in Chinese than in Latin letters', () => {
    expect(widthOf('轮询', 10)).toBe(20);
    expect(widthOf('ab', 10)).toBeLessThan(20);
  });
});
