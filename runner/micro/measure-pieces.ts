import { cpus } from 'node:os';
import { Bench } from 'tinybench';
import { formatCount, formatRatio, formatWireBytes } from '../../reports/units.js';
import { type MicroCase, microCases } from './cases.js';

/** Calls in one sample: a single one is shorter than the clock's own cost. */
const BATCH = 1000;

/** One piece as measured: nanoseconds for one call. */
export interface MicroRow {
  readonly name: string;
  readonly payloadBytes: number | null;
  readonly medianNs: number;
  readonly p99Ns: number;
  /** Relative margin of error of the mean at 95 %, percent. */
  readonly marginPercent: number;
  readonly callsPerSecond: number;
  readonly samples: number;
}

/** What `micro.json` holds. */
export interface MicroResult {
  readonly schema: 'pushbench/micro@1';
  readonly tool: { readonly name: 'pushbench'; readonly version: string };
  readonly startedAt: string;
  readonly node: string;
  readonly cpuModel: string;
  readonly rows: readonly MicroRow[];
}

/**
 * Measures every piece with tinybench.
 * @param milliseconds time for each piece, a third more for its warm-up
 */
export async function measurePieces(
  version: string,
  milliseconds = 300,
  cases: readonly MicroCase[] = microCases(),
): Promise<MicroResult> {
  const startedAt = new Date().toISOString();
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 3, throws: true });
  for (const [index, piece] of cases.entries()) {
    bench.add(String(index), () => {
      for (let call = 0; call < BATCH; call++) piece.call();
    });
  }
  await bench.run();
  const rows = cases.map((piece, index) => rowOf(piece, bench, index));
  return {
    schema: 'pushbench/micro@1',
    tool: { name: 'pushbench', version },
    startedAt,
    node: process.version,
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    rows,
  };
}

function rowOf(piece: MicroCase, bench: Bench, index: number): MicroRow {
  const result = bench.tasks[index]?.result;
  if (result === undefined || result.state !== 'completed')
    throw new Error(`"${piece.name}" was not measured`);
  // tinybench tells milliseconds for a sample of BATCH calls.
  const perCall = (milliseconds: number): number => (milliseconds * 1e6) / BATCH;
  const { latency } = result;
  return {
    name: piece.name,
    payloadBytes: piece.bytes,
    medianNs: perCall(latency.p50),
    p99Ns: perCall(latency.p99),
    marginPercent: latency.rme,
    callsPerSecond: 1e9 / perCall(latency.p50),
    samples: latency.samplesCount,
  };
}

/** The rows as an aligned table with a final line feed. */
export function microTable(result: MicroResult): string {
  const head = ['piece', 'payload', 'median ns', 'p99 ns', '±%', 'calls/s'];
  const rows = result.rows.map((row) => [
    row.name,
    row.payloadBytes === null ? '' : formatWireBytes(row.payloadBytes),
    formatRatio(row.medianNs),
    formatRatio(row.p99Ns),
    row.marginPercent.toFixed(1),
    formatCount(row.callsPerSecond),
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .concat('\n'),
    )
    .join('');
}
