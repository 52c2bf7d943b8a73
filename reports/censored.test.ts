import { describe, expect, it } from 'vitest';
import { atLeastSentence, isAtLeast, unheardSentence } from './censored.js';
import { findingsOf } from './findings.js';
import { renderHtml } from './html.js';
import { tableOf } from './table.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

/** Two transports and one of them loses this part of the 100,000 deliveries of a trial. */
const losing = (part: number) =>
  sampleResult({ scenarios: ['sse', 'websocket'], trials: 1, lost: { websocket: part * 100_000 } });
const seen = (part: number) => {
  const view = viewOf(losing(part));
  const [sse, websocket] = view.groups[0]!.contestants;
  const marked = (key: 'p50' | 'p99' | 'max'): boolean => {
    const { columns, groups } = tableOf(view);
    const cell = groups[0]!.rows[1]!.cells[columns.findIndex((column) => column.key === key)]!;
    return cell.text.startsWith('≥');
  };
  return { view, sse: sse!, websocket: websocket!, marked };
};

describe('a lateness that lost messages are in', () => {
  it.each([
    [0, []],
    [0.005, ['max']],
    [0.02, ['p99', 'max']],
    [0.6, ['p50', 'p99', 'max']],
    [1, ['p50', 'p99', 'max']],
  ])('of %d lost is a lower bound from the percentile on that they reach', (part, expected) => {
    const { websocket, sse, marked } = seen(part);
    const names = ['p50', 'p99', 'max'] as const;
    expect(names.filter((name) => isAtLeast(websocket, `latencyUs.${name}`))).toEqual(expected);
    expect(names.filter(marked)).toEqual(expected);
    expect(isAtLeast(sse, 'latencyUs.max')).toBe(false);
    expect(isAtLeast(websocket, 'cpu.serverMicrosPerDelivery')).toBe(false);
  });

  it('is explained below the table, and only where there is one', () => {
    expect(atLeastSentence(seen(0.02).view)).toContain('a lost message counts as if');
    expect(atLeastSentence(seen(0).view)).toBeNull();
  });

  it('is no lateness in a sentence: who never heard anything is not called late', () => {
    const { view, sse, websocket } = seen(1);
    const { late } = findingsOf(view);
    expect(late).toMatch(/^With Server-sent events messages are late by [\d.]+\sms \(median\)\./);
    expect(late).toMatch(/With WebSocket no message came at all\.$/);
    expect(unheardSentence([sse, websocket])).toBe('With WebSocket no message came at all.');
    expect(unheardSentence(seen(0.6).view.groups[0]!.contestants)).toBe(
      'With WebSocket half of the messages or more never came.',
    );
    expect(unheardSentence([sse])).toBeNull();
    const page = renderHtml(losing(1), { script: '', style: '' });
    expect(page).toContain('A lost message counts as if it had come when the waiting for it ended.');
    expect(page).toMatch(/Late by, median: [\d.]+\sms \(Server-sent events\)/);
  });
});
