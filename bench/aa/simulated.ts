import { createRandom, type Random } from '../../protocol/random.js';
import type { Arm, Trial } from '../../reports/result.js';
import { contestantOrder } from '../../runner/order.js';

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** What a trial adds to a metric, as a factor, on machines of several tempers. `round` is what its round has in common. */
export const MACHINES: Readonly<Record<string, (random: Random, round: number, order: number) => number>> = {
  quiet: (random) => Math.exp(0.03 * normal(random)),
  noisy: (random) => Math.exp(0.3 * normal(random)),
  'slower by the hour': (random, _round, order) => Math.exp(0.02 * order + 0.05 * normal(random)),
  'shared rounds': (random, round) => Math.exp(round + 0.05 * normal(random)),
  'with outliers': (random) => Math.exp(0.05 * normal(random)) * (random() < 0.1 ? 1 + 3 * random() : 1),
  'of two minds': (random) => Math.exp(0.03 * normal(random)) * (random() < 0.5 ? 1 : 1.4),
};

/** An A/A run of `rounds` rounds on one of the machines, in the runner's own balanced random order. */
export function simulatedRun(machine: string, rounds: number, seed: number): Trial[] {
  const random = createRandom(seed, `aa/${machine}`);
  const noise = MACHINES[machine]!;
  const order = contestantOrder({
    scenarios: ['simulated'],
    clients: [1000],
    trials: rounds,
    seed,
    aa: true,
  });
  const shared = Array.from({ length: rounds + 1 }, () => 0.3 * normal(random));
  return order.map((contestant) =>
    syntheticTrial(contestant, () => noise(random, shared[contestant.trial]!, contestant.order)),
  );
}

/** A trial with nothing but the numbers that are compared. */
function syntheticTrial(at: { trial: number; order: number; arm?: Arm }, factor: () => number): Trial {
  const measurements = {
    latencyUs: { p50: 5000 * factor(), p99: 20_000 * factor() },
    wire: { perDelivery: null },
    cpu: { serverMicrosPerDelivery: 6 * factor() },
    memory: { server: { bytesPerClient: 11_000 * factor() } },
  };
  const trial = { ...at, scenario: 'simulated', workload: 'broadcast', clients: 1000, reasons: [] };
  return { ...trial, status: 'completed', measurements } as unknown as Trial;
}
