/** Part of Student's distribution within -t and t, for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4). */
export function studentWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const square = Math.cos(angle) ** 2;
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let at = isOdd ? 3 : 2; at <= freedom - 2; at += 2) {
    term *= (square * (at - 1)) / at;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * Student's t: the value that a part `confidence` of the distribution lies within, on both sides of zero.
 * @param confidence 0 to 1, both excluded
 * @param freedom degrees of freedom, a whole number from 1
 */
export function studentT(confidence: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (studentWithin(high, freedom) < confidence) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, freedom) < confidence) low = middle;
    else high = middle;
  }
  return high;
}
