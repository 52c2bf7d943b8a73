import { describe, expect, it } from 'vitest';
import { overtakings, ratesOf } from './overload.js';

describe('the overload sweep', () => {
  it('goes from half of what the slower stream can take to one and a half times what the faster one can', () => {
    expect(ratesOf([400, 300])).toEqual([150, 300, 450, 600]);
    expect(ratesOf([])).toEqual([]);
  });

  it('names who overtook whom, and nobody within the noise of single trials', () => {
    const at = (rate: number, p50Ms: number | null) => ({ rate, p50Ms, perSecond: null });
    const of = (websocket: number | null) =>
      new Map([
        ['websocket', [at(10, 1), at(600, websocket)]],
        ['longpoll', [at(10, 3), at(600, 70)]],
      ]);
    expect(overtakings(of(3000), [10, 600])).toBe(
      'The ranking changed: long polling overtook WebSocket between 10 and 600 a second.',
    );
    for (const near of [80, null])
      expect(overtakings(of(near), [10, 600])).toMatch(/^No transport overtook another/);
  });
});
