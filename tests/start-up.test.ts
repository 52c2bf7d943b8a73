import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProjectFile } from './project-files.js';

/** What is imported when a file is loaded: no types, and nothing that is imported later. */
const STATIC = /^(?:import|export)\s+(?!type\b)[^'"`;]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'/gm;

/** The packages that a file's loading loads, over all that it imports of ours. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, from, alone] of readProjectFile(path).matchAll(STATIC)) {
      const specifier = (from ?? alone)!;
      if (specifier.startsWith('.'))
        visit(posix.join(posix.dirname(path), specifier.replace(/\.js$/, '.ts')));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  };
  visit(entry);
  return packages;
}

describe('a process loads what it needs to start', () => {
  it.each([
    ['servers/host.ts', []],
    ['runner/target/host.ts', []],
    ['runner/shard.ts', ['hdr-histogram-js']],
    ['runner/link/link-side.ts', []],
    ['runner/main.ts', ['lilconfig', 'simple-statistics', 'yargs-parser', 'zod']],
  ])('%s', (entry, packages) => {
    expect([...packagesOf(entry)].sort()).toEqual(packages);
  });
});
