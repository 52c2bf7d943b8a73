import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Measurements } from './result.js';

/** A point of a percentile curve. */
export interface CurvePoint {
  /** Part of the samples that are no later, 0 to 1. */
  readonly part: number;
  readonly micros: number;
}

export interface LatencyCurve {
  readonly samples: number;
  readonly points: readonly CurvePoint[];
}

const POINTS_PER_DECADE = 12;
/** Beyond this one in a million nothing is drawn. */
const DECADES = 6;
/** A histogram of our settings has at most 24,000 buckets: what is longer than this is not one of ours. */
const LONGEST = 1 << 20;

function decode(encoded: string) {
  if (encoded === '' || encoded.length > LONGEST) return null;
  try {
    return decodeFromCompressedBase64(encoded);
  } catch {
    // A report is also drawn from documents whose histograms another tool wrote or somebody edited.
    return null;
  }
}

/**
 * Merges the histograms of trials and reads the percentile curve off, evenly spaced on a 1/(1-p) axis up to one sample.
 * Values are clamped between the exact extremes.
 * @returns null when no histogram can be read
 */
export function latencyCurve(latencies: readonly Measurements['latencyUs'][]): LatencyCurve | null {
  let merged: ReturnType<typeof decode> = null;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { histogram, min, max } of latencies) {
    const decoded = decode(histogram);
    if (!decoded || decoded.totalCount === 0) continue;
    low = Math.min(low, min ?? 0);
    high = Math.max(high, max ?? Number.POSITIVE_INFINITY);
    if (!merged) {
      merged = decoded;
      continue;
    }
    try {
      merged.add(decoded);
    } catch {
      // One with other settings, whose values do not fit: left out.
    }
  }
  if (!merged) return null;
  const samples = merged.totalCount;
  const points: CurvePoint[] = [];
  for (let step = 0; step <= DECADES * POINTS_PER_DECADE; step++) {
    const inverse = Math.min(10 ** (step / POINTS_PER_DECADE), samples);
    const part = 1 - 1 / inverse;
    const micros = Math.min(high, Math.max(low, merged.getValueAtPercentile(part * 100)));
    points.push({ part, micros });
    if (inverse === samples) break;
  }
  return { samples, points };
}
