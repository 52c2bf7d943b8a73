import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan.js';
import { linkDoubts, slowLinkHint } from './link-doubts.js';

const PLAN = {
  scenarios: ['websocket'],
  workload: 'broadcast',
  clients: [50, 20],
  ratePerSecond: 10,
  arrivals: 'constant',
  payloadBytes: 100,
  durationSeconds: 2,
  warmupSeconds: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
} as unknown as Plan;

const of = (own: Partial<Plan>) => linkDoubts({ ...PLAN, ...own });

describe('a plan with a link', () => {
  it('has no doubts without a bandwidth, or with one that carries its payloads', () => {
    expect(of({})).toEqual({ mistakes: [], warnings: [] });
    expect(of({ bandwidthBitsPerSecond: 8000 })).toEqual({ mistakes: [], warnings: [] });
  });

  it('is refused when one message would take longer than a second', () => {
    expect(of({ bandwidthBitsPerSecond: 799 }).mistakes).toEqual([
      '--bandwidth 799: one message of 100 bytes is 800 bits and would take longer than a second. ' +
        'Use at least 800 bit/s or a smaller --payload.',
    ]);
    expect(of({ bandwidthBitsPerSecond: 800 }).mistakes).toEqual([]);
  });

  it('is warned of when a client is to hear more than passes, and counts only what that client hears', () => {
    expect(of({ bandwidthBitsPerSecond: 7999 }).warnings).toEqual([
      expect.stringContaining('--bandwidth 7999: the payloads alone are 8,000 bit/s for each client'),
    ]);
    expect(of({ bandwidthBitsPerSecond: 800, workload: 'unicast' }).warnings).toEqual([]);
  });
});

describe('when nobody could connect', () => {
  it('the link is named where it is too slow for a request and its answer', () => {
    expect(slowLinkHint({ bandwidthBitsPerSecond: 100 }, 10_000)).toBe(
      ' Through --bandwidth 100 only 125 bytes pass in the 10 s that a client waits, and its request and the answer have to: use a higher one.',
    );
    expect(slowLinkHint({ bandwidthBitsPerSecond: 1_000_000 }, 10_000)).toBe('');
    expect(slowLinkHint({ bandwidthBitsPerSecond: null }, 10_000)).toBe('');
  });
});
