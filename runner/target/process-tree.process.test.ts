import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { isAlive, ProcessTree } from './process-tree.js';

/** Starts a child that burns CPU in two threads, and says so; ends both when it is told. */
const PROGRAM = `
  const { spawn } = require('node:child_process');
  const { Worker } = require('node:worker_threads');
  const burn = (ms) => { const until = Date.now() + ms; while (Date.now() < until); };
  if (process.argv[1] !== 'child') {
    const child = spawn(process.execPath, ['-e', process.env.PROGRAM, 'child'], { stdio: ['pipe', 'inherit', 'inherit'] });
    child.on('exit', () => console.log('child gone'));
    process.stdin.once('data', () => child.stdin.end('x'));
  } else {
    process.stdin.once('data', () => process.exit());
    const worker = new Worker('const until = Date.now() + 300; while (Date.now() < until); setInterval(() => {}, 1000)', { eval: true });
    setTimeout(() => { burn(300); console.log('burnt'); }, 300);
  }
`;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) process.kill(-pid!, 'SIGKILL');
});

async function says(child: ChildProcess, text: string): Promise<void> {
  for (;;) {
    const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
    if (chunk.toString().includes(text)) return;
  }
}

it('counts CPU and memory of everything that a process has started, and keeps what ended', async () => {
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    env: { ...process.env, PROGRAM },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  started.push(child);
  const tree = new ProcessTree(child.pid!);
  await says(child, 'burnt');
  const both = tree.read()!;
  const marks = tree.marks();
  expect(marks).toHaveLength(2);
  // On a machine that may have had better things to do.
  expect(both.cpuMicros).toBeGreaterThan(20_000);
  expect(both.rssBytes).toBeGreaterThan(40_000_000);
  const gone = says(child, 'child gone');
  child.stdin!.write('x');
  await gone;
  const one = tree.read()!;
  expect(tree.marks().map(({ pid }) => pid)).toEqual([child.pid]);
  expect(marks.map(isAlive).filter(Boolean)).toHaveLength(1);
  expect(one.cpuMicros).toBeGreaterThanOrEqual(both.cpuMicros);
  expect(one.rssBytes).toBeLessThan(both.rssBytes);
});

/** Runs a child that burns 200 ms of CPU time at each word it is told, and says when it has ended. */
const SHORT = `
  const { spawnSync } = require('node:child_process');
  const burn = 'while (process.cpuUsage().user < 200_000);';
  process.stdin.on('data', () => { spawnSync(process.execPath, ['-e', burn]); console.log('done'); });
  console.log('here');
`;

it('counts children that live and die between two readings', async () => {
  const child = spawn(process.execPath, ['-e', SHORT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  started.push(child);
  await says(child, 'here');
  const tree = new ProcessTree(child.pid!);
  const before = tree.read()!.cpuMicros;
  const done = says(child, 'done');
  child.stdin!.write('x');
  await done;
  expect(tree.read()!.cpuMicros - before).toBeGreaterThan(190_000);
});

it('has nothing to say of a process that is gone', () => {
  expect(new ProcessTree(2 ** 30).read()).toBeNull();
});
