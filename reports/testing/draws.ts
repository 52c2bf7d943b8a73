import type { Random } from '../../protocol/random.js';

/** A normal deviate (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Shapes that the noise of trials has, each with its true median. */
export const SHAPES: Readonly<
  Record<string, { readonly draw: (random: Random) => number; readonly median: number }>
> = {
  normal: { draw: (random) => 100 + 5 * normal(random), median: 100 },
  skewed: { draw: (random) => 100 * Math.exp(0.3 * normal(random)), median: 100 },
  'with outliers': {
    draw: (random) => 100 + 2 * normal(random) + (random() < 0.1 ? 200 * (random() - 0.5) : 0),
    median: 100,
  },
};
