import { formatMicros, formatWireBytes } from '../../../reports/units.js';
import type { Contestant } from './contestant.js';

/** What the figures say at the moment, in a sentence; empty until there are enough of them. */
export function findingOf(
  contestants: readonly { readonly title: string; readonly contestant: Contestant }[],
): string {
  const known = contestants.flatMap(({ title, contestant }) => {
    const ageMs = contestant.medianAgeMs;
    const bytes = contestant.bytes.perMessage();
    return ageMs === null || bytes === null ? [] : [{ title, ageMs, bytes: bytes.up + bytes.down }];
  });
  if (known.length < contestants.length) return '';
  const slowest = known.reduce((a, b) => (b.ageMs > a.ageMs ? b : a));
  const fastest = known.reduce((a, b) => (b.ageMs < a.ageMs ? b : a));
  const heaviest = known.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const leanest = known.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  return (
    `Slowest now: ${slowest.title}, late by ${formatMicros(slowest.ageMs * 1000)} (median); ` +
    `fastest: ${fastest.title}, ${formatMicros(fastest.ageMs * 1000)}. ` +
    `Most bytes for a message of 10: ${heaviest.title}, ${formatWireBytes(heaviest.bytes)}; ` +
    `fewest: ${leanest.title}, ${formatWireBytes(leanest.bytes)}.`
  );
}
