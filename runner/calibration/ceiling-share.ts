import type { Calibration, Measurements, Reason } from '../../reports/result.js';

/**
 * How near a trial came to what its generator can take: what it did a second, over the calibrated ceiling.
 *
 * A transport that asks works for every answer, the empty ones too, so the larger of deliveries and answers counts.
 *
 * @param shards generator processes of the trial: with fewer than cores, some cores have nothing to do
 */
export function ceilingShareOf(
  found: Pick<Measurements, 'throughput' | 'requests' | 'measuredSeconds'>,
  ceiling: Pick<Calibration, 'deliveriesPerSecond' | 'generatorCores'>,
  shards: number,
): number | null {
  if (!(found.measuredSeconds > 0)) return null;
  const perSecond = Math.max(
    found.throughput.deliveriesPerSecond,
    found.requests.total / found.measuredSeconds,
  );
  const usable = Math.min(1, shards / ceiling.generatorCores);
  return perSecond / (ceiling.deliveriesPerSecond * usable);
}

/** A warning above the limit; null below it. */
export function nearCeilingReason(share: number, limit: number): Reason | null {
  if (share <= limit) return null;
  return {
    code: 'near-ceiling',
    message:
      `The trial ran at ${(share * 100).toFixed(0)} % of what the generator can take: rates that are quoted should ` +
      `stay under ${(limit * 100).toFixed(0)} %.`,
  };
}
