import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HeldSockets } from './held-sockets.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-claims-test-'));
  mkdirSync(join(folder, 'servers'));
  writeFileSync(
    join(folder, 'servers/host.mjs'),
    `import { openSync } from 'node:fs';
process.on('message', (count) => {
  for (let n = 0; n < count; n++) openSync('/dev/null');
  process.send('open');
});
process.send('ready');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const reading = (phase: 'connecting' | 'measuring' | 'draining') => ({
  phase,
  connected: 0,
  delivered: 0,
  p99Us: null,
});

it('counts what the servers of this process hold beyond what they had before the first client', async () => {
  const server = fork(join(folder, 'servers/host.mjs'));
  try {
    await once(server, 'message');
    const sockets = new HeldSockets();
    sockets.onReading(reading('connecting'));
    server.send(7);
    await once(server, 'message');
    sockets.onReading(reading('measuring'));
    sockets.onReading(reading('draining'));
    expect(sockets.median()).toBe(7);
  } finally {
    server.kill();
    await once(server, 'close');
  }
});

it('knows nothing where there is no server', () => {
  const sockets = new HeldSockets();
  sockets.onReading(reading('connecting'));
  sockets.onReading(reading('measuring'));
  expect(sockets.median()).toBeNull();
});
