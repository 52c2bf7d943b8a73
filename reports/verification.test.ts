import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { renderTable } from './terminal.js';
import { sampleResult } from './testing/sample-result.js';
import { verificationLines } from './verification.js';
import { viewOf } from './view.js';

type Verification = NonNullable<Measurements['wire']['verification']>;

const DISAGREEMENT = 'Bytes up: the ledger has 1, the kernel counted 2.';

const both = (up: number, down: number) => ({ up, down });
const SOURCES = {
  ledger: both(1304, 2376),
  sockets: both(1304, 2376),
  kernel: both(1304, 2376),
  capture: both(1304, 2376),
  server: both(1304, 2376),
  ipBytes: both(9000, 12_000),
  segments: both(140, 180),
};

/** A verified run of two transports, WebSocket's second trial void. */
function verified(): Result {
  const result = sampleResult({ scenarios: ['sse', 'websocket'], trials: 2, void: ['websocket/2'] });
  result.plan.verifyWire = true;
  for (const trial of result.trials) {
    if (trial.status !== 'completed' && trial.status !== 'void') continue;
    const agrees = trial.status === 'completed';
    if (!agrees) trial.reasons = [{ code: 'wire-disagrees', message: DISAGREEMENT }];
    const verification: Verification = {
      ...SOURCES,
      connections: 8,
      syn: 16,
      window: SOURCES,
      perDelivery: { ipBytes: both(52, 64), segments: both(1, 1) },
      agrees,
      disagreements: agrees ? [] : [DISAGREEMENT],
    };
    trial.measurements.wire.verification = verification;
  }
  result.summary = summarise(result.trials);
  return result;
}

describe('a verified run', () => {
  it('says that it has no times, and what agreed, with both headers and segments', () => {
    const result = verified();
    const [first, sse, websocket, ...more] = verificationLines(result, viewOf(result));
    expect(more).toEqual([]);
    expect(first).toContain('no times are reported');
    expect(sse).toContain(
      'Server-sent events: ledger, sockets, kernel, packet capture and server agree to the byte',
    );
    expect(sse).toContain('in 2 of 2 trials');
    expect(websocket).toContain('in 1 of 2 trials');
    expect(websocket).toMatch(/1,304.B up and 2,376.B down over 8 connections/);
    expect(websocket).toMatch(/52.B in 1 segment up and 64.B in 1 down/);
  });

  it('claims nothing for a transport whose trials all disagree', () => {
    const result = verified();
    for (const trial of result.trials) {
      if (trial.status === 'completed' || trial.status === 'void')
        trial.measurements.wire.verification!.agrees = false;
    }
    expect(verificationLines(result, viewOf(result))).toHaveLength(1);
  });

  it('has no columns of time in its tables', () => {
    for (const text of [renderTable(verified(), { width: 160, color: false }), renderMarkdown(verified())]) {
      expect(text).toMatch(/agree\s+to the byte/);
      expect(text).not.toMatch(/\bp50\b|\bp99\b|tail not bounded/);
      expect(text).toMatch(/\bdown\b/);
      expect(text).toContain('the ledger has 1, the kernel counted 2');
    }
  });

  it('has nothing of the comparison in its summary', () => {
    const paths = verified().summary.flatMap(({ metrics }) => Object.keys(metrics));
    expect(paths.some((path) => path.startsWith('wire.perDelivery'))).toBe(true);
    expect(paths.filter((path) => path.includes('verification'))).toEqual([]);
  });
});

it('is not spoken of in other runs', () => {
  const result = sampleResult();
  expect(verificationLines(result, viewOf(result))).toEqual([]);
});
