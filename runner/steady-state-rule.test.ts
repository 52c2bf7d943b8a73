import { describe, expect, it } from 'vitest';
import type { Measurements } from '../reports/result.js';
import { judge } from './health.js';
import { measurementsOf } from './measurements.js';
import { DEFAULT_LIMITS } from './plan.js';
import { evidence } from './testing/hand-made-evidence.js';

type SteadyState = NonNullable<Measurements['health']['steadyState']>;

function verdictOn(steadyState: SteadyState) {
  const given = evidence();
  const found = measurementsOf(given);
  return judge({ ...found, health: { ...found.health, steadyState } }, given, DEFAULT_LIMITS);
}

describe('a window without a steady state', () => {
  it('warns with what drifts, which way and how far, and does not void the trial', () => {
    const { void: isVoid, reasons } = verdictOn({ verdict: 'trend', slices: 10, drift: 0.42, of: 'latency' });
    expect(isVoid).toBe(false);
    expect(reasons).toEqual([
      {
        code: 'no-steady-state',
        message:
          'There was no steady state: over the last 10 slices of the window the median latency rose by 42 %.',
      },
    ]);
    const [fewer] = verdictOn({ verdict: 'trend', slices: 6, drift: -0.5, of: 'deliveries' }).reasons;
    expect(fewer!.message).toContain('the number of deliveries fell by 50 %');
  });

  it('is not assumed where it was steady or not judged', () => {
    expect(verdictOn({ verdict: 'steady', slices: 10, drift: 0.05, of: null }).reasons).toEqual([]);
    expect(verdictOn({ verdict: 'not judged', slices: 2, drift: null, of: null }).reasons).toEqual([]);
  });
});
