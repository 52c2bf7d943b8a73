import { describe, expect, it } from 'vitest';
import { environmentSchema } from '../reports/result/machine.js';
import { allowedCores, pinning, readEnvironment, splitCores, unpinnedReason } from './environment.js';

type Probe = () => boolean;
const has: Probe = () => true;
const hasNot: Probe = () => false;
const free = { cpuQuotaCores: null, memoryLimitBytes: null };

describe('readEnvironment', () => {
  it('fills the fields of the result document, and gives a reason for each null that needs one', () => {
    const environment = readEnvironment(true);
    expect(environmentSchema.parse(environment)).toEqual(environment);
    for (const field of ['allowedCores', 'openFilesLimit', 'ephemeralPorts'] as const) {
      expect(environment[field] === null).toBe(field in environment.unavailable);
    }
    expect(environment.pinned).toBe(!('pinned' in environment.unavailable));
    expect(environment.pinned).toBe(pinning({ pin: true }) !== null);
    expect(allowedCores().length).toBe(environment.allowedCores ?? allowedCores().length);
  });
});

describe('pinning', () => {
  it('gives the server the first core and the generators the rest', () => {
    expect(splitCores([2, 3, 7])).toEqual({ server: '2', generator: '3,7' });
    expect(splitCores([2])).toBeNull();
  });

  it.each([
    ['it was refused', false, [0, 1], free, has, '--no-pin'],
    ['affinity cannot be read', true, null, null, has, 'Linux'],
    ['one core is allowed', true, [3], free, has, 'one core'],
    ['the quota is below two cores', true, [0, 1], { ...free, cpuQuotaCores: 1.5 }, has, '1.5 cores'],
    ['taskset is missing', true, [0, 1], free, hasNot, 'util-linux'],
  ] as const)('is off with a reason when %s', (_title, pin, cores, cgroup, taskset, part) => {
    expect(unpinnedReason(pin, cores, cgroup, taskset)).toContain(part);
  });

  it('is on with two cores, a quota of two and taskset', () => {
    expect(unpinnedReason(true, [0, 1], { ...free, cpuQuotaCores: 2 }, has)).toBeNull();
  });
});
