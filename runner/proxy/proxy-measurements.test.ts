import { describe, expect, it } from 'vitest';
import { type ProxyEvidence, proxyMeasurements } from './proxy-measurements.js';

const costs = (cpuMicros: number) => ({ cpuMicros, rssBytes: 12_000_000, peakBytes: 13_000_000 });
const EVIDENCE: ProxyEvidence = {
  kind: 'nginx',
  version: '1.22.1',
  processes: 2,
  before: costs(1_000_000),
  after: costs(1_500_000),
  wallMs: 2000,
};

describe('the measurements of a proxy', () => {
  it('are its CPU for each delivery and its memory for each client', () => {
    expect(proxyMeasurements(EVIDENCE, 70, 10_000_000, 12_000_000, 1000, 50)).toMatchObject({
      name: 'nginx',
      version: '1.22.1',
      processes: 2,
      cpuMicrosPerDelivery: 500,
      utilization: 0.25,
      memory: {
        baselineBytes: 10_000_000,
        connectedBytes: 12_000_000,
        peakBytes: 13_000_000,
        bytesPerClient: 40_000,
      },
      upstreamConnections: 70,
    });
  });

  it('are null where the system does not tell them, or there is nothing to divide by', () => {
    const unknown = proxyMeasurements({ ...EVIDENCE, before: null, after: null }, null, null, null, 10, 5);
    expect(unknown).toMatchObject({
      cpuMicrosPerDelivery: null,
      utilization: null,
      memory: { baselineBytes: null, connectedBytes: null, peakBytes: null, bytesPerClient: null },
      upstreamConnections: null,
    });
    const nobody = proxyMeasurements(EVIDENCE, 0, 1, 2, 0, 0);
    expect([nobody.cpuMicrosPerDelivery, nobody.memory.bytesPerClient]).toEqual([null, null]);
  });
});
