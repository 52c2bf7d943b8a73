import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../tests/project-files.js';
import type { PaperDocument } from './contract.js';
import { paperPage } from './page.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-paper-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function paper(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/bench/paper.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const document = (): PaperDocument => JSON.parse(read('paper-vs-ours.json')) as PaperDocument;

describe('npm run paper', () => {
  it('measures a claim with bytes of exactly the sizes it is about, and draws the page from what it kept', async () => {
    const { code, stderr } = await paper('--quick', '--only', 'kaazing,hpbn', '--out', folder);
    expect(code, stderr).toBe(0);
    const [kaazing, hpbn] = document().claims;
    const value = (claim: typeof kaazing, what: string) =>
      claim?.comparisons.find((row) => row.what === what)?.ours;
    expect(kaazing).toMatchObject({ id: 'kaazing', mode: 'quick' });
    // 716 and 193; a poll with payload and three segments against a frame with two.
    expect(value(kaazing, 'headers of a poll that brings a message')).toBe(909);
    expect(value(kaazing, 'polling : WebSocket, on the wire with payload and IP')).toBeCloseTo(
      1086 / 127,
      10,
    );
    const requests = value(hpbn, 'requests a second')!;
    expect(requests).toBeGreaterThan(150);
    expect((value(hpbn, 'headers')! * 1e6) / 8 / requests).toBeCloseTo(850, 6);
    expect(value(hpbn, 'messages delivered')).toBe(0);
    expect([...kaazing!.trials, ...hpbn!.trials].map(({ status }) => status)).toEqual(
      new Array(5).fill('completed'),
    );
    expect(read('paper-vs-ours.md')).toBe(paperPage(document()));
  });

  it('draws the page again without measuring anything', async () => {
    writeFileSync(join(folder, 'paper-vs-ours.md'), 'stale');
    const before = read('paper-vs-ours.json');
    expect(await paper('--render', '--out', folder)).toMatchObject({ code: 0 });
    expect(read('paper-vs-ours.json')).toBe(before);
    expect(read('paper-vs-ours.md')).toBe(paperPage(document()));
  });

  it('refuses a claim that is not there, an option that is not there, and a file that is something else', async () => {
    expect(await paper('--only', 'kaazin')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--only kaazin: .* there are kaazing, /),
    });
    expect(await paper('--fast')).toMatchObject({ code: 2, stderr: expect.stringContaining('--quick') });
    const other = mkdtempSync(join(folder, 'other-'));
    expect(await paper('--render', '--out', other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm run paper'),
    });
    writeFileSync(join(other, 'paper-vs-ours.json'), '{"schema":"pushbench/paper@1"');
    expect(await paper('--render', '--out', other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('pushbench/paper@1'),
    });
  });
});
