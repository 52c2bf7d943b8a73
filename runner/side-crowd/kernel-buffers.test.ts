import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readKernelBuffers, readTcpMemory } from './kernel-buffers.js';

const folder = mkdtempSync(join(tmpdir(), 'pushbench-buffers-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('takes what a slow reader leaves: all that a send buffer may grow to, and a receive buffer that does not grow', () => {
  writeFileSync(join(folder, 'tcp_wmem'), '4096\t16384\t4194304\n');
  writeFileSync(join(folder, 'tcp_rmem'), '4096\t131072\t33554432\n');
  expect(readKernelBuffers(folder)).toEqual({ send: 4_194_304, receive: 131_072 });
});

it('reads the pages of TCP buffers', () => {
  const path = join(folder, 'sockstat');
  writeFileSync(path, 'sockets: used 60\nTCP: inuse 5 orphan 0 tw 2 alloc 9 mem 12\nUDP: inuse 0 mem 3\n');
  expect(readTcpMemory(path)).toBe(12 * 4096);
});

it('is null where nothing can be read', () => {
  expect(readKernelBuffers(join(folder, 'none'))).toBeNull();
  expect(readTcpMemory(join(folder, 'none'))).toBeNull();
  writeFileSync(join(folder, 'tcp_rmem'), 'nonsense\n');
  expect(readKernelBuffers(folder)).toBeNull();
});
