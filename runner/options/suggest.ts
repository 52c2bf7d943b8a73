/**
 * The candidate nearest to a mistyped word, or null when none is near.
 *
 * Near means: an edit distance (insertions, deletions, substitutions, swaps of neighbours) of at most a third of the
 * longer word, or one is the beginning of the other. Case is ignored.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > 64) return null;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const reach = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    let distance = editDistance(wanted, name);
    if (distance > reach) {
      const prefixed = wanted.length >= 3 && (name.startsWith(wanted) || wanted.startsWith(name));
      if (!prefixed) continue;
      // A shared beginning is a weaker hint than a slip of a finger.
      distance = reach + 1;
    } else if (distance >= wanted.length) {
      // A one-letter word is one edit away from every other.
      continue;
    }
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edit distance with swaps of neighbours (optimal string alignment; Boytsov 2011). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
