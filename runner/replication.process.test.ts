import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Result, resultSchema } from '../reports/result.js';

const MAIN = join(import.meta.dirname, '..', 'dist', 'runner', 'main.js');
/** Whatever the machine does beside, these trials count: what is tested is how they are repeated. */
const LIFTED = [
  'generatorShareMs=3600000',
  'publisherLagMs=3600000',
  'generatorUtilization=1',
  'stealPercent=100',
  'foreignCpuPercent=100',
].flatMap((limit) => ['--limit', limit]);
const SMALL = ['--warmup', '0', '--quiet', '--no-color', '--seed', '5', ...LIFTED];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replication-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(name: string, argv: readonly string[]): Promise<{ result: Result; stdout: string }> {
  const out = join(folder, name);
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...argv, ...SMALL, '--out', out]);
  return { result: resultSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))), stdout };
}

describe('a run', () => {
  it('with --trials auto ends between its least and its most rounds and says why', async () => {
    const { result, stdout } = await run('auto', [
      ...['--scenario', 'websocket', '--clients', '5', '--rate', '100', '--duration', '0.4'],
      ...['--trials', 'auto', '--precision', '100', '--budget', '15'],
    ]);
    const { auto, trials } = result.plan;
    expect(['precise', 'budget']).toContain(auto!.stopped);
    expect(result.trials).toHaveLength(trials);
    if (auto!.stopped === 'precise') expect(trials).toBeGreaterThanOrEqual(5);
    expect(stdout).toContain(`Stopped after ${trials} round`);
  });

  it('with --aa measures two arms of one scenario and stores the floor that a later run is judged by', async () => {
    const load = ['--scenario', 'websocket', '--clients', '5', '--rate', '50', '--duration', '0.3'];
    const { result, stdout } = await run('aa', [...load, '--aa', '--trials', '2']);
    expect(result.trials.map(({ arm }) => arm).sort()).toEqual(['A', 'A', "A'", "A'"]);
    expect(result.noiseFloor!.entries.filter(({ metric }) => metric === 'latencyUs.p50')).toHaveLength(1);
    expect(stdout).toContain('Noise floor of this machine');

    const judged = await run('judged', [
      ...load,
      '--trials',
      '1',
      '--noise-floor',
      join(folder, 'aa', 'results.json'),
    ]);
    expect(judged.result.noiseFloor!.from!.startedAt).toBe(result.startedAt);
    expect(judged.result.noiseFloor!.entries).toEqual(result.noiseFloor!.entries);
    expect(judged.stdout).toContain('the A/A run of');
  });

  it('over three client counts has three slopes, the kernel one where it can be read', async () => {
    const { result, stdout } = await run('slopes', [
      ...['--scenario', 'websocket', '--workload', 'idle', '--clients', '100,300,600', '--trials', '1'],
      ...['--duration', '0.5', '--slopes'],
    ]);
    const metrics = result.slopes!.map(({ metric }) => metric);
    expect(metrics.slice(0, 2)).toEqual(['heap', 'process']);
    expect(metrics.includes('kernel') || 'kernelMemory' in result.environment.unavailable).toBe(true);
    const [heap] = result.slopes!;
    expect(heap!.points).toBe(3);
    // A `ws` client takes kilobytes of JavaScript, on any Node.
    expect(heap!.bytesPerClient).toBeGreaterThan(500);
    expect(heap!.bytesPerClient).toBeLessThan(30_000);
    expect(stdout).toContain('as a slope over the sweep');
    const trial = result.trials[0]!;
    if (trial.status !== 'completed') throw new Error('the trial has been completed');
    expect(trial.measurements.memory.server.heap!.baselineBytes).toBeGreaterThan(1e6);
    expect(trial.measurements.health.steadyState!.verdict).toBe('not judged');
  });
});
