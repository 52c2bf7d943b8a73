import { describe, expect, it } from 'vitest';
import { calibrationSeconds } from './calibration-time.js';

const plan = { scenarios: ['sse', 'websocket'], clients: [100], trials: 1, durationSeconds: 5 };

describe('the time for a calibration', () => {
  it('is spent when the windows are ten seconds and more in sum', () => {
    expect(calibrationSeconds(plan, 'auto')).toBe(3);
    expect(calibrationSeconds({ ...plan, durationSeconds: 4.9 }, 'auto')).toBe(0);
    expect(calibrationSeconds({ ...plan, durationSeconds: 2.5, trials: 2 }, 'auto')).toBe(3);
    expect(calibrationSeconds({ ...plan, durationSeconds: 2.5, aa: true }, 'auto')).toBe(3);
    expect(calibrationSeconds({ ...plan, durationSeconds: 2.5, clients: [1, 2] }, 'auto')).toBe(3);
  });

  it('is spent in short runs when it is asked for, and never when it is not wanted', () => {
    expect(calibrationSeconds({ ...plan, durationSeconds: 0.1 }, 'always')).toBe(3);
    expect(calibrationSeconds(plan, 'never')).toBe(0);
    expect(calibrationSeconds({ ...plan, verifyWire: true }, 'always')).toBe(0);
  });
});
