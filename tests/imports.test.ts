import { describe, expect, it } from 'vitest';
import { findCycles, findReferences, findViolations } from './import-rules.js';
import { readSources } from './project-files.js';

/** Every violation of a project made of these files. */
function check(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files)));
}

describe('the sources of this project', () => {
  it('keep the import directions, hold each engine in its place and form no cycle', () => {
    const sources = readSources();
    expect(sources.size).toBeGreaterThan(20);
    expect(findViolations(sources)).toEqual([]);
  });
});

describe('the import rules', () => {
  it.each([
    ['protocol/a.ts', "import { b } from '../reports/b.js';", 'protocol may not import reports'],
    ['protocol/a.ts', "import { join } from 'node:path';", 'protocol imports nothing'],
    ['protocol/a.ts', "import { z } from 'zod';", 'protocol imports nothing'],
    ['scenarios/a.ts', "import { b } from '../servers/b.js';", 'scenarios may not import servers'],
    [
      'scenarios/wire/a.ts',
      "import type { B } from '../../servers/b.js';",
      'scenarios may not import servers',
    ],
    ['scenarios/a.ts', "import '../runner/b.js';", 'scenarios may not import runner'],
    ['scenarios/a.ts', "export * from '../reports/b.js';", 'scenarios may not import reports'],
    ['servers/a.ts', "const b = await import('../scenarios/b.js');", 'servers may not import scenarios'],
    ['servers/a.ts', "import {\n  b,\n  c,\n} from '../runner/b.js';", 'servers may not import runner'],
    ['servers/a.ts', "fork(new URL('../reports/b.js', import.meta.url));", 'servers may not import reports'],
    ['reports/a.ts', "import { b } from '../runner/b.js';", 'reports may not import runner'],
    ['runner/a.ts', "import { b } from '../bench/b.js';", 'runner may not import bench'],
    ['runner/a.ts', "import { b } from './testing/b.js';", 'for tests'],
    ['servers/sse.ts', "import { WebSocketServer } from 'ws';", 'may not import ws'],
    ['runner/trial.ts', "import autocannon from 'autocannon';", 'may not import autocannon'],
    ['reports/html.ts', "import { Chart } from 'chart.js/auto';", 'may not import chart.js'],
    ['runner/main.ts', "import yargs from 'yargs';", 'may not import yargs'],
    ['bench/a.ts', "import { b } from '../tests/b.js';", 'for tests'],
  ])('refuse %s with %j', (path, text, message) => {
    expect(check({ [path]: text })).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['runner/a.ts', "import { b } from '../servers/b.js';"],
    ['runner/a.ts', "fork(new URL('../servers/host.js', import.meta.url));"],
    ['reports/a.ts', "import { b } from '../protocol/b.js';"],
    ['scenarios/a.test.ts', "import { b } from '../servers/b.js';"],
    ['servers/websocket.ts', "import { WebSocketServer } from 'ws';"],
    ['bench/witness.ts', "import { WebSocketServer } from 'ws';"],
    ['tests/witness.process.test.ts', "import { WebSocket } from 'ws';"],
    ['runner/a.ts', "// like import { b } from '../bench/b.js'"],
    ['runner/a.ts', " * import { b } from '../bench/b.js'"],
  ])('allow %s with %j', (path, text) => {
    expect(check({ [path]: text })).toEqual([]);
  });

  it('refuse an engine in more files than it needs', () => {
    const text = "import { build } from 'hdr-histogram-js';";
    expect(check({ 'runner/a.ts': text, 'reports/b.ts': text })).toEqual([]);
    expect(check({ 'runner/a.ts': text, 'reports/b.ts': text, 'reports/c.ts': text })).toEqual([
      expect.stringContaining('hdr-histogram-js is imported in more than 2'),
    ]);
  });

  it('refuse a cycle, also one of types alone, and name the files along it', () => {
    expect(
      check({
        'runner/a.ts': "import type { B } from './b.js';",
        'runner/b.ts': "import { c } from './c.js';",
        'runner/c.ts': "import { a } from './a.js';",
      }),
    ).toEqual(['import cycle: runner/a.ts -> runner/b.ts -> runner/c.ts -> runner/a.ts']);
  });
});

describe('findCycles', () => {
  it('finds a file that imports itself', () => {
    expect(findCycles(new Map([['a', ['a']]]))).toEqual([['a', 'a']]);
  });

  it('takes two ways to one file for no cycle', () => {
    const diamond = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
      ['d', []],
    ]);
    expect(findCycles(diamond)).toEqual([]);
  });
});

describe('findReferences', () => {
  it('tells a file that is started from one that is imported', () => {
    expect(findReferences("import a from './a.js';\nconst b = new URL('./b.js', import.meta.url);")).toEqual([
      { specifier: './a.js', isStarted: false },
      { specifier: './b.js', isStarted: true },
    ]);
  });
});
