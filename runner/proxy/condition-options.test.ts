import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli.js';
import type { DryRun } from '../dry-run.js';
import { fakeTerminal } from '../testing/fake-terminal.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'condition-options-'));
  // These tests are about options: the program itself is for those that start it.
  writeFileSync(join(folder, 'nginx'), '#!/bin/sh\necho "nginx version: nginx/1.22.1" >&2\n');
  chmodSync(join(folder, 'nginx'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function dry(...argv: string[]) {
  const terminal = fakeTerminal({ PATH: folder });
  const code = await runCli(['--dry-run', '--out', join(folder, 'out'), ...argv], terminal, '1.2.3');
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('--proxy, --handler-delay and --handlers', () => {
  it('are refused by name when they make no sense, all at once', async () => {
    const { code, err } = await dry('--proxy', 'ngin', '--handler-delay', '0', '--handlers', '1.5');
    expect(code).toBe(2);
    expect(err).toContain(
      '--proxy: "ngin" is not a proxy; allowed: nginx, nginx-default. Did you mean "nginx"?',
    );
    expect(err).toContain('--handler-delay: "0" is not a whole number from 1 to 60,000');
    expect(err).toContain('--handlers: "1.5" is not a whole number from 1 to 10,000');
  });

  it('are refused when handlers would have nothing to do, or never be done', async () => {
    expect((await dry('--handlers', '2')).err).toContain('--handlers needs --handler-delay');
    const endless = await dry('--handler-delay', '60000', '--clients', '1000');
    expect([endless.code, endless.err]).toEqual([
      2,
      expect.stringContaining('= 15,000 s to connect one after'),
    ]);
  });

  it('stand in the plan, in the command that repeats it and in the words of a dry run', async () => {
    const argv = [
      '--scenario',
      'sse',
      '--clients',
      '100',
      '--proxy',
      'nginx-default',
      '--handler-delay',
      '50',
    ];
    const { plan, command } = JSON.parse((await dry('--json', ...argv)).out) as DryRun;
    expect(plan).toMatchObject({ proxy: 'nginx-default', handlers: { count: 4, delayMs: 50 } });
    expect(command.join(' ')).toContain('--proxy nginx-default --handler-delay 50 --handlers 4');
    const { out } = await dry(...argv);
    expect(out).toMatch(/^proxy +nginx-default on the server's core: proxy_pass alone; 325 descriptors/m);
    expect(out).toMatch(/^handlers +4 in a server process, each 50 ms busy with a request$/m);
    expect(out).toContain('note: 100 clients take about 1 s to connect');
  });

  it('make a run as long as they make its clients wait', async () => {
    const seconds = async (...argv: string[]): Promise<number> =>
      (JSON.parse((await dry('--json', '--scenario', 'sse', '--trials', '1', ...argv)).out) as DryRun)
        .estimatedSeconds;
    const plain = await seconds('--clients', '100');
    expect(
      (await seconds('--clients', '100', '--handler-delay', '100', '--handlers', '1')) - plain,
    ).toBeCloseTo(10, 0);
    expect(await seconds('--clients', '100', '--proxy', 'nginx')).toBe(plain);
    expect(await seconds('--clients', '100', '--proxy', 'nginx-default')).toBeGreaterThan(plain + 3);
  });

  it('put nothing between request and answer when they are not given', async () => {
    const { plan, command } = JSON.parse((await dry('--json')).out) as DryRun;
    expect([plan.proxy, plan.handlers]).toEqual([undefined, undefined]);
    expect(command.join(' ')).not.toMatch(/--proxy|--handler/);
  });
});
