import { describe, expect, it } from 'vitest';
import type { Evidence } from '../evidence.js';
import { judge } from '../health.js';
import { measurementsOf } from '../measurements.js';
import { DEFAULT_LIMITS, type HealthLimits } from '../plan.js';
import { evidence, histogram } from '../testing/hand-made-evidence.js';
import type { LinkResult } from './contract.js';

/** A link that released a hundred pieces, this many of them `lateUs` late. */
function link(late: number, lateUs: number, cpuMicros = 100_000): LinkResult {
  const errors = Array.from({ length: 100 }, (_, n) => (n < late ? lateUs : 500));
  return { bytesUp: 40, bytesDown: 96, releases: 100, error: histogram(errors), cpuMicros, wallMs: 2000 };
}

function judged(links: readonly LinkResult[], limits: Partial<HealthLimits> = {}) {
  const plain = evidence();
  const given: Evidence = { ...plain, plan: { ...plain.plan, rttMs: 40 }, links };
  const found = measurementsOf(given);
  const { reasons, limitedBy, void: isVoid } = judge(found, given, { ...DEFAULT_LIMITS, ...limits });
  return { isVoid, limitedBy, codes: reasons.map(({ code }) => code), link: found.link };
}

describe('a link', () => {
  it('is reported with all its processes together', () => {
    expect(judged([link(0, 0), link(0, 0, 300_000)]).link).toEqual({
      rttMs: 40,
      bandwidthBitsPerSecond: null,
      processes: 2,
      errorUs: { p50: 500, p99: 500, max: 500 },
      // 400 ms of CPU, eight deliveries.
      cpuMicrosPerDelivery: 50_000,
      utilization: 0.15,
      releasesPerSecond: 100,
      // 2 ms of CPU a release: 500 a second on each of two cores.
      ceilingPerSecond: 1000,
      bytesUp: 80,
      bytesDown: 192,
    });
  });

  it('is null where there was none', () => {
    expect(judged([]).link).toBeNull();
  });

  it.each([
    ['in time', link(0, 0), {}, false],
    ['late once in a hundred, which proves nothing', link(1, 9000), {}, false],
    ['late twice in a hundred by more than 3 ms', link(2, 9000), {}, true],
    ['late, but by no more than the limit that was given', link(2, 9000), { linkErrorMs: 10 }, false],
    ['late, but little beside the latency', link(2, 9000), { linkErrorPart: 10 }, false],
  ] as const)('that was %s', (_what, result, limits, isVoid) => {
    const found = judged([result], limits);
    expect([found.isVoid, found.codes.includes('link-error')]).toEqual([isVoid, isVoid]);
    if (isVoid) expect(found.limitedBy).toBe('generator');
  });

  it('that used up its core makes the trial void', () => {
    const found = judged([link(0, 0, 1_800_000)]);
    expect(found.codes).toContain('link-cpu');
    expect(found.isVoid).toBe(true);
  });
});
