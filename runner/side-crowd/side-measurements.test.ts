import { describe, expect, it } from 'vitest';
import type { TargetSample } from '../../servers/contract.js';
import { measurementsOf } from '../measurements.js';
import { chatTarget } from '../target/testing/chat-target.js';
import {
  evidence,
  histogram,
  hostSample,
  memory,
  PLAN,
  shardResult,
  totals,
} from '../testing/hand-made-evidence.js';
import type { SideResult } from './contract.js';

const SIDE: SideResult = {
  kind: 'slow readers',
  clients: 2,
  connectedAtOpening: 2,
  dials: 2,
  connects: 2,
  connectTimes: histogram([1000, 1000]),
  latencies: histogram([1000]),
  deliveries: 1,
  lateDeliveries: 0,
  duplicated: 0,
  unexpected: 0,
  missed: 0,
  everIn: 2,
  failures: {},
  ledger: totals({}, {}),
  sockets: { up: 0, down: 0 },
  rowMs: 1000,
  rows: [],
};
const TARGET: TargetSample = {
  pid: 5,
  unread: null,
  publishesItself: false,
  sent: 4,
  taken: 4,
  repeated: 0,
  overlapping: 0,
  failures: {},
  answered: {},
};

function slowReaders(target?: Partial<TargetSample>, address = '127.0.0.1') {
  const samples = [5, 7].map((cutOff) =>
    hostSample({ cutOff, ...(target === undefined ? {} : { target: { ...TARGET, ...target } }) }),
  );
  const mine = chatTarget({ name: 'websocket', origin: { address, hostname: address, port: 80 } });
  const contenders = { websocket: { kind: 'target', title: 'Mine', target: mine, run: '00000000' } } as const;
  const kernel = (bytes: number) => ({ bytes, source: 'sockstat' }) as const;
  return measurementsOf(
    evidence({
      ...(target === undefined ? {} : { plan: { ...PLAN, contenders } }),
      results: [shardResult({ side: SIDE })],
      serverBefore: [samples[0]!],
      serverAfter: [samples[1]!],
      baseline: memory({ kernel: kernel(0) }),
      connected: memory({ server: 50_000_000, kernel: kernel(4000) }),
      tcpMemory: { before: 1000, after: 5000 },
    }),
  );
}

describe('slow readers', () => {
  it('of one of our servers: who was cut off, and what memory it took', () => {
    const { sideCrowd, memory } = slowReaders();
    expect(sideCrowd).toMatchObject({ cutOff: 2, unread: 7 });
    expect(sideCrowd!.slow).toMatchObject({ serverGrowthBytesPerClient: 5_000_000, kernelGrowthBytes: 4000 });
    expect(memory.server.kernel).toMatchObject({ connectedBytes: 2000 });
  });

  it('of a server of the user’s: nobody knows whom it cut off, and its memory only where it can be read', () => {
    const found = slowReaders({});
    expect(found.sideCrowd).toMatchObject({ cutOff: null, unread: 7 });
    expect(found.sideCrowd!.slow).toMatchObject({ serverGrowthBytesPerClient: 5_000_000 });
    expect(found.memory.server.kernel).toMatchObject({ connectedBytes: 2000 });
    const unread = slowReaders({ unread: 'it has no pid' }).sideCrowd!;
    expect(unread.slow).toMatchObject({ serverGrowthBytesPerClient: null, kernelGrowthBytes: 4000 });
  });

  it('of a server on another machine: half of our kernel’s memory is not its', () => {
    const { sideCrowd, memory } = slowReaders({}, '192.0.2.7');
    expect(memory.server.kernel).toBeNull();
    expect(sideCrowd!.slow).toMatchObject({ kernelGrowthBytes: null, kernelBytesPerConnection: null });
  });
});
