/**
 * Holm's procedure (1979) over the metrics of one gate, so that the chance of any false alarm among all of them stays
 * below 1 - confidence: the surest is judged at (1 - confidence) / m, the next at (1 - confidence) / (m - 1), and so on
 * until one does not reach its level; the rest is judged at that level.
 *
 * @param levels of each metric the smallest 1 - confidence at which it would fail
 * @param confidence of all together
 * @returns the confidence that each is judged at, in the order given
 */
export function holmConfidences(levels: readonly number[], confidence: number): number[] {
  const order = levels.map((_, at) => at).sort((a, b) => levels[a]! - levels[b]!);
  const judged = levels.map(() => confidence);
  let stopped: number | null = null;
  for (const [rank, at] of order.entries()) {
    const own: number = stopped ?? (1 - confidence) / (levels.length - rank);
    judged[at] = 1 - own;
    if (levels[at]! > own) stopped = own;
  }
  return judged;
}
