import type { Direction, Level, Rule } from './contract.js';
import { GATE_CONFIDENCE } from './defaults.js';

/** The rules of one gate. */
export interface Rulebook {
  /** Somebody wrote these. */
  readonly own: readonly Rule[];
  /** Nobody wrote these: they are passed over where a transport or a machine has no such number. */
  readonly defaults: readonly Rule[];
  /** Of the intervals of all judged metrics together, 0 to 1, both excluded. */
  readonly confidence: number;
}

const LAYERS = ['payload', 'header', 'framing', 'total'];
const DIRECTIONS = ['up', 'down'];

/** No tolerance. Counts may only fall; bytes may not change at all. */
const EXACT: readonly (readonly [string, Direction])[] = [
  ['clients.connected', 'higher is better'],
  ['messages.lost', 'lower is better'],
  ['messages.duplicated', 'lower is better'],
  ['messages.reordered', 'lower is better'],
  ...DIRECTIONS.map((way) => [`wire.handshakePerClient.${way}`, 'both'] as const),
  ...DIRECTIONS.flatMap((way) =>
    LAYERS.map((layer) => [`wire.perDelivery.${way}.${layer}`, 'both'] as const),
  ),
  ...['hit', 'empty'].flatMap((kind) =>
    DIRECTIONS.map((way) => [`wire.exchange.${kind}.${way}`, 'both'] as const),
  ),
];

/** Tolerances in percent, chosen by the noise that docs/gate.md shows. */
const TOLERANT: readonly (readonly [string, Level, number])[] = [
  ['cpu.serverMicrosPerDelivery', 'near', 5],
  ['memory.server.heap.bytesPerClient', 'near', 5],
  ['latencyUs.p50', 'noisy', 6.5],
  ['latencyUs.p99', 'noisy', 25],
];

/**
 * What a gate judges unless a configuration says otherwise, by the tiers of docs/gate.md.
 *
 * A comparison was made to be judged: what cannot be judged in it makes the gate inconclusive. Of a stored baseline the
 * near and the noisy tier are a courtesy: what cannot be judged is told, and touches no exit code.
 */
export function defaultRules(of: 'comparison' | 'baseline'): Rulebook {
  return {
    own: [],
    defaults: [
      ...EXACT.map(
        ([metric, direction]): Rule => ({
          metric,
          direction,
          tolerancePercent: 0,
          level: 'exact',
          required: false,
        }),
      ),
      ...TOLERANT.map(
        ([metric, level, tolerancePercent]): Rule => ({
          metric,
          direction: 'lower is better',
          tolerancePercent,
          level,
          required: of === 'comparison',
        }),
      ),
    ],
    confidence: GATE_CONFIDENCE,
  };
}
