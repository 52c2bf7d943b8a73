import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ActionRun } from './support/action-run.js';

let run: ActionRun | undefined;
afterEach(() => run?.clear());

/** A tool that tells what it was called with and ends with a code. */
const recorder = (code: number): string =>
  `import { writeFileSync } from 'node:fs';
const out = process.argv.find((each) => each.startsWith('--out=')).slice(6);
writeFileSync(out + '/report.html', '');
writeFileSync(out + '/called.json', JSON.stringify(process.argv.slice(2)));
process.exit(${code});
`;

function calledWith(folder: string): string[] {
  const said = JSON.parse(readFileSync(join(folder, 'called.json'), 'utf8')) as string[];
  return said.map((each) => each.replace(folder, '<folder>'));
}

describe('the step that compares', () => {
  it('calls the tool with what was given and nothing else, and writes the outputs', async () => {
    run = new ActionRun({ base: 'main', head: 'HEAD' }, recorder(0));
    const { code, outputs } = await run.step('Compare base and head');
    expect(code).toBe(0);
    expect(calledWith(outputs.folder!)).toEqual([
      ...['compare', '--gate', '--github', '--out=<folder>', '--junit=<folder>/junit.xml'],
      ...['--base=git:main', '--head=git:HEAD'],
    ]);
    expect(outputs).toEqual({
      outcome: 'pass',
      'exit-code': '0',
      folder: expect.stringContaining(join(run.folder, 'temp')),
      report: `${outputs.folder}/report.html`,
    });
  });

  it('hands every input over as one argument, whatever it holds', async () => {
    const evil = '$(touch pwned); `touch pwned` "\' && touch pwned #';
    run = new ActionRun(
      {
        base: `cmd:node server.js ${evil}`,
        head: evil,
        config: `a b ${evil}.json`,
        target: `--out=${evil}`,
        pairs: '3',
        budget: '60',
        arguments: `--clients\n100\r\n\n--label=${evil}\n* ?`,
      },
      recorder(0),
    );
    const { outputs } = await run.step('Compare base and head');
    expect(calledWith(outputs.folder!).slice(5)).toEqual([
      `--base=cmd:node server.js ${evil}`,
      `--head=git:${evil}`,
      `--config=a b ${evil}.json`,
      `--target=--out=${evil}`,
      ...['--pairs=3', '--budget=60', '--clients', '100', `--label=${evil}`, '* ?'],
    ]);
    expect(readdirSync(run.workspace)).toEqual([]);
  });

  it.each([
    [0, 'pass', 'warn', 0],
    [1, 'fail', 'warn', 1],
    [3, 'inconclusive', 'warn', 0],
    [3, 'inconclusive', 'fail', 3],
    [2, 'error', 'warn', 4],
    [4, 'error', 'warn', 4],
    [143, 'error', 'warn', 4],
    [0, 'pass', 'ignore', 2],
  ])('after exit code %i it says %s, and with "inconclusive: %s" the job ends with %i', async (...row) => {
    const [code, outcome, inconclusive, ends] = row;
    run = new ActionRun({ base: 'a', head: 'b', inconclusive }, recorder(code));
    expect(await run.step('Compare base and head')).toMatchObject({ code: 0, outputs: { outcome } });
    const verdict = await run.step('Verdict');
    expect(verdict.code).toBe(ends);
    if (outcome === 'inconclusive') expect(verdict.out).toMatch(/^::warning title=pushbench::.*no pass/u);
    if (outcome === 'error') expect(verdict.out).toMatch(/^::error title=pushbench::/u);
  });
});

describe('the step that builds', () => {
  it('installs by the lock file and builds, in the folder of the action and not in the repository', async () => {
    run = new ActionRun({}, recorder(0));
    const bin = join(run.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho "$PWD: $*" >>"${run.folder}/npm.log"\n`, {
      mode: 0o755,
    });
    expect((await run.step('Build pushbench', bin)).code).toBe(0);
    expect(readFileSync(join(run.folder, 'npm.log'), 'utf8').split('\n')).toEqual([
      `${join(run.folder, 'action')}: ci --ignore-scripts --no-audit --no-fund`,
      `${join(run.folder, 'action')}: run build`,
      '',
    ]);
    expect(existsSync(join(run.workspace, 'node_modules'))).toBe(false);
  });
});
