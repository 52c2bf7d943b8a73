import { expect, it } from 'vitest';
import { LagRecord, MAX_LAGS } from './lag-record.js';

it('keeps every sample up to 5,000', () => {
  const record = new LagRecord();
  for (let sample = 0; sample < MAX_LAGS; sample++) record.add(sample);
  expect(record.values()).toEqual(Array.from({ length: MAX_LAGS }, (_, at) => at));
});

it('keeps evenly spaced samples of the whole afterwards', () => {
  for (const offered of [5001, 9999, 10_000, 10_001, 123_457]) {
    const record = new LagRecord();
    for (let sample = 0; sample < offered; sample++) record.add(sample);
    const kept = record.values();
    expect(kept.length).toBeGreaterThanOrEqual(MAX_LAGS / 2);
    expect(kept.length).toBeLessThanOrEqual(MAX_LAGS);
    const stride = kept[1]! - kept[0]!;
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => at * stride));
    expect(offered - kept.at(-1)!).toBeLessThanOrEqual(stride);
  }
});
