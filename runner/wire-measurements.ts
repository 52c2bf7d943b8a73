import type { Measurements } from '../reports/result.js';
import { addLedgers, LAYERS, type Layer, type LedgerTotals, sumLayers } from '../scenarios/ledger.js';
import { scenarioOf } from './contenders.js';
import type { Evidence } from './evidence.js';
import type { ExchangeSum, ShardResult } from './shard-protocol.js';

/**
 * The result document's account of bytes, from the ledgers of all shards.
 * @param delivered messages in the window
 * @param clients that were ever connected
 */
export function wireMeasurements(
  { plan, contestant, results }: Pick<Evidence, 'plan' | 'contestant' | 'results'>,
  delivered: number,
  clients: number,
): Measurements['wire'] {
  const total = (read: (result: ShardResult) => number): number => sum(results.map(read));
  const perDelivery = (amount: number): number | null => (delivered === 0 ? null : amount / delivered);
  const window = results.map((result) => result.window).reduce((a, b) => addLedgers(a, b));
  const before = results.map((result) => result.before).reduce((a, b) => addLedgers(a, b));
  return {
    perDelivery:
      delivered === 0 ? null : { up: layersOf(window.up, delivered), down: layersOf(window.down, delivered) },
    exchange: scenarioOf(plan, contestant.scenario)!.asks
      ? {
          hit: exchangeOf(results.map((result) => result.exchange.hit)),
          empty: exchangeOf(results.map((result) => result.exchange.empty)),
        }
      : null,
    idle: { up: window.up.idle, down: window.down.idle },
    handshakePerClient: handshakeOf(before, clients),
    totals: { up: sumLayers(window.up), down: sumLayers(window.down) },
    sockets: { up: total((result) => result.sockets.up), down: total((result) => result.sockets.down) },
    identity: plan.cookieBytes
      ? {
          perDelivery: perDelivery(window.ofWhich.identity),
          handshakePerClient: clients === 0 ? 0 : before.ofWhich.identityInHandshakes / clients,
          total: window.ofWhich.identity,
        }
      : null,
    growth:
      plan.content === 'binary'
        ? { perDelivery: perDelivery(window.ofWhich.growth), total: window.ofWhich.growth }
        : null,
  };
}

function layersOf(
  layers: Readonly<Record<Layer, number>>,
  deliveries: number,
): Record<Layer | 'total', number> {
  const each = Object.fromEntries(LAYERS.map((layer) => [layer, layers[layer] / deliveries])) as Record<
    Layer,
    number
  >;
  return { ...each, total: sumLayers(layers) / deliveries };
}

function exchangeOf(sums: readonly ExchangeSum[]): { up: number; down: number } | null {
  const count = sum(sums.map((part) => part.count));
  if (count === 0) return null;
  return { up: sum(sums.map((part) => part.up)) / count, down: sum(sums.map((part) => part.down)) / count };
}

/** First handshakes are complete before the window opens; those of reconnects before it are among them. */
function handshakeOf(before: LedgerTotals, clients: number): { up: number; down: number } {
  if (clients === 0) return { up: 0, down: 0 };
  return { up: before.up.handshake / clients, down: before.down.handshake / clients };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
