import { describe, expect, it } from 'vitest';
import { handlerSentence } from './handler-remarks.js';
import { renderHtml } from './html.js';
import { proxySentences } from './proxy-remarks.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { renderTable } from './terminal.js';
import { HOSTILE, sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

const NO_ASSETS = { script: '', style: '' };

/** Units are set apart by spaces that do not break. */
const plain = (text: string | null): string => (text ?? '').replace(/[\u00a0\u202f]/gu, ' ');

const PROXY: NonNullable<Measurements['proxy']> = {
  name: 'nginx',
  version: '1.22.1',
  processes: 2,
  cpuMicrosPerDelivery: 14,
  utilization: 0.1,
  memory: {
    baselineBytes: 10 * 2 ** 20,
    connectedBytes: 22 * 2 ** 20,
    peakBytes: 23 * 2 ** 20,
    bytesPerClient: 12_583,
  },
  upstreamConnections: 1000,
  config: 'proxy_buffering off',
};

/** A run of polling and WebSocket under these conditions, each with measurements of its own. */
function run(plan: Partial<Result['plan']>, of: (scenario: string) => Partial<Measurements>): Result {
  const result = sampleResult({ scenarios: ['polling', 'websocket'] });
  for (const trial of result.trials)
    if ('measurements' in trial) Object.assign(trial.measurements as Measurements, of(trial.scenario));
  return { ...result, plan: { ...result.plan, ...plan }, summary: summarise(result.trials) };
}

const waited = (served: number, p50: number | null, max: number | null): Partial<Measurements> => ({
  handlers: { count: 2, delayMs: 40, served, waitedUs: { p50, p99: max, max }, longestQueue: 38 },
});

describe('a run with a proxy', () => {
  const result = run({ proxy: 'nginx' }, (id) => ({
    proxy: { ...PROXY, upstreamConnections: id === 'polling' ? 44 : 1000 },
  }));

  it('is introduced by it, and says what it was, what it held and how many connections it made', () => {
    const view = viewOf(result);
    expect(view.question).toContain(', through nginx: what does each transport cost?');
    expect(proxySentences(result, view).map(plain)).toEqual([
      'Proxy in front of the server, on its core: nginx, well configured (1.22.1; proxy_buffering off). Bytes are counted ' +
        'at the clients, so its header fields are in them. It held 23 MiB at most.',
      'Connections it made to the server in a trial: Polling 44, WebSocket 1,000.',
    ]);
  });

  it('has its CPU and memory in columns of their own', () => {
    const table = renderTable(result, { width: 160, color: false });
    expect(table).toContain('proxy CPU');
    const page = plain(renderHtml(result, NO_ASSETS));
    for (const head of ['proxy, µs', 'connections to the server', 'proxy, per client', 'proxy, peak'])
      expect(page, head).toContain(head);
  });

  it('has a section of the page, with what the terminal says and its connections by transport', () => {
    const page = plain(renderHtml(result, NO_ASSETS));
    expect(page).toContain('What does the proxy do?');
    expect(page).toContain('Connections it made to the server in a trial: Polling 44, WebSocket 1,000.');
    expect(page).toContain('the proxy by transport');
  });

  it('lets no text of a stranger into the page', () => {
    const hostile = run({ proxy: 'nginx' }, () => ({
      proxy: { ...PROXY, version: HOSTILE, config: HOSTILE, name: HOSTILE },
    }));
    expect(renderHtml(hostile, NO_ASSETS)).not.toContain(HOSTILE);
  });
});

describe('a run with handlers', () => {
  it('says who is held up by them, and who is not', () => {
    const result = run({ handlers: { count: 2, delayMs: 40 } }, (id) =>
      id === 'polling' ? waited(182, 536_000, 756_000) : waited(0, null, null),
    );
    const view = viewOf(result);
    expect(view.question).toContain(', 2 handlers of 40 ms: what does');
    const page = plain(renderHtml(result, NO_ASSETS));
    expect(page).toContain('Who is held up?');
    expect(page).toContain('with Polling 536 ms (median of 182 requests), up to 756 ms');
    expect(page).toContain('How long does a request wait for a handler?');
    expect(plain(handlerSentence(result, view))).toBe(
      'Who is held up by 2 handlers of 40 ms, by how long a request of the window waited for one: with Polling 536 ms ' +
        '(median of 182 requests), up to 756 ms; with WebSocket none after connecting.',
    );
  });

  it('says so when nobody had to wait', () => {
    const result = run({ handlers: { count: 1, delayMs: 1 } }, () => waited(50, 0, 0));
    expect(plain(handlerSentence(result, viewOf(result)))).toMatch(
      /^Who is held up by one handler of 1 ms, .* with Polling none of 50 requests; with WebSocket none of 50 requests\.$/,
    );
  });
});

it('without a proxy and handlers nothing is said of them', () => {
  const result = sampleResult();
  const view = viewOf(result);
  expect(proxySentences(result, view)).toEqual([]);
  expect(handlerSentence(result, view)).toBeNull();
  const table = renderTable(result, { width: 160, color: false });
  expect(table).not.toContain('proxy');
  const page = renderHtml(result, NO_ASSETS);
  for (const words of ['connections to the server', 'What does the proxy do?', 'Who is held up?'])
    expect(page).not.toContain(words);
});
