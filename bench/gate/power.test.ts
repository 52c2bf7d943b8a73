import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../protocol/random.js';
import { defaultRules } from '../../reports/gate/default-rules.js';
import { GATE_PAIRS } from '../../reports/gate/defaults.js';
import { normal } from '../../reports/testing/draws.js';
import { ROOT } from '../../tests/project-files.js';
import { NOISE_FILE, type NoiseRecord, noiseText, readNoise } from './noise-record.js';
import { POWER_FILE, type PowerRecord, powerRow, powerText } from './power.js';
import { rowOf, writtenPage } from './power-page.js';
import { drawRounds, gateOf } from './simulated-gate.js';

const noise = readNoise();
const power = JSON.parse(readFileSync(POWER_FILE, 'utf8')) as PowerRecord;

describe('docs/gate.md', () => {
  test('holds the default rules, and what the stored simulation says', () => {
    const page = readFileSync(join(ROOT, 'docs/gate.md'), 'utf8');
    expect(page, 'run npm run gate:power').toBe(writtenPage(page, noise, power));
  });

  test('rests on a simulation of the stored noise with the rules and numbers of pairs of today', () => {
    expect(power.noiseRecordedAt).toBe(noise.recordedAt);
    const [scenario] = Object.keys(noise.rounds);
    const again = powerRow(noise, scenario!, GATE_PAIRS, 'none', power.runs);
    expect(rowOf(power, scenario!, GATE_PAIRS, 'none'), 'run npm run gate:power').toEqual(again);
  });

  test('reads records as they are written', () => {
    expect(readFileSync(NOISE_FILE, 'utf8')).toBe(noiseText(noise));
    expect(readFileSync(POWER_FILE, 'utf8')).toBe(powerText(power));
  });
});

/** Rounds of a machine whose trials differ by this much, as a part. */
function machine(part: number): NoiseRecord {
  const random = createRandom(1, `machine/${part}`);
  const metrics = ['latencyUs.p50', 'latencyUs.p99', 'cpu.serverMicrosPerDelivery'];
  const rounds = Array.from({ length: 60 }, () =>
    Array.from({ length: 3 }, () => metrics.map(() => 100 * Math.exp(part * normal(random)))),
  );
  return { ...noise, metrics, rounds: { sse: rounds } };
}

describe('a simulated gate', () => {
  test('on a quiet machine passes what did not change, and fails 15 %', () => {
    const quiet = machine(0.02);
    expect(powerRow(quiet, 'sse', 15, 'none', 100).pass).toBeGreaterThanOrEqual(95);
    expect(powerRow(quiet, 'sse', 15, 'latency', 100).fail).toBeGreaterThanOrEqual(95);
    expect(powerRow(quiet, 'sse', 15, 'cpu', 100).fail).toBeGreaterThanOrEqual(95);
  });

  test('on a noisy machine raises no alarm, and does not pass', () => {
    const row = powerRow(machine(0.5), 'sse', 15, 'none', 100);
    expect(row.fail).toBe(0);
    expect(row.inconclusive).toBeGreaterThanOrEqual(99);
  });

  test('keeps whole rounds together', () => {
    const rounds = Array.from({ length: 20 }, (_, round) => [0, 1, 2].map((arm) => [10 * round + arm]));
    for (const drawn of drawRounds(rounds, 30, createRandom(1, 'rounds'))) {
      const round = Math.floor(drawn[0]![0]! / 10);
      expect(drawn.map(([value]) => value! - 10 * round).sort()).toEqual([0, 1, 2]);
    }
  });

  test('plants in the head alone', () => {
    const { rules } = gateOf(
      ['latencyUs.p50'],
      Array.from({ length: 12 }, () => [[100], [100], [100]]),
      { metrics: 'latencyUs.', factor: 1.2 },
      defaultRules('comparison'),
    );
    expect(rules).toHaveLength(1);
    expect(rules[0]!.ratio!.ratio).toBeCloseTo(1.2, 9);
    expect(rules[0]!.aa!.ratio).toBe(1);
  });
});
