import type { Measurements } from '../../reports/result.js';
import { DurationHistogram } from '../measure/histogram.js';
import type { LinkResult, LinkSettings } from './contract.js';

/**
 * What the links did in a window, all processes merged. Pure.
 *
 * @param settings null when there was no link
 * @param delivered messages that reached a client
 */
export function linkMeasurements(
  settings: LinkSettings | null,
  results: readonly LinkResult[],
  delivered: number,
): NonNullable<Measurements['link']> | null {
  if (settings === null || results.length === 0) return null;
  const error = new DurationHistogram();
  for (const result of results) error.merge(result.error);
  const total = (read: (result: LinkResult) => number): number =>
    results.reduce((sum, result) => sum + read(result), 0);
  const cpuMicros = total((result) => result.cpuMicros);
  const releases = total((result) => result.releases);
  return {
    rttMs: settings.oneWayMs * 2,
    bandwidthBitsPerSecond: settings.bandwidthBitsPerSecond,
    processes: results.length,
    errorUs: { p50: error.percentile(50), p99: error.percentile(99), max: error.max },
    cpuMicrosPerDelivery: delivered === 0 ? null : cpuMicros / delivered,
    utilization: Math.max(...results.map((result) => result.cpuMicros / 1000 / result.wallMs)),
    releasesPerSecond: releases / (Math.max(...results.map((result) => result.wallMs)) / 1000),
    ceilingPerSecond: cpuMicros === 0 ? null : (releases / cpuMicros) * 1e6 * results.length,
    bytesUp: total((result) => result.bytesUp),
    bytesDown: total((result) => result.bytesDown),
  };
}
