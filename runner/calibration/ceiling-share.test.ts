import { describe, expect, it } from 'vitest';
import { ceilingShareOf, nearCeilingReason } from './ceiling-share.js';

const found = (deliveriesPerSecond: number, answers = 0) => ({
  measuredSeconds: 10,
  throughput: { deliveriesPerSecond, wireBytesPerSecond: 0 },
  requests: { total: answers, empty: 0, postponed: 0, perDelivery: null },
});
const ceiling = { deliveriesPerSecond: 80_000, generatorCores: 4 };

describe('how near a trial came to what its generator can take', () => {
  it('is its deliveries a second over the ceiling', () => {
    expect(ceilingShareOf(found(20_000), ceiling, 4)).toBe(0.25);
  });

  it('counts answers where there were more of them, since empty polls are work too', () => {
    expect(ceilingShareOf(found(1000, 400_000), ceiling, 4)).toBe(0.5);
  });

  it('takes the cores that its shards could use, and no more than there are', () => {
    expect(ceilingShareOf(found(20_000), ceiling, 2)).toBe(0.5);
    expect(ceilingShareOf(found(20_000), ceiling, 8)).toBe(0.25);
  });

  it('is not known of a window without length', () => {
    expect(ceilingShareOf({ ...found(0), measuredSeconds: 0 }, ceiling, 4)).toBeNull();
  });

  it('is a warning above the limit only', () => {
    expect(nearCeilingReason(0.5, 0.5)).toBeNull();
    expect(nearCeilingReason(0.51, 0.5)).toMatchObject({
      code: 'near-ceiling',
      message: expect.stringContaining('51 %'),
    });
  });
});
