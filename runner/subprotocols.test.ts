import { describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import type { DryRun } from './dry-run.js';
import { fakeTerminal } from './testing/fake-terminal.js';
import { shardPlans } from './trial-parts.js';

async function dry(...argv: string[]) {
  const terminal = fakeTerminal({});
  const code = await runCli(['--dry-run', '--json', '--seed', '1', ...argv], terminal, '1.2.3');
  return { code, out: terminal.out(), err: terminal.err() };
}

async function resolved(...argv: string[]): Promise<DryRun> {
  return JSON.parse((await dry(...argv)).out) as DryRun;
}

describe('--subprotocols', () => {
  it('is part of the plan, of the command that repeats it and of what every shard is told', async () => {
    const { plan, command } = await resolved(
      ...['--scenario', 'websocket', '--subprotocols', 'chat,superchat', '--subprotocols', 'chat'],
    );
    expect(plan.subprotocols).toEqual(['chat', 'superchat']);
    expect(command.join(' ')).toContain('--subprotocols chat,superchat');
    const target = { address: '127.0.0.1', port: 10_000, host: 'x', path: '/' };
    const [shard] = shardPlans(
      plan,
      { scenario: 'websocket', clients: 1, trial: 1, order: 1 },
      { servers: 1, shards: 1 } as never,
      [{ target, clients: 1 }],
    );
    expect(shard!.subprotocols).toEqual(['chat', 'superchat']);
  });

  it('is in none of them when it is not given', async () => {
    const { plan, command } = await resolved('--scenario', 'websocket');
    expect(plan).not.toHaveProperty('subprotocols');
    expect(command).not.toContain('--subprotocols');
  });

  it.each(['ch at', 'chat;q=1', 'é', 'a'.repeat(65), ''])('refuses %j by name', async (given) => {
    const { code, err } = await dry('--scenario', 'websocket', '--subprotocols', given);
    expect(code).toBe(2);
    expect(err).toContain('--subprotocols');
  });

  it('says so when nobody will ask', async () => {
    expect((await resolved('--scenario', 'sse', '--subprotocols', 'chat')).notes.join()).toContain(
      '--subprotocols is not used',
    );
    expect((await resolved('--scenario', 'websocket-raw', '--subprotocols', 'chat')).notes).toEqual([]);
  });
});
