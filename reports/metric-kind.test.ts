import { describe, expect, it } from 'vitest';
import { metricKind, metricUnit } from './metric-kind.js';

describe('metricKind', () => {
  it.each([
    ['latencyUs.p50', 'micros', 'us'],
    ['connect.p99Us', 'micros', 'us'],
    ['cpu.serverMicrosPerDelivery', 'micros', 'us'],
    ['wire.perDelivery.down.total', 'wireBytes', 'B'],
    ['wire.exchange.hit.up', 'wireBytes', 'B'],
    ['throughput.wireBytesPerSecond', 'rate', '/s'],
    ['throughput.deliveriesPerSecond', 'rate', '/s'],
    ['memory.server.bytesPerClient', 'bytes', 'B'],
    ['memory.server.peakBytes', 'bytes', 'B'],
    ['health.stealPercent', 'percent', '%'],
    ['messages.lost', 'count', ''],
    ['messages.perResponse', 'ratio', ''],
    ['requests.perDelivery', 'ratio', ''],
    ['latencyUs.count', 'count', ''],
    ['connect.perSecond', 'rate', '/s'],
    ['measuredSeconds', 'seconds', 's'],
  ] as const)('knows %s as %s', (path, kind, unit) => {
    expect(metricKind(path)).toBe(kind);
    expect(metricUnit(path)).toBe(unit);
  });
});
