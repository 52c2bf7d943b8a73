import { describe, expect, it } from 'vitest';
import { byteLines } from './byte-lines.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { renderTable } from './terminal.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

type Wire = Measurements['wire'];

const pageOf = (result: Result): string => renderHtml(result, { script: '', style: '' });
const spaced = (text: string): string => text.replaceAll(/[\s\u00a0]+/g, ' ');

/** A run of polling and WebSocket with these bytes told apart. */
function apart(plan: Partial<Result['plan']>, polling: Partial<Wire>, websocket: Partial<Wire>): Result {
  const result = sampleResult({ scenarios: ['polling', 'websocket'], trials: 2 });
  Object.assign(result.plan, plan);
  for (const trial of result.trials) {
    if (trial.status !== 'completed') continue;
    Object.assign(trial.measurements.wire, trial.scenario === 'polling' ? polling : websocket);
  }
  result.summary = summarise(result.trials);
  return result;
}

const identity = (perDelivery: number, handshakePerClient: number) => ({
  identity: { perDelivery, handshakePerClient, total: 4600 },
});
const growth = (perDelivery: number) => ({ growth: { perDelivery, total: 100 * perDelivery } });

describe('byteLines', () => {
  it('has nothing to say of a run without cookies and with text', () => {
    const result = sampleResult({ scenarios: ['polling', 'websocket'], trials: 1 });
    expect(byteLines(result, viewOf(result))).toEqual([]);
  });

  it('says what a cookie costs each transport, for a message and for a client', () => {
    const result = apart({ cookieBytes: 36 }, identity(92, 0), identity(0, 46));
    const lines = byteLines(result, viewOf(result)).map(spaced);
    expect(lines).toEqual([
      'Identity: every request carries a cookie of 36 bytes, with its name and line end 46 B.',
      'Polling: 92 B of it for each delivered message.',
      'WebSocket: 46 B once a client, before its first message.',
    ]);
  });

  it('says what base64 adds, and where binary travels as it is', () => {
    const result = apart({ content: 'binary', payloadBytes: 100 }, growth(36), growth(0));
    const lines = byteLines(result, viewOf(result)).map(spaced);
    expect(lines).toEqual([
      'Base64 adds 36 % to binary payloads on transports that have only text: 36 B of framing a message with Polling.',
      'Binary payloads travel as they are with WebSocket.',
    ]);
  });

  it('stands in every report, and the page has columns for it', () => {
    const result = apart(
      { cookieBytes: 36, content: 'binary', payloadBytes: 100 },
      { ...identity(92, 0), ...growth(36) },
      { ...identity(0, 46), ...growth(0) },
    );
    const page = pageOf(result);
    for (const text of [renderTable(result, { width: 200, color: false }), renderMarkdown(result), page]) {
      expect(spaced(text)).toContain('of binary content');
      expect(spaced(text)).toContain('a cookie of 36 bytes in each request');
      expect(spaced(text)).toContain('Base64 adds');
      expect(spaced(text)).toContain('every request carries a cookie of 36 bytes');
    }
    for (const head of ['of which cookie, up', 'of which base64, down', 'cookie in the handshake, up'])
      expect(page).toContain(head);
    const plain = pageOf(sampleResult({ scenarios: ['polling', 'websocket'], trials: 1 }));
    expect(plain).not.toContain('of which');
    expect(plain).not.toContain('cookie in the handshake');
  });
});
