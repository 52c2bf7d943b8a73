import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostReport } from '../../servers/contract.js';
import type { TargetHostReport, TargetSpec } from './contract.js';
import { TargetHost } from './target-host.js';
import { TargetProcess } from './target-process.js';
import { chatTarget } from './testing/chat-target.js';

let folder = '';
const running: TargetProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-target-'));
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a worker in a session of its own, as a daemon is, and prints its id; then does something. */
function withWorker(then: string): readonly string[] {
  const worker = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
  const script =
    `const worker = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(worker)}], ` +
    `{ detached: true, stdio: 'ignore' }); worker.unref(); worker.on('spawn', () => { ` +
    `process.stdout.write('worker ' + worker.pid + '\\n', () => { ${then} }); });`;
  return [process.execPath, '-e', script];
}

const START = (argv: readonly string[]): TargetProcess => {
  const started = new TargetProcess({ argv, cwd: folder, env: {}, port: null }, 1, null);
  running.push(started);
  return started;
};

function said(started: TargetProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    started.onStdout = (text) => {
      const found = pattern.exec(text);
      if (found !== null) resolve(found[1]!);
    };
  });
}

const lives = (pid: string): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

describe('the process of a target', () => {
  it('is ended with a worker that left its group and session', async () => {
    const started = START(withWorker('setInterval(() => {}, 1000);'));
    const worker = await said(started, /worker (\d+)\n/);
    await started.end();
    expect(lives(worker)).toBe(false);
  });

  it('leaves no such worker behind when it has died itself', async () => {
    const started = START(withWorker('process.exit(3);'));
    const worker = await said(started, /worker (\d+)\n/);
    await started.ended;
    expect(lives(worker)).toBe(true);
    await started.end();
    expect(lives(worker)).toBe(false);
  });

  it('is waited for by everybody who ends it', async () => {
    const started = START(withWorker('setInterval(() => {}, 1000);'));
    const worker = await said(started, /worker (\d+)\n/);
    void started.end();
    await started.end();
    expect(lives(worker)).toBe(false);
  });

  it('says last what it printed, where it had no errors', async () => {
    const started = START([
      process.execPath,
      '-e',
      'process.stdout.write("port \\u001b[31mtaken\\n", () => process.exit(2));',
    ]);
    await started.ended;
    expect(started.death).toBe('ended with code 2; it last said: port taken');
  });

  it('names the folder that is missing', async () => {
    const argv = ['taskset', '-c', '0', 'node'];
    const started = new TargetProcess({ argv, cwd: join(folder, 'gone'), env: {}, port: null }, 1, null);
    await started.ended;
    expect(started.death).toBe(`could not be started: there is no folder ${join(folder, 'gone')}`);
    await started.end();
  });
});

describe('the host of a target', () => {
  type Reports = (HostReport | TargetHostReport)[];

  /** A host in this process, and its exit. */
  function host(target: TargetSpec) {
    const reports: Reports = [];
    let told = (): void => {};
    const reported = new Promise<void>((resolve) => {
      told = resolve;
    });
    let exit = (_code: number): void => {};
    const exited = new Promise<number>((resolve) => {
      exit = resolve;
    });
    const own = new TargetHost(
      (report) => {
        reports.push(report);
        told();
      },
      (code) => exit(code),
    );
    void own.obey({ type: 'aim', target, run: '0badcafe', cores: null });
    own
      .obey({ type: 'serve', scenario: 'chat', settings: {} as never })
      .catch((error: unknown) => own.fail(error));
    return { own, reports, reported, exited };
  }

  it('leaves when its server is gone, although it is told to leave while it ends one that never got ready', async () => {
    const { own, reports, reported, exited } = host(
      chatTarget({
        command: { argv: withWorker('setInterval(() => {}, 1000);'), cwd: folder, env: {}, port: null },
        ready: { check: { by: 'port' }, timeoutMs: 1000 },
      }),
    );
    await reported;
    await own.obey({ type: 'abort' });
    await exited;
    const [fault] = reports;
    const worker = /worker (\d+)/.exec((fault as { message: string }).message)![1]!;
    expect(lives(worker)).toBe(false);
  });

  it('finds the text that says ready, however much follows it at once', async () => {
    const script = 'process.stdout.write("now ready\\n" + "x".repeat(500000)); setInterval(() => {}, 1000);';
    const { own, reports, reported, exited } = host(
      chatTarget({
        command: { argv: [process.execPath, '-e', script], cwd: folder, env: {}, port: null },
        ready: { check: { by: 'stdout', text: 'now ready' }, timeoutMs: 20_000 },
      }),
    );
    await reported;
    expect(reports).toMatchObject([{ type: 'listening' }]);
    await own.obey({ type: 'abort' });
    await exited;
  });

  it('reports what a server says in printable characters', async () => {
    const rude = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(
        'HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/?token=hunter2\u009b31m\r\n\r\n',
        'latin1',
      );
    });
    rude.listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const { port } = rude.address() as { port: number };
    try {
      const { reports, reported, exited } = host(
        chatTarget({
          origin: { address: '127.0.0.1', hostname: '127.0.0.1', port },
          command: null,
          publish: {
            by: 'websocket',
            origin: null,
            path: '/',
            headers: {},
            hello: [],
            readyAt: null,
            replies: {},
            message: '{message}',
          },
        }),
      );
      await reported;
      await exited;
      expect(reports).toMatchObject([{ type: 'fault', isWhole: true }]);
      const { message } = reports[0] as { message: string };
      expect(message).toMatch(/^the target "chat" gave its publisher no socket: .*redirect \(302\)/);
      expect(message).not.toMatch(/\p{Cc}|hunter2/u);
    } finally {
      rude.close();
    }
  });
});
