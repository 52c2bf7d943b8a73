import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli.js';
import type { DryRun } from '../dry-run.js';
import { processPlan } from '../process-plan.js';
import { fakeTerminal } from '../testing/fake-terminal.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-options-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function dry(...argv: string[]) {
  const terminal = fakeTerminal({});
  const code = await runCli(['--dry-run', '--out', join(folder, 'out'), ...argv], terminal, '1.2.3');
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('--rtt and --bandwidth', () => {
  it('are refused by name when they make no sense, all at once', async () => {
    const { code, err } = await dry('--rtt', '-5', '--bandwidth', 'fast');
    expect(code).toBe(2);
    expect(err).toContain('--rtt: "-5" is not 0 or a number of milliseconds from 4 to 2,000.');
    expect(err).toContain('--bandwidth: "fast" is not a number of bits a second');
    const finer = await dry('--rtt', '3');
    expect(finer.err).toContain("the link's timers are no finer");
  });

  it('are refused when one message would not pass in a second', async () => {
    const { code, err } = await dry('--bandwidth', '8k', '--payload', '2000');
    expect(code).toBe(2);
    expect(err).toContain('--bandwidth 8000: one message of 2,000 bytes is 16,000 bits');
    expect(err).toContain('Use at least 16000 bit/s or a smaller --payload.');
    expect((await dry('--bandwidth', '16k', '--payload', '2000')).code).toBe(0);
  });

  it('stand in the plan, in the command that repeats it and in the words of a dry run', async () => {
    const argv = ['--scenario', 'sse', '--rtt', '100', '--bandwidth', '1.5M', '--clients', '20000'];
    const { plan, command, needs } = JSON.parse((await dry('--json', ...argv)).out) as DryRun;
    expect(plan).toMatchObject({ rttMs: 100, bandwidthBitsPerSecond: 1_500_000 });
    expect(command.join(' ')).toContain('--rtt 100 --bandwidth 1500000');
    expect(needs[0]!.processes).toMatchObject({ links: 3, clientsPerLink: 6667 });
    const { out } = await dry(...argv);
    expect(out).toContain('100 ms round trip, 50 ms each way; 1,500,000 bit/s for each client and direction');
    expect(out).toContain('3 link processes (6,667 clients each)');
  });

  it('put nothing between clients and server when they are not given', async () => {
    const { plan, command, needs } = JSON.parse((await dry('--json')).out) as DryRun;
    expect(plan).toMatchObject({ rttMs: 0, bandwidthBitsPerSecond: null });
    expect(command.join(' ')).not.toMatch(/--rtt|--bandwidth/);
    expect(needs[0]!.processes).toMatchObject({ links: 0, clientsPerLink: 0 });
  });
});

describe('link processes', () => {
  it.each([
    [1, 1],
    [9000, 1],
    [9001, 2],
    [18_001, 3],
    [100_000, 12],
  ])('%i clients need %i, two descriptors a client', (clients, links) => {
    const plan = processPlan(clients, 2, null, true);
    expect(plan.links).toBe(links);
    expect(2 * plan.clientsPerLink).toBeLessThanOrEqual(18_000);
  });
});
