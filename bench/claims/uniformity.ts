/**
 * The largest distance between the empirical distribution of values and Uniform(0, width): the statistic D of
 * Kolmogorov and Smirnov.
 */
export function distanceFromUniform(values: readonly number[], width: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  let distance = 0;
  sorted.forEach((value, at) => {
    const expected = Math.min(1, Math.max(0, value / width));
    distance = Math.max(distance, (at + 1) / sorted.length - expected, expected - at / sorted.length);
  });
  return distance;
}

/**
 * What D may reach, at a level of 0.001, for the latencies that `pollers` with phases drawn by lot have with `publishes`
 * at random instants.
 *
 * The samples (phase - instant) modulo the interval are pairwise independent, but not more: a poller meets each publish
 * and a publish each poller. Simulated 4,000 times with 200 pollers and 20 or 40 publishes, the 0.999 quantile of
 * D sqrt(n) was 2.8, where fully independent samples have 1.95.
 */
export function allowedDistance(pollers: number, publishes: number): number {
  return 2.8 / Math.sqrt(pollers * publishes);
}
