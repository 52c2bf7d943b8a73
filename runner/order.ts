import { createRandom, type Random } from '../protocol/random.js';
import { entrantsOf } from './arms.js';
import type { Contestant, Plan } from './plan.js';

/** What decides the order of a run. */
export type OrderSpec = Pick<Plan, 'scenarios' | 'clients' | 'trials' | 'seed' | 'aa' | 'arms'>;

/**
 * The trials of a plan in balanced random order.
 *
 * Contestants are all pairs of scenario, or arm of one, and client count. Each round runs every contestant once; in each
 * block of as many rounds as there are contestants every contestant stands once in each position, so that a machine that
 * warms up, or throttles, within a round favours nobody. A block is a cyclic Latin square whose rows, columns and symbols
 * are permuted at random (Fisher and Yates 1938); the seed decides.
 */
export function contestantOrder(plan: OrderSpec): Contestant[] {
  const pairs = entrantsOf(plan).flatMap((entrant) =>
    plan.clients.map((clients) => ({ ...entrant, clients })),
  );
  const size = pairs.length;
  const random = createRandom(plan.seed, 'order');
  const run: Contestant[] = [];
  let square = latinSquare(size, random);
  for (let round = 0; round < plan.trials; round++) {
    if (round > 0 && round % size === 0) square = latinSquare(size, random);
    for (const index of square(round % size)) {
      run.push({ ...pairs[index]!, trial: round + 1, order: run.length + 1 });
    }
  }
  return run;
}

/** Row by row: the whole square of a long sweep would not fit in memory, and few of its rows are run. */
function latinSquare(size: number, random: Random): (row: number) => number[] {
  const rows = shuffled(size, random);
  const columns = shuffled(size, random);
  const symbols = shuffled(size, random);
  return (row) => columns.map((column) => symbols[(rows[row]! + column) % size]!);
}

function shuffled(size: number, random: Random): number[] {
  const items = Array.from({ length: size }, (_, at) => at);
  for (let at = size - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
