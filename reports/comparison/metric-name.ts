import { plainText } from '../plain-text.js';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['latencyUs.p50', 'median latency'],
  ['latencyUs.p90', 'p90 latency'],
  ['latencyUs.p99', 'p99 latency'],
  ['latencyUs.p999', 'p99.9 latency'],
  ['latencyUs.max', 'largest latency'],
  ['cpu.serverMicrosPerDelivery', 'server CPU a message'],
  ['cpu.generatorMicrosPerDelivery', 'generator CPU a message'],
  ['memory.server.bytesPerClient', 'server memory a client'],
  ['memory.server.heap.bytesPerClient', 'server heap a client'],
  ['memory.server.kernel.bytesPerClient', 'kernel memory a client'],
  ['clients.connected', 'clients connected'],
  ['messages.lost', 'messages lost'],
  ['messages.duplicated', 'duplicates'],
  ['messages.reordered', 'out of order'],
  ['wire.perDelivery.bothWays', 'bytes a message'],
  ['requests.perDelivery', 'requests a message'],
  ['throughput.deliveriesPerSecond', 'delivered a second'],
]);

const LAYER = /^wire\.perDelivery\.(up|down)\.(\w+)$/u;
const EXCHANGE = /^wire\.exchange\.(hit|empty)\.(up|down)$/u;
const HANDSHAKE = /^wire\.handshakePerClient\.(up|down)$/u;

/** A metric for people; its own path where nobody has given it a name. */
export function metricName(path: string): string {
  const known = NAMES.get(path);
  if (known !== undefined) return known;
  const [, way, layer] = LAYER.exec(path) ?? [];
  if (way !== undefined) return layer === 'total' ? `bytes ${way} a message` : `${layer} ${way} a message`;
  const [, answer, side] = EXCHANGE.exec(path) ?? [];
  if (answer !== undefined) return `${answer === 'hit' ? 'poll with a message' : 'empty poll'}, ${side}`;
  const [, end] = HANDSHAKE.exec(path) ?? [];
  return end === undefined ? plainText(path, 80) : `handshake ${end}`;
}
