import { describe, expect, it } from 'vitest';
import { DEFAULT_PATIENCE, handlerDoubts, handlerQueueMs, patienceOf } from './patience.js';
import type { Plan } from './plan.js';
import { PLAN } from './testing/hand-made-evidence.js';

const doubts = (changes: Partial<Plan>) => handlerDoubts({ ...PLAN, pollIntervalMs: 1000, ...changes });

describe('patience', () => {
  it('is the usual without a proxy and handlers, and with a proxy that passes everything on', () => {
    expect(patienceOf({}, { scenario: 'sse', clients: 1000 })).toEqual(DEFAULT_PATIENCE);
    expect(patienceOf({ proxy: 'nginx' }, { scenario: 'sse', clients: 1000 })).toEqual(DEFAULT_PATIENCE);
    expect(patienceOf({ proxy: 'nginx-default' }, { scenario: 'longpoll', clients: 10 })).toEqual(
      DEFAULT_PATIENCE,
    );
  });

  it('lets the last client wait for a handler until all others had theirs', () => {
    const handlers = { count: 3, delayMs: 50 };
    expect(handlerQueueMs({ handlers }, 1000)).toBe(334 * 50);
    expect(patienceOf({ handlers }, { scenario: 'websocket', clients: 1000 })).toEqual({
      connectTimeoutMs: DEFAULT_PATIENCE.connectTimeoutMs + 16_700,
      connectGraceMs: DEFAULT_PATIENCE.connectGraceMs + 16_700,
      extraDrainMs: 16_700,
      countsAbsent: false,
    });
  });

  it("counts clients that nginx's defaults keep out, and lets them wait as a page would", () => {
    const patience = patienceOf({ proxy: 'nginx-default' }, { scenario: 'sse', clients: 10 });
    expect(patience.countsAbsent).toBe(true);
    expect(patience.connectTimeoutMs).toBeGreaterThan(60_000);
    expect(patience.connectGraceMs).toBeLessThan(DEFAULT_PATIENCE.connectGraceMs);
  });
});

describe('handlers that cannot keep up', () => {
  it('are refused when connecting would take longer than ten minutes, with the arithmetic', () => {
    const { mistakes } = doubts({ clients: [10, 20_000], handlers: { count: 1, delayMs: 60_000 } });
    expect(mistakes).toEqual([
      '--handler-delay 60000 with one handler: 20,000 clients need 20,000 / 1 x 60000 ms = 1,200,000 s to connect one ' +
        'after another; at most 600 s are waited. Use more --handlers, a shorter delay or fewer clients.',
    ]);
  });

  it('are told of before a run that they make long or that outruns them', () => {
    const { warnings } = doubts({
      scenarios: ['polling', 'sse'],
      clients: [100],
      handlers: { count: 2, delayMs: 50 },
    });
    expect(warnings.join(' ')).toContain('poll 100 times a second and 2 handlers of 50 ms serve 40');
    expect(warnings.join(' ')).toContain('take about 3 s to connect');
    expect(doubts({ clients: [10], handlers: { count: 4, delayMs: 10 } })).toEqual({
      mistakes: [],
      warnings: [],
    });
    expect(doubts({ clients: [100_000] })).toEqual({ mistakes: [], warnings: [] });
  });
});
