import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TrendDocument } from '../reports/history/contract.js';
import { parseXml } from '../reports/testing/xml-elements.js';
import { ActionRun } from './support/action-run.js';
import { runTool } from './support/tool.js';

let run: ActionRun | undefined;
afterEach(() => run?.clear());

/** A tool that tells what it was called with and ends with a code, with a verdict in its result or without a result. */
const recorder = (code: number, verdict: string | null = null): string =>
  `import { writeFileSync } from 'node:fs';
const out = process.argv.find((each) => each.startsWith('--out=')).slice(6);
writeFileSync(out + '/report.html', '');
writeFileSync(out + '/called.json', JSON.stringify(process.argv.slice(2)));
if (${verdict !== null}) writeFileSync(out + '/results.json', '{"comparison":{"outcome":"${verdict}"}}');
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
      verdict: '',
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
  ])('after exit code %i it says %s, and with "inconclusive: %s" the job ends with %i', async (...row) => {
    const [code, outcome, inconclusive, ends] = row;
    run = new ActionRun({ base: 'a', head: 'b', inconclusive }, recorder(code));
    expect(await run.step('Compare base and head')).toMatchObject({ code: 0, outputs: { outcome } });
    const verdict = await run.step('Verdict');
    expect(verdict.code).toBe(ends);
    if (outcome === 'inconclusive') expect(verdict.out).toMatch(/^::warning title=pushbench::.*no pass/u);
    if (outcome === 'error') expect(verdict.out).toMatch(/^::error title=pushbench::/u);
  });

  it.each([
    ['pass', 'error', /^::error .*Something failed, .* the gate says: pass\./u],
    ['fail', 'fail', /^::error .*The head is worse than the base, and something failed beside that/u],
    ['anything', 'error', /^::error .*Nothing was judged/u],
  ])('where something failed beside the verdict %s it says %s, and the job is red', async (...row) => {
    const [verdict, outcome, sentence] = row;
    run = new ActionRun({ base: 'a', head: 'b' }, recorder(4, verdict));
    expect(await run.step('Compare base and head')).toMatchObject({ code: 0, outputs: { outcome } });
    const ended = await run.step('Verdict');
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(sentence);
  });

  it('refuses a wrong input before anything is measured', async () => {
    run = new ActionRun({ base: 'a', head: 'b', inconclusive: 'ignore' }, recorder(0));
    const { code, out, outputs } = await run.step('Compare base and head');
    expect(code).toBe(2);
    expect(out).toContain('::error title=pushbench::The input "inconclusive" is neither fail nor warn.');
    expect(outputs).toEqual({});
    expect(readdirSync(join(run.folder, 'temp'))).toEqual([]);
  });
});

describe('the base that nobody named', () => {
  /** A repository in which `topic` left `main` before another change came there. */
  function repository(workspace: string): (...argv: string[]) => string {
    const own = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
    const git = (...argv: string[]): string =>
      execFileSync('git', [...own, ...argv], { cwd: workspace, encoding: 'utf8' }).trim();
    const commit = (message: string): string => git('commit', '--quiet', '--allow-empty', '-m', message);
    git('init', '--quiet', '--initial-branch=main');
    commit('first');
    git('checkout', '--quiet', '-b', 'topic');
    commit('a change');
    git('checkout', '--quiet', 'main');
    commit('the change of somebody else');
    return git;
  }

  async function baseWith(
    checkOut: (git: (...argv: string[]) => string) => Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const event: Record<string, string> = {};
    run = new ActionRun({}, recorder(0), event);
    Object.assign(event, checkOut(repository(run.workspace)));
    const { outputs, out } = await run.step('Compare base and head');
    expect(outputs.folder, out).toBeDefined();
    return calledWith(outputs.folder!).find((each) => each.startsWith('--base='));
  }

  it('is what a pull request is merged into, not the older commit that the event names', async () => {
    const base = await baseWith((git) => {
      git('merge', '--quiet', '--no-ff', '-m', 'as GitHub does', 'topic');
      return { 'base.sha': git('rev-parse', 'main~2'), 'head.sha': git('rev-parse', 'topic') };
    });
    expect(base).toBe('--base=git:HEAD^1');
  });

  it('is that of the event where the head itself is checked out, also where that is a merge', async () => {
    let sha = '';
    const base = await baseWith((git) => {
      git('checkout', '--quiet', 'topic');
      git('merge', '--quiet', '--no-ff', '-m', 'main into topic', 'main');
      sha = git('rev-parse', 'main');
      return { 'base.sha': sha, 'head.sha': git('rev-parse', 'topic') };
    });
    expect(base).toBe(`--base=git:${sha}`);
  });

  it('is the commit before outside of pull requests', async () => {
    expect(await baseWith(() => ({}))).toBe('--base=git:HEAD^');
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
      `${join(run.folder, 'action')}: ci --include=dev --ignore-scripts --no-audit --no-fund`,
      `${join(run.folder, 'action')}: run build`,
      '',
    ]);
    expect(existsSync(join(run.workspace, 'node_modules'))).toBe(false);
  });
});

/** A feed of somebody else's; `fields` stand before the data of each event. */
const feed = (fields: string): string => `import { createServer } from 'node:http';
const clients = new Set();
createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(':\\n\\n');
    clients.add(response);
    response.on('close', () => clients.delete(response));
    return;
  }
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    for (const client of clients) client.write(\`${fields}data: \${body}\\n\\n\`);
    response.end();
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const CONFIG = JSON.stringify({
  targets: {
    feed: {
      command: ['node', 'server.mjs'],
      transport: 'sse',
      subscribe: { path: '/feed' },
      publish: { http: { path: '/say', body: '{message}' } },
    },
  },
});

describe('the action as a whole, with the tool itself', () => {
  /** As short as a comparison can be, and lenient: whether this machine is quiet is not the question. */
  const SHORT = [
    ...['--clients', '10', '--duration', '0.5', '--warmup', '0', '--calibrate', 'never'],
    ...['generatorShareMs=3600000', 'publisherLagMs=3600000', 'generatorUtilization=1', 'stealPercent=100']
      .concat('foreignCpuPercent=100')
      .flatMap((limit) => ['--limit', limit]),
  ].join('\n');

  it('ends red for a commit that sends more bytes, with annotations, summary, report and JUnit', async () => {
    run = new ActionRun(
      { base: 'HEAD^', config: 'pushbench.config.json', target: 'feed', pairs: '1', arguments: SHORT },
      null,
    );
    const { workspace } = run;
    const git = (...argv: string[]): Buffer =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', ...argv], {
        cwd: workspace,
      });
    git('init', '--quiet');
    writeFileSync(join(workspace, 'pushbench.config.json'), CONFIG);
    for (const fields of ['', 'event: news\\n']) {
      writeFileSync(join(workspace, 'server.mjs'), feed(fields));
      git('add', '--all');
      git('commit', '--quiet', '--message', 'a commit');
    }
    const compared = await run.step('Compare base and head');
    expect(compared.outputs, compared.out).toMatchObject({ outcome: 'fail', 'exit-code': '1' });
    expect(compared.out).toMatch(/^::error title=pushbench%3A wire\.perDelivery\.down\./mu);
    expect(run.summary()).toMatch(/^## pushbench: The gate fails\.$/mu);
    const { folder, report } = compared.outputs;
    expect(readdirSync(folder!).sort()).toEqual(['junit.xml', 'report.html', 'results.json', 'summary.md']);
    expect(readFileSync(report!, 'utf8')).toMatch(/<\/html>\n$/u);
    const junit = parseXml(readFileSync(join(folder!, 'junit.xml'), 'utf8'));
    expect(Number(junit.attributes.failures)).toBeGreaterThan(0);
    expect((await run.step('Verdict')).code).toBe(1);
    // The repository is as it was: no file, no worktree.
    expect(git('status', '--porcelain').toString()).toBe('');
    expect(git('worktree', 'list').toString().trim().split('\n')).toHaveLength(1);
    // What is measured in CI every day is what a trend is drawn of.
    const trend = await runTool(folder!, ['trend', '.', '--json']);
    const document = JSON.parse(trend.out) as TrendDocument;
    expect(document, trend.err).toMatchObject({ results: 1, skipped: [] });
    expect(new Set(document.groups[0]!.series.map(({ scenario }) => scenario))).toEqual(new Set(['feed']));
  });

  it('is no pass and no fail of the job where the arguments are wrong', async () => {
    run = new ActionRun({ base: 'scenario:ssee', head: 'scenario:sse', pairs: 'many' }, null);
    const compared = await run.step('Compare base and head');
    expect(compared).toMatchObject({ code: 0, outputs: { outcome: 'error', 'exit-code': '2' } });
    expect(compared.out).toContain('Nothing was started.');
    expect((await run.step('Verdict')).code).toBe(4);
  });
});
