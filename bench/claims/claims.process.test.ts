import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../tests/project-files.js';
import type { ClaimsDocument } from './contract.js';
import { claimsFiles } from './page.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-claims-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/bench/claims.js'), ...args], {
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
const document = (): ClaimsDocument => JSON.parse(read('claims.json')) as ClaimsDocument;

function isDrawn(): void {
  for (const [name, content] of claimsFiles(document())) expect(read(name), name).toBe(content);
}

describe('npm run claims', () => {
  it('measures claims, runs once what two of them rest on, and draws pages and charts', async () => {
    const { code, stderr } = await run('--quick', '--only', 'frames,masking', '--seed', '5', '--out', folder);
    expect(code, stderr).toBe(0);
    const { mode, seed, claims, trials } = document();
    expect({ mode, seed }).toEqual({ mode: 'quick', seed: 5 });
    expect(claims.map(({ id, trials: used }) => [id, used])).toEqual([
      ['frames', [0, 1, 2, 3, 4]],
      ['masking', [0, 1, 2, 3, 4]],
    ]);
    expect(trials.map(({ status }) => status)).toEqual(new Array(5).fill('completed'));
    expect(trials[0]!.options).toMatch(/^--scenario websocket --workload echo .* --seed 5$/);
    // RFC 6455: 2, 4 or 10 bytes, and 4 of the key.
    expect(claims[0]!.data).toEqual({
      rows: [
        { payloadBytes: 10, up: 6, down: 2 },
        { payloadBytes: 125, up: 6, down: 2 },
        { payloadBytes: 126, up: 8, down: 4 },
        { payloadBytes: 65_535, up: 8, down: 4 },
        { payloadBytes: 65_536, up: 14, down: 10 },
      ],
    });
    expect(stderr).toContain('frames: holds');
    expect(stderr).toContain('masking: condition');
    isDrawn();
  });

  it('draws the pages again from the document, without measuring, and removes charts of before', async () => {
    const before = read('claims.json');
    writeFileSync(join(folder, 'claims.md'), 'stale');
    writeFileSync(join(folder, 'claims/old.svg'), 'stale');
    expect(await run('--from', join(folder, 'claims.json'), '--out', folder)).toMatchObject({ code: 0 });
    expect(read('claims.json')).toBe(before);
    isDrawn();
    expect(() => read('claims/old.svg')).toThrow('ENOENT');
  });

  it.each([
    [['--only', 'frame', '--out', 'x'], /--only frame: .* there are headers, /],
    [['--only', 'frames'], /--out/],
    [['--seed', '1.5'], /--seed 1\.5: a whole number/],
    [['--fast'], /--quick, --only/],
    [['--from', 'x.json', '--quick'], /--from draws what was measured before/],
    [['--from', 'nowhere.json'], /--from nowhere\.json: the file cannot be read/],
  ])('refuses %j with a sentence', async (args, sentence) => {
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  });

  it.each([
    ['what is no JSON', '{"schema":', /is no JSON/],
    ['another document', '{"schema":"pushbench/paper@1"}', /pushbench\/claims@1.*schema/],
  ])('refuses %s by name', async (_name, content, sentence) => {
    const path = join(folder, 'other.json');
    writeFileSync(path, content);
    expect(await run('--from', path, '--out', folder)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(sentence),
    });
  });

  it('refuses data that are not a claim’s, and writes nothing then', async () => {
    const path = join(folder, 'other.json');
    const page = read('claims.md');
    const [frames] = document().claims;
    writeFileSync(
      path,
      JSON.stringify({ ...document(), claims: [{ ...frames, data: { rows: [{ up: 'x' }] } }] }),
    );
    expect(await run('--from', path, '--out', folder)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/other\.json: frames: data\.rows\.0/),
    });
    expect(read('claims.md')).toBe(page);
  });
});
