/** One process of a tree as it was found, those that have ended and were not waited for contained. */
export interface ProcessCost {
  /** Names it for good: id and start. */
  readonly key: string;
  /** Key of its parent; null when that is not of the tree. */
  readonly parent: string | null;
  /** CPU of its own threads so far, microseconds. */
  readonly ownMicros: number;
  /** CPU of the children that it has waited for, and of those that they had waited for, microseconds. */
  readonly reapedMicros: number;
}

interface Account {
  cost: ProcessCost;
  /** What descendants that have ended had used. */
  pastMicros: number;
  /** Of those that ended last, what it had not been told of yet: it was read before it had waited for them. */
  untoldMicros: number;
}

/**
 * CPU of a tree of processes, those that have ended contained, each once.
 *
 * The kernel adds the whole of a child to its parent when that waits for it: there are also those that lived and died
 * between two readings. A parent that lets the kernel clear its children away is told nothing, and what was seen of them
 * has to do. So of each parent and interval the larger of the two counts.
 */
export class TreeCpu {
  private readonly accounts = new Map<string, Account>();
  /** Of those that ended without a parent in the tree. */
  private orphansMicros = 0;

  /** @param costs all processes of the tree now. @returns what it has used so far, microseconds */
  take(costs: readonly ProcessCost[]): number {
    const now = new Set(costs.map(({ key }) => key));
    const left = this.bequests(now);
    for (const cost of costs) {
      const before = this.accounts.get(cost.key);
      const told = cost.reapedMicros - (before?.cost.reapedMicros ?? 0);
      const seen = left.get(cost.key) ?? 0;
      const pastMicros = (before?.pastMicros ?? 0) + Math.max(0, told - (before?.untoldMicros ?? 0), seen);
      const ownMicros = Math.max(cost.ownMicros, before?.cost.ownMicros ?? 0);
      this.accounts.set(cost.key, {
        cost: { ...cost, ownMicros },
        pastMicros,
        untoldMicros: Math.max(0, seen - told),
      });
    }
    let total = this.orphansMicros;
    for (const { cost, pastMicros } of this.accounts.values()) total += cost.ownMicros + pastMicros;
    return total;
  }

  /** What those that are gone had used, by the key of who is there still; they are forgotten. */
  private bequests(now: ReadonlySet<string>): ReadonlyMap<string, number> {
    const left = new Map<string, number>();
    for (const [key, { cost, pastMicros }] of this.accounts) {
      if (now.has(key)) continue;
      const heir = this.heirOf(cost.parent, now);
      const micros = cost.ownMicros + pastMicros;
      if (heir === null) this.orphansMicros += micros;
      else left.set(heir, (left.get(heir) ?? 0) + micros);
    }
    for (const key of this.accounts.keys()) if (!now.has(key)) this.accounts.delete(key);
    return left;
  }

  /** The nearest ancestor that is there still. */
  private heirOf(parent: string | null, now: ReadonlySet<string>): string | null {
    for (let key = parent; key !== null; key = this.accounts.get(key)?.cost.parent ?? null)
      if (now.has(key)) return key;
    return null;
  }
}
