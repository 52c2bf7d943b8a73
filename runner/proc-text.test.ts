import { describe, expect, it } from 'vitest';
import {
  parseAllowedCores,
  parseCfsQuota,
  parseCgroups,
  parseCpuList,
  parseCpuMax,
  parseMemoryLimit,
  parseOpenFilesLimit,
  parsePortRange,
} from './proc-text.js';

describe('parseCpuList', () => {
  it.each([
    ['0', [0]],
    ['0-3\n', [0, 1, 2, 3]],
    ['8,0-1,10-11', [0, 1, 8, 10, 11]],
    ['', null],
    ['3-1', null],
    ['0-x', null],
    ['0-99999999', null],
  ])('reads %j as %j', (text, cores) => expect(parseCpuList(text)).toEqual(cores));
});

describe('the readers of /proc', () => {
  it('find the allowed cores among the lines of status', () => {
    const status = 'Name:\tnode\nCpus_allowed:\t00f3\nCpus_allowed_list:\t0-1,4-7\nMems_allowed_list:\t0\n';
    expect(parseAllowedCores(status)).toEqual([0, 1, 4, 5, 6, 7]);
    expect(parseAllowedCores('Name:\tnode\n')).toBeNull();
  });

  it('find the soft limit on open files', () => {
    const row = (soft: string): string =>
      `Limit                     Soft Limit           Hard Limit           Units\n` +
      `Max open files            ${soft.padEnd(21)}1048576              files\n`;
    expect(parseOpenFilesLimit(row('20000'))).toBe(20_000);
    expect(parseOpenFilesLimit(row('unlimited'))).toBeNull();
    expect(parseOpenFilesLimit('')).toBeNull();
  });

  it('read the range of ephemeral ports', () => {
    expect(parsePortRange('32768\t60999\n')).toEqual({ first: 32_768, last: 60_999 });
    expect(parsePortRange('what')).toBeNull();
  });

  it('tell the unified control group from v1 controllers', () => {
    const { unified, controllers } = parseCgroups(
      '5:cpu,cpuacct:/job\n4:memory:/m:x\n1:name=systemd:/\n0::/user.slice\n',
    );
    expect(unified).toBe('/user.slice');
    expect(controllers.get('cpu')).toBe('/job');
    expect(controllers.get('memory')).toBe('/m:x');
  });
});

describe('control group limits', () => {
  it('a quota is a number of cores, and none is null', () => {
    expect(parseCpuMax('150000 100000\n')).toBe(1.5);
    expect(parseCpuMax('max 100000\n')).toBeNull();
    expect(parseCfsQuota('200000\n', '100000\n')).toBe(2);
    expect(parseCfsQuota('-1\n', '100000\n')).toBeNull();
  });

  it('a memory limit is bytes, and both spellings of none are null', () => {
    expect(parseMemoryLimit('536870912\n')).toBe(536_870_912);
    expect(parseMemoryLimit('max\n')).toBeNull();
    expect(parseMemoryLimit('9223372036854771712\n')).toBeNull();
  });
});
