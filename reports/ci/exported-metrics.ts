/** Metrics of which less is better, as other tools keep their history: the headline of a report. */
export const LESS_IS_BETTER = [
  'latencyUs.p50',
  'latencyUs.p90',
  'latencyUs.p99',
  'wire.perDelivery.up.total',
  'wire.perDelivery.down.total',
  'requests.perDelivery',
  'cpu.serverMicrosPerDelivery',
  'memory.server.bytesPerClient',
  'messages.lost',
  'messages.duplicated',
] as const;

/** Of these more is better. */
export const MORE_IS_BETTER = ['throughput.deliveriesPerSecond'] as const;
