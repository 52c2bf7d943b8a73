import { afterEach, describe, expect, it, vi } from 'vitest';
import { BusySamples } from './busy-samples.js';

afterEach(() => vi.restoreAllMocks());

/** Samples after each of these steps of wall time and CPU time, milliseconds. */
function samplesOf(steps: readonly (readonly [wallMs: number, cpuMs: number])[]): readonly number[] {
  let atMs = 1000;
  let cpuMs = 500;
  vi.spyOn(performance, 'now').mockImplementation(() => atMs);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: cpuMs * 1000, system: 0 }));
  const samples = new BusySamples();
  samples.start();
  for (const [wall, cpu] of steps) {
    atMs += wall;
    cpuMs += cpu;
    samples.sample();
  }
  return samples.highest;
}

describe('the busiest samples of a process', () => {
  it('are the two that used most of a core, the busiest first', () => {
    expect(
      samplesOf([
        [250, 50],
        [250, 225],
        [250, 200],
        [250, 25],
      ]),
    ).toEqual([0.9, 0.8]);
  });

  it('are as many as there were, so that one alone is not taken for two', () => {
    expect(samplesOf([])).toEqual([]);
    expect(samplesOf([[300, 300]])).toEqual([1]);
  });

  it('are never shorter than a fifth of a second: a short step goes on into the next', () => {
    expect(
      samplesOf([
        [100, 100],
        [100, 0],
      ]),
    ).toEqual([0.5]);
  });
});
