import { posix } from 'node:path';

/** Our folders, and of which of ours each may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  scenarios: ['protocol', 'scenarios'],
  servers: ['protocol', 'servers'],
  reports: ['protocol', 'reports'],
  runner: ['protocol', 'scenarios', 'servers', 'reports', 'runner'],
  bench: ['protocol', 'scenarios', 'servers', 'reports', 'runner', 'bench'],
};

/** Where each engine is imported, so that it can be changed in one place; witnesses in bench/ and tests are free. */
const ENGINES: readonly { readonly name: string; readonly where: RegExp; readonly files: number }[] = [
  { name: 'ws', where: /^servers\/websocket\.ts$/, files: 1 },
  { name: 'better-sse', where: /^servers\/sse-library\.ts$/, files: 1 },
  { name: 'socket.io', where: /^servers\/socketio\//, files: 2 },
  { name: 'autocannon', where: /^runner\/ceiling\.ts$/, files: 1 },
  { name: 'tinybench', where: /^runner\/.*micro/, files: 1 },
  { name: 'hdr-histogram-js', where: /^(runner|reports)\//, files: 2 },
  { name: 'yargs', where: /^runner\/options\/help\.ts$/, files: 1 },
  { name: 'yargs-parser', where: /^runner\/options\/arguments\.ts$/, files: 1 },
  { name: 'lilconfig', where: /^runner\//, files: 1 },
  { name: 'log-update', where: /^runner\//, files: 1 },
  { name: 'cli-table3', where: /^(runner|reports)\//, files: 1 },
  { name: 'simple-statistics', where: /^reports\//, files: 1 },
  { name: 'chart.js', where: /^reports\/page\//, files: Number.POSITIVE_INFINITY },
  { name: 'chartjs-plugin-annotation', where: /^reports\/page\//, files: Number.POSITIVE_INFINITY },
];

/** One reference from a file to a module. */
export interface Reference {
  readonly specifier: string;
  /** True for `new URL('./x.js', import.meta.url)`: a file that is started, not imported. */
  readonly isStarted: boolean;
}

/** Every module a source text refers to, types contained. */
export function findReferences(text: string): Reference[] {
  const references: Reference[] = [];
  const collect = (pattern: RegExp, isStarted: boolean): void => {
    for (const match of text.matchAll(pattern)) references.push({ specifier: match[1]!, isStarted });
  };
  collect(/^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm, false);
  collect(/^[ \t]*import\s*['"]([^'"]+)['"]/gm, false);
  collect(/\b(?:import|require|require\.resolve)\(\s*['"]([^'"]+)['"]/g, false);
  collect(/\bnew URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g, true);
  return references;
}

/** Whether a file is a test or serves tests only: such files may import anything, and nothing else may import them. */
export function isForTests(path: string): boolean {
  return /\.test\.ts$|(^|\/)testing\/|^tests\//.test(path);
}

/**
 * What breaks the import rules, one sentence each, in order of the files; empty when all is well.
 *
 * @param sources text by path from the project's root, with forward slashes
 */
export function findViolations(sources: ReadonlyMap<string, string>): string[] {
  const violations: string[] = [];
  const edges = new Map<string, string[]>();
  const engineFiles = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    if (isForTests(path)) continue;
    const imported: string[] = [];
    for (const { specifier, isStarted } of findReferences(text)) {
      const target = resolve(path, specifier, sources);
      violations.push(...judge(path, specifier, target));
      if (target && !isStarted) imported.push(target);
      const engine = ENGINES.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
      if (engine && !path.startsWith('bench/')) {
        engineFiles.set(engine.name, (engineFiles.get(engine.name) ?? new Set()).add(path));
      }
    }
    edges.set(path, imported);
  }
  for (const { name, where, files } of ENGINES) {
    const paths = [...(engineFiles.get(name) ?? [])];
    for (const path of paths.filter((path) => !where.test(path)))
      violations.push(`${path} may not import ${name}`);
    if (paths.length > files)
      violations.push(`${name} is imported in more than ${files}: ${paths.join(', ')}`);
  }
  return [...violations, ...findCycles(edges).map((cycle) => `import cycle: ${cycle.join(' -> ')}`)];
}

function judge(path: string, specifier: string, target: string | null): string[] {
  const folder = path.split('/')[0]!;
  if (target === null) {
    return folder === 'protocol' ? [`${path} imports ${specifier}: protocol imports nothing`] : [];
  }
  if (isForTests(target)) return [`${path} imports ${target}, which is for tests`];
  const other = target.split('/')[0]!;
  if (MAY_IMPORT[folder]?.includes(other) ?? true) return [];
  return [`${path} imports ${target}: ${folder} may not import ${other}`];
}

/** The source file a relative specifier means, or null for a package, a Node built-in or a file that is no source. */
function resolve(from: string, specifier: string, sources: ReadonlyMap<string, string>): string | null {
  if (!specifier.startsWith('.')) return null;
  const path = posix.join(posix.dirname(from), specifier);
  const source = path.replace(/\.js$/, '.ts');
  // A folder of ours is judged also when the file is not there (yet): the direction is wrong all the same.
  return sources.has(source) || isForTests(source) || path.split('/')[0]! in MAY_IMPORT ? source : null;
}

/** Import cycles, each as the files along it, the first repeated at the end. One for each back edge of a depth-first walk. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    const seenAt = trail.indexOf(node);
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), node]);
      return;
    }
    if (done.has(node)) return;
    trail.push(node);
    for (const next of edges.get(node) ?? []) visit(next);
    trail.pop();
    done.add(node);
  };
  for (const node of edges.keys()) visit(node);
  return cycles;
}
