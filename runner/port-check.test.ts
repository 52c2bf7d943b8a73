import { describe, expect, it } from 'vitest';
import { checkPorts } from './port-check.js';

const machine = (limit: number | null) => ({
  cores: 2,
  allowedCores: 2,
  memoryBytes: 64 * 2 ** 30,
  memoryLimitBytes: null,
  openFilesLimit: 20_000,
  ephemeralPorts: { first: 32_768, last: 60_999 },
  timeWait: { reuse: 2, limit },
});
const plan = (clients: number, pollIntervalMs: number, scenarios = ['polling', 'polling-close']) => ({
  scenarios,
  clients: [1, clients],
  pollIntervalMs,
  rttMs: 0,
  bandwidthBitsPerSecond: null,
});

describe('checkPorts', () => {
  it('has nothing to say of transports that keep their connections', () => {
    expect(checkPorts(plan(10_000, 10, ['polling', 'sse']), machine(1000))).toEqual({
      mistakes: [],
      warnings: [],
    });
  });

  it('accepts what stands within the pairs of ports and the limit of the kernel', () => {
    expect(checkPorts(plan(200, 1000), machine(65_536))).toEqual({ mistakes: [], warnings: [] });
  });

  it('lets the default plan run, and says how many will not be counted and why', () => {
    const { mistakes, warnings } = checkPorts(plan(1000, 1000), machine(131_072));
    expect(mistakes).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('1,000 clients at --poll-interval 1000 end 1,000 connections a second');
    expect(warnings[0]).toContain('60,000 in all, more than the 14,116 pairs of ports');
  });

  it('refuses more than the kernel keeps, and says what would fit', () => {
    const { mistakes, warnings } = checkPorts(plan(1000, 1000), machine(8192));
    expect(warnings).toEqual([]);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(
      '14,116 at once, but this kernel keeps 8,192 (net.ipv4.tcp_max_tw_buckets)',
    );
    expect(mistakes[0]).toContain('--poll-interval 7325');
    expect(mistakes[0]).toContain('at most 136 clients (--clients)');
    expect(checkPorts(plan(1000, 7325), machine(8192)).mistakes).toEqual([]);
    expect(checkPorts(plan(136, 1000), machine(8192)).mistakes).toEqual([]);
  });

  it('warns near the limit of the kernel', () => {
    const { mistakes, warnings } = checkPorts(plan(200, 1000), machine(15_000));
    expect(mistakes).toEqual([]);
    expect(warnings[0]).toContain('up to 12,000 at once, and this kernel keeps 15,000');
  });

  it('has as many pairs again for each further server', () => {
    expect(checkPorts(plan(20_000, 60_000), machine(131_072)).warnings).toEqual([]);
    expect(checkPorts(plan(20_000, 30_000), machine(131_072)).warnings[0]).toContain(
      '40,000 in all, more than the 28,232 pairs of ports there are between one client address and 2 servers',
    );
  });

  it('does not judge what cannot be read', () => {
    expect(checkPorts(plan(1000, 10), { ...machine(null), ephemeralPorts: null })).toEqual({
      mistakes: [],
      warnings: [],
    });
    expect(checkPorts(plan(1000, 10), machine(null)).mistakes).toEqual([]);
  });
});
