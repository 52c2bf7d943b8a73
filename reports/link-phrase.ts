import type { Result } from './result.js';
import { formatCount } from './units.js';

/** `100 ms round trip, 1,500,000 bit/s each way`; null for a run without a link. */
export function linkPhrase({ rttMs = 0, bandwidthBitsPerSecond = null }: Result['plan']): string | null {
  if (rttMs === 0 && bandwidthBitsPerSecond === null) return null;
  const delay = rttMs > 0 ? [`${formatCount(rttMs)} ms round trip`] : [];
  const shape =
    bandwidthBitsPerSecond === null ? [] : [`${formatCount(bandwidthBitsPerSecond)} bit/s each way`];
  return [...delay, ...shape].join(', ');
}
