import { describe, expect, it } from 'vitest';
import { PortWatch, parseTcpTable } from './port-watch.js';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                ';
const REST = '00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0';
const socket = (n: number, local: number, remote: number, state: string): string => {
  const address = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return `${String(n).padStart(4)}: ${address(local)} ${address(remote)} ${state} ${REST}`;
};
const table = (...rows: [local: number, remote: number, state: string][]): string =>
  `${[HEAD, ...rows.map((row, n) => socket(n + 99_998, ...row))].join('\n')}\n`;

const SERVER = 40_123;
const OTHER = 40_124;

describe('parseTcpTable', () => {
  it('counts TIME_WAIT by the end that holds it', () => {
    const text = table([SERVER, 33_000, '06'], [SERVER, 33_002, '06'], [33_004, SERVER, '06']);
    expect(parseTcpTable(text, [SERVER])).toEqual({
      timeWaitAtServer: 2,
      timeWaitAtClients: 1,
      portsUsed: 3,
    });
  });

  it('counts a client port once, whichever ends of its connection the table has', () => {
    const text = table(
      [SERVER, 33_000, '01'],
      [33_000, SERVER, '01'],
      [SERVER, 33_002, '06'],
      [33_002, SERVER, '02'],
    );
    expect(parseTcpTable(text, [SERVER])).toMatchObject({ portsUsed: 2, timeWaitAtServer: 1 });
  });

  it('counts ports towards the server port that has most, and adds TIME_WAIT up over all', () => {
    const text = table([SERVER, 33_000, '06'], [OTHER, 33_000, '06'], [OTHER, 33_002, '06']);
    expect(parseTcpTable(text, [SERVER, OTHER])).toMatchObject({ portsUsed: 2, timeWaitAtServer: 3 });
  });

  it('leaves out listening sockets and those of others', () => {
    const text = table([SERVER, 0, '0A'], [22, 33_000, '06'], [33_000, 443, '06']);
    expect(parseTcpTable(text, [SERVER])).toEqual({
      timeWaitAtServer: 0,
      timeWaitAtClients: 0,
      portsUsed: 0,
    });
    expect(parseTcpTable('', [SERVER]).portsUsed).toBe(0);
  });
});

describe('PortWatch', () => {
  it('reads once more when it is stopped, and says null where there is nothing to read', () => {
    expect(new PortWatch([SERVER], () => table([SERVER, 33_000, '06'])).stop()?.timeWaitAtServer).toBe(1);
    expect(new PortWatch([SERVER], () => null).stop()).toBeNull();
  });
});
