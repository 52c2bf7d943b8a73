/** From here on the distribution of the rank sum is taken as normal: its error is then far below any level in use. */
const NORMAL_FROM = 200;

const tables = new Map<number, Float64Array>();

/** Part of the normal distribution above z, for z from 0: exact to double precision, as small levels need. */
function upperTail(z: number): number {
  // Mills' ratio as a continued fraction (Abramowitz and Stegun 26.2.14).
  const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z >= 2.5) {
    let fraction = 0;
    for (let depth = 60; depth > 0; depth--) fraction = depth / (z + fraction);
    return density / (z + fraction);
  }
  // Power series (26.2.11), where the fraction needs too many terms.
  let term = z;
  let sum = z;
  for (let step = 1; step < 100; step++) {
    term *= (z * z) / (2 * step + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/** Lower tail of Wilcoxon's signed-rank sum by its value, for `count` differences. */
function cumulative(count: number): Float64Array {
  const known = tables.get(count);
  if (known) return known;
  const most = (count * (count + 1)) / 2;
  // The sum of independent 0 or k, each with one half: probabilities instead of numbers of subsets, so that none overflows.
  const part = new Float64Array(most + 1);
  part[0] = 1;
  let reach = 0;
  for (let rank = 1; rank <= count; rank++) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) {
      part[sum] = (part[sum]! + (sum >= rank ? part[sum - rank]! : 0)) / 2;
    }
  }
  let below = 0;
  const table = part.map((probability) => {
    below += probability;
    return below;
  });
  tables.set(count, table);
  return table;
}

/**
 * Probability that the signed-rank sum of `count` differences, symmetric about zero, is at most `sum`.
 * @param sum a whole number, negative ones have probability 0
 */
export function signedRankTail(count: number, sum: number): number {
  if (sum < 0) return 0;
  const most = (count * (count + 1)) / 2;
  if (sum >= most) return 1;
  if (count < NORMAL_FROM) return cumulative(count)[sum]!;
  const deviation = Math.sqrt((most * (2 * count + 1)) / 12);
  const z = (sum + 0.5 - most / 2) / deviation;
  return z < 0 ? upperTail(-z) : 1 - upperTail(z);
}
