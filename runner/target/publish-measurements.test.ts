import { describe, expect, it } from 'vitest';
import type { Measurements } from '../../reports/result.js';
import type { TargetSample } from '../../servers/contract.js';
import { waitBucket } from '../../servers/wait-counts.js';
import { hostSample } from '../testing/hand-made-evidence.js';
import {
  orderRemark,
  publishMeasurements,
  publishReason,
  repeatRemark,
  unreadTarget,
} from './publish-measurements.js';

function readings(before: Partial<TargetSample>, after: Partial<TargetSample>) {
  const sample = (changes: Partial<TargetSample>) => [
    hostSample({
      target: {
        pid: 7,
        unread: null,
        publishesItself: false,
        sent: 0,
        taken: 0,
        overlapping: 0,
        repeated: 0,
        failures: {},
        answered: {},
        ...changes,
      },
    }),
  ];
  return { serverBefore: sample(before), serverAfter: sample(after) };
}

const found = (changes: ReturnType<typeof readings>): Measurements =>
  ({ target: publishMeasurements(changes) }) as unknown as Measurements;

describe('publishing into a target', () => {
  const some = readings(
    { sent: 10, taken: 10, failures: { timeout: 1 }, answered: { [waitBucket(500)]: 10 } },
    {
      sent: 30,
      taken: 27,
      overlapping: 4,
      repeated: 2,
      failures: { timeout: 1, 'http-5xx': 2 },
      answered: { [waitBucket(500)]: 10, [waitBucket(2000)]: 17 },
    },
  );

  it('is what happened between two readings', () => {
    const { publish, costsUnread } = publishMeasurements(some);
    expect(publish).toMatchObject({
      sent: 20,
      taken: 17,
      overlapping: 4,
      repeated: 2,
      failures: { 'http-5xx': 2 },
      unanswered: 1,
    });
    expect(publish!.answeredUs.p50! / 2000).toBeCloseTo(1, 1);
    expect(costsUnread).toBeNull();
  });

  it('is told where the target did not take everything, and where the order is nobody’s fault', () => {
    expect(publishReason(found(some))?.message).toBe(
      'The target did not take 3 of 20 messages that were published (http-5xx: 2, not answered: 1): what was not ' +
        'delivered of them counts as lost.',
    );
    expect(orderRemark(found(some))).toMatch(
      /^ 4 of 20 messages were published while one before was not answered yet/,
    );
    expect(repeatRemark(found(some))).toMatch(/^ 2 of 20 messages were published again/);
    const well = readings({}, { sent: 5, taken: 5 });
    expect(publishReason(found(well))).toBeNull();
    expect(orderRemark(found(well))).toBe('');
    expect(repeatRemark(found(well))).toBe('');
    expect(publishReason({} as Measurements)).toBeNull();
  });

  it('is nothing where it publishes by itself, or is a server of ours', () => {
    expect(publishMeasurements(readings({}, { publishesItself: true }))).toEqual({
      publish: null,
      costsUnread: null,
    });
    expect(publishMeasurements({ serverBefore: [hostSample()], serverAfter: [hostSample()] })).toEqual({});
  });

  it('has no costs when one reading has none', () => {
    expect(unreadTarget(readings({}, { unread: 'it is gone' }))).toBe('it is gone');
    expect(unreadTarget(readings({}, {}))).toBeNull();
  });
});
