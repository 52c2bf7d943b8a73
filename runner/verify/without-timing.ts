import type { Measurements } from '../../reports/result.js';
import { DurationHistogram } from '../measure/histogram.js';

/**
 * The same measurements without any time in them: a run that was watched packet by packet, and held still to be read,
 * says nothing about speed. With the times go the health rules that rest on them.
 */
export function withoutTiming(found: Measurements): Measurements {
  const { steadyState: _, ...health } = found.health;
  const nothing = new DurationHistogram().encode().encoded;
  return {
    ...found,
    latencyUs: {
      count: found.latencyUs.count,
      censored: found.latencyUs.censored,
      min: null,
      mean: null,
      p50: null,
      p90: null,
      p99: null,
      p999: null,
      max: null,
      histogram: nothing,
    },
    generatorShareUs: { p50: null, p99: null, max: null },
    publishes: {
      ...found.publishes,
      p50Us: found.publishes.p50Us.map(() => null),
      p99Us: found.publishes.p99Us.map(() => null),
      maxUs: found.publishes.maxUs.map(() => null),
    },
    cpu: { serverMicrosPerDelivery: null, generatorMicrosPerDelivery: null },
    connect: { perSecond: null, p50Us: null, p99Us: null },
    health: {
      ...health,
      generatorUtilization: null,
      generatorCoresUtilization: null,
      generatorLoopUtilization: null,
      generatorHeldP99Us: null,
      generatorLoopDelayP99Us: null,
      publisherLagP50Us: null,
      publisherLagP99Us: null,
      stealPercent: null,
      foreignCpuPercent: null,
    },
    timeline: found.timeline.map((row) => ({
      ...row,
      p50Us: null,
      p99Us: null,
      serverCpuPercent: null,
      generatorCpuPercent: null,
    })),
  };
}
