import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PageAssets } from './html/page-frame.js';
import { renderHtml } from './html.js';
import type { Result } from './result.js';
import { summarise } from './summarise.js';
import { pageAssets } from './testing/page-assets.js';
import { HOSTILE, type SampleOptions, sampleResult } from './testing/sample-result.js';

let assets: PageAssets;
beforeAll(async () => {
  assets = await pageAssets();
});

const every = ['polling/1', 'longpoll/1', 'iframe/1', 'sse/1', 'websocket/1'];
const page = (options: SampleOptions = {}): string => renderHtml(sampleResult(options), assets);

/** The page without its two assets, which are ours. */
function ours(html: string): string {
  return html.replace(assets.script, '').replace(assets.style, '');
}

/** What a reader sees without the script: text of the body, tags and data left out. */
function textOf(html: string): string {
  return ours(html)
    .replace(/<script type="application\/json".*?<\/script>/su, '')
    .replace(/<[^>]+>/gu, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[ \n]+/gu, ' ');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Sets a number of every trial to null and drops it from the summary. */
function without(result: Result, field: 'latencyUs' | 'memory' | 'cpu' | 'wire'): Result {
  for (const trial of result.trials) {
    if (trial.status !== 'completed' && trial.status !== 'void') continue;
    const measurements = trial.measurements;
    if (field === 'latencyUs') {
      const nothing = { min: null, mean: null, p50: null, p90: null, p99: null, p999: null, max: null };
      measurements.latencyUs = { ...measurements.latencyUs, ...nothing, count: 0, histogram: '' };
      measurements.timeline = [];
    } else if (field === 'memory') {
      const nothing = { baselineBytes: null, connectedBytes: null, peakBytes: null, bytesPerClient: null };
      measurements.memory = { server: nothing, generator: nothing };
    } else if (field === 'cpu') {
      measurements.cpu = { serverMicrosPerDelivery: null, generatorMicrosPerDelivery: null };
    } else {
      measurements.wire.perDelivery = null;
    }
  }
  for (const row of result.summary) {
    for (const path of Object.keys(row.metrics)) if (path.startsWith(`${field}.`)) delete row.metrics[path];
  }
  return result;
}

describe('the policy', () => {
  test('names the hashes of exactly the script and the style that are inlined', () => {
    const html = page();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(html)![1]!;
    const script = /<script>(.*?)<\/script>/su.exec(html)![1]!;
    const style = /<style>(.*?)<\/style>/su.exec(html)![1]!;
    expect(policy).toBe(
      `default-src 'none'; script-src 'sha256-${sha256(script)}'; style-src 'sha256-${sha256(style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test('stands before anything that it governs', () => {
    const html = page();
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(?:style|script|link)/u));
  });

  test('meets no inline style and no event handler', () => {
    expect(ours(page({ void: ['sse/1'], failed: ['polling/1'] }))).not.toMatch(/<[^>]+\s(?:style|on\w+)=/iu);
  });

  test('is not offered an asset that would end its own element', () => {
    const bad = { ...assets, script: 'const a = "</script>";' };
    expect(() => renderHtml(sampleResult(), bad)).toThrow(/inline/u);
  });
});

describe('hostile text', () => {
  const options: SampleOptions = {
    hostile: true,
    void: ['sse/2'],
    failed: ['websocket/1'],
    skipped: ['polling/3'],
  };

  test('adds no element to the page', () => {
    const tags = (html: string): string[] => [
      ...new Set([...ours(html).matchAll(/<([a-z][a-z0-9]*)/giu)].map(([, name]) => name!.toLowerCase())),
    ];
    expect(tags(page(options))).not.toContain('img');
    expect(ours(page(options)).match(/<script/giu)).toHaveLength(2);
  });

  test('is shown as the text that it is', () => {
    expect(textOf(page(options))).toContain('</script><script>alert(1)</script>');
  });

  test('cannot end the data of the charts or break their lines', () => {
    const data = /<script type="application\/json" id="charts">(.*?)<\/script>/su.exec(page(options))![1]!;
    expect(data).not.toMatch(/[<>\u2028\u2029]/u);
    expect(Object.keys(JSON.parse(data)).length).toBeGreaterThan(5);
    expect(data).toContain('\\u003c/script');
  });

  test('leaves no control or bidirectional character behind', () => {
    expect(HOSTILE).toContain('\u202e');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(ours(page(options))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/u);
  });
});

describe('without the script', () => {
  test('the page holds question, findings, and a table behind every chart', () => {
    const html = page();
    const text = textOf(html);
    expect(text).toContain(
      '1,000 clients, 10 messages a second, 10 bytes each: what does each transport cost?',
    );
    expect(text).toContain('Messages come soonest with WebSocket');
    for (const [figure] of html.matchAll(/<figure.*?<\/figure>/gsu)) {
      expect(figure).toMatch(/<h3>[^<]+\?<\/h3><p>[^<]+\.<\/p>/u);
      expect(figure).toMatch(/<canvas [^>]*role="img"[^>]*aria-label="[^"]{20,}"/u);
      expect(figure).toMatch(/<details>.*<caption>.*<th scope="col".*<th scope="row"/su);
    }
  });

  test('each section asks a question and answers it in its first line', () => {
    const questions = [...page().matchAll(/<h2 [^>]*>([^<]+)<\/h2>\n<p class="answer">([^<]+)<\/p>/gu)];
    expect(questions.map(([, question]) => question)).toEqual([
      'How late?',
      'How many bytes?',
      'How much memory?',
      'How much CPU?',
      'How much got through?',
      'What went wrong?',
      'Can I believe it?',
      'How do I repeat it?',
    ]);
    for (const [, , answer] of questions) expect(answer).toMatch(/^[A-Z\d].{20,}\.$/u);
  });

  test('the command, the seed and the number of publishes are there', () => {
    const text = textOf(page({ trials: 5 }));
    expect(text).toContain('pushbench --scenario all --trials 5 --seed 42');
    expect(text).toContain('tail not bounded: 100 publishes a trial');
  });
});

describe('void and failed trials', () => {
  const html = (): string => page({ void: ['sse/2'], failed: ['websocket/1'] });

  test('are named with their reason above the charts they touch', () => {
    const late = html().split('id="late"')[1]!;
    const warning = late.search(/<li class="failed">/u);
    expect(warning).toBeGreaterThan(0);
    expect(warning).toBeLessThan(late.indexOf('<canvas'));
    expect(textOf(html())).toContain('The server ended on SIGKILL.');
  });

  test('have rows of their own in the charts, hatched', () => {
    const data = /<script type="application\/json" id="charts">(.*?)<\/script>/su.exec(html())![1]!;
    expect(data).toContain('"round 2 void"');
    expect(data).toContain('"round 1 failed"');
    expect(data).toContain('@hatch-series-3');
  });
});

test('a transport whose last message came after the window is not shown as the slower one', () => {
  const result = sampleResult({ scenarios: ['polling', 'sse'] });
  for (const trial of result.trials) {
    if (trial.status !== 'completed' || trial.scenario !== 'polling') continue;
    trial.measurements.measuredSeconds = 10.49;
    trial.measurements.throughput.deliveriesPerSecond /= 1.049;
  }
  result.summary = summarise(result.trials);
  const text = textOf(renderHtml(result, assets)).replaceAll('\u00a0', ' ');
  expect(text).toContain(
    'Delivered, for each second of the window: 10,000/s, the same with all. All messages arrived, the last 490 ms after the window (Polling).',
  );
  expect(text).not.toContain('9,533');
});

test('a loss is named where the deliveries are', () => {
  expect(textOf(page({ lost: { sse: 7 } }))).toContain(
    'Not all messages arrived: Server-sent events lost 21.',
  );
});

test('what is noise is marked in the page and named in its sentences', () => {
  const text = textOf(page({ clients: [80] }));
  expect(text).toMatch(/~9\.\d+/u);
  expect(text).toMatch(/~ not resolved: below 500 clients/u);
  expect(text).toContain('Hatched bars show what was read, which is noise');
  expect(text).not.toMatch(/Added by a connected client/u);
});

describe('what is missing', () => {
  const odd: [string, () => Result, RegExp][] = [
    [
      'no trials',
      () => sampleResult({ override: { trials: [], summary: [] } }),
      /There are no trials to show/u,
    ],
    ['every trial failed', () => sampleResult({ trials: 1, failed: every }), /No trial was completed/u],
    ['every trial void', () => sampleResult({ trials: 1, void: every }), /No trial was completed/u],
    ['one trial of one transport', () => sampleResult({ trials: 1, scenarios: ['sse'] }), /single trial/u],
    ['a run under way', () => sampleResult({ override: { finishedAt: null } }), /Not finished/u],
    ['an interrupted run', () => sampleResult({ override: { interrupted: true } }), /Interrupted/u],
    ['no latency', () => without(sampleResult(), 'latencyUs'), /There is nothing to draw/u],
    ['no memory', () => without(sampleResult(), 'memory'), /Server memory could not be read/u],
    ['no CPU', () => without(sampleResult(), 'cpu'), /Server CPU per delivered message is not known/u],
    ['no deliveries', () => without(sampleResult(), 'wire'), /How many bytes/u],
    ['an idle workload', () => sampleResult({ workload: 'idle' }), /clients that wait/u],
    [
      'a sweep',
      () => sampleResult({ clients: [500, 1000, 2000] }),
      /How does the p99 lateness grow with clients/u,
    ],
    ['every message lost', () => sampleResult({ clients: [10], lost: { sse: 1e9 } }), /lost/u],
  ];

  test.each(odd)('%s is rendered and says so', (_name, result, sentence) => {
    const html = renderHtml(result(), assets);
    expect(textOf(html)).toMatch(sentence);
    expect(textOf(html)).not.toMatch(/\b(?:undefined|NaN|Infinity|null|\[object)\b/u);
    expect(html).not.toMatch(/"(?:NaN|undefined)/u);
  });

  test('a histogram that cannot be read costs its curve, not the page', () => {
    const result = sampleResult();
    for (const trial of result.trials) {
      if (trial.status === 'completed') trial.measurements.latencyUs.histogram = 'bm90IGEgaGlzdG9ncmFt';
    }
    const html = renderHtml(result, assets);
    expect(html).toContain('What does the tail look like?');
    expect(textOf(html)).toContain('There is nothing to draw');
  });
});

test('a run of an hour is drawn in steps, not in a page of megabytes', () => {
  const html = page({ scenarios: ['sse'], trials: 1, durationSeconds: 3600, ratePerSecond: 0.1 });
  expect(ours(html).length).toBeLessThan(400_000);
  expect(textOf(html)).toContain('results.json holds all');
});

test('the result is not changed', () => {
  const result = sampleResult();
  renderHtml(result, assets);
  expect(result).toEqual(sampleResult());
});
