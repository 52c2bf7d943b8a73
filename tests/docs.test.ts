import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { measurementsSchema } from '../reports/result.js';
import { EXIT } from '../runner/exit-code.js';
import type { OptionTable } from '../runner/options/option.js';
import { benchOptions } from '../runner/options/tables.js';
import { DEFAULT_LIMITS } from '../runner/plan.js';
import { scenarioIds } from '../runner/scenario-sets.js';
import { CHECKS } from '../runner/target/check/contract.js';
import { targetsSchema } from '../runner/target/target-schema.js';
import { WORKLOAD_IDS } from '../runner/workloads/names.js';
import { workloadById } from '../runner/workloads/registry.js';
import { isForTests } from './import-rules.js';
import { ROOT, readProjectFile, readSources } from './project-files.js';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Paths of every field without fields of its own: `wire.idle.up`, `timeline[].second`. */
function leafPaths(schema: JsonSchema, path = ''): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, field]) =>
      leafPaths(field, path ? `${path}.${name}` : name),
    );
  }
  if (schema.items) {
    const inner = leafPaths(schema.items, `${path}[]`);
    return inner.length === 1 ? [path] : inner;
  }
  const options = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return options.length > 0 ? [...new Set(options.flatMap((option) => leafPaths(option, path)))] : [path];
}

describe('docs/metrics.md', () => {
  /** The rows of every table of fields; the first column holds a path in backticks. */
  const rows = readProjectFile('docs/metrics.md')
    .split('\n\n')
    .filter((block) => block.startsWith('| Field | Unit | Source |'))
    .flatMap((table) => table.trimEnd().split('\n').slice(2));
  const paths = leafPaths(z.toJSONSchema(measurementsSchema) as JsonSchema);
  const documented = rows.map((row) => row.match(/^\| `([^`]+)` \|/)?.[1] ?? row);

  it('has a row for every field that a trial measures', () => {
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter((path) => !documented.includes(path))).toEqual([]);
  });

  it('has no row for a field that is not in the result document', () => {
    expect(documented.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('gives a unit and a source in every row', () => {
    expect(
      rows.filter((row) =>
        row
          .split('|')
          .slice(1, -1)
          .some((cell) => cell.trim() === ''),
      ),
    ).toEqual([]);
    expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([5]));
  });
});

describe('docs/exit-codes.md', () => {
  it('explains every exit code of the program and no other', () => {
    const rows = [...readProjectFile('docs/exit-codes.md').matchAll(/^\| (\d+) \| (\w+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, code, name]) => [name, Number(code)]))).toEqual(EXIT);
  });
});

describe('the health limits in docs/metrics.md', () => {
  it('are the ones the program has', () => {
    const [, table = ''] = readProjectFile('docs/metrics.md').split('| Limit | Default |');
    const named = [...table.split('\n\n')[0]!.matchAll(/^\| (\w+(?:, \w+)*) \|/gm)].flatMap((row) =>
      row[1]!.split(', '),
    );
    expect(named.sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
  });
});

/** Codes of zod's issues, which the option checks raise. */
const ZOD_CODES = ['custom'];

describe('the reason codes in docs/metrics.md', () => {
  it('are those that the runner gives, and no others', () => {
    const codes = new Set<string>();
    for (const [path, text] of readSources()) {
      if (!path.startsWith('runner/') || isForTests(path)) continue;
      for (const [, code] of text.matchAll(/\bcode: '([a-z-]+)'/g)) {
        if (!ZOD_CODES.includes(code!)) codes.add(code!);
      }
      // ChildDied carries the role of the child: `${error.role}-died`.
      for (const [, role] of text.matchAll(/\brole: '([a-z]+)'/g)) codes.add(`${role}-died`);
    }
    const [, table = ''] = readProjectFile('docs/metrics.md').split('### Reasons');
    const documented = [...table.split('\n## ')[0]!.matchAll(/^\| `([a-z-]+)` \|/gm)].map((row) => row[1]!);
    expect(documented.sort()).toEqual([...codes].sort());
  });
});

describe('docs/workloads.md', () => {
  it('has a section for every workload, in the order of the registry, and no other', () => {
    const text = readProjectFile('docs/workloads.md');
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name!);
    expect(sections).toEqual(WORKLOAD_IDS);
    for (const id of WORKLOAD_IDS) {
      const section = text.split(`\n## ${id}\n`)[1]!.split('\n## ')[0]!;
      expect(section.length, id).toBeGreaterThan(200);
      for (const option of Object.keys(workloadById(id).options))
        expect(section, id).toContain(`\`--${option}\``);
    }
  });
});

describe('docs/targets.md', () => {
  const text = readProjectFile('docs/targets.md');

  it('names every key of a target', () => {
    const { additionalProperties } = z.toJSONSchema(targetsSchema, { io: 'input' }) as {
      additionalProperties: JsonSchema;
    };
    const keys = leafPaths(additionalProperties).flatMap((path) => path.replaceAll('[]', '').split('.'));
    expect(new Set(keys).size).toBeGreaterThan(25);
    expect([...new Set(keys)].filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
  });

  it('has a row for every check, and no other', () => {
    const table = text.split('| Check | Asks |')[1]!.split('\n\n')[0]!;
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map((row) => row[1]!);
    expect(rows).toEqual(Object.keys(CHECKS));
  });
});

describe('README.md', () => {
  const text = readProjectFile('README.md');

  it('has a row for every option of the run, with its default, and no other', () => {
    const rows = [...text.matchAll(/^\| `--([a-z-]+)[^|]*\|[^|]*\|([^|]*)\|$/gm)];
    const options: OptionTable = benchOptions;
    expect(rows.map((row) => row[1]).sort()).toEqual(Object.keys(options).sort());
    for (const [, name, shown] of rows) {
      const option = options[name!]!;
      const fallback = option.kind === 'flag' ? '' : (option.fallback ?? '');
      // The table is narrower than the help page: "random, recorded" for "random, recorded in the result".
      expect(fallback, `--${name}`).toContain(shown!.replaceAll('`', '').trim());
      expect(shown!.trim() === '', `--${name}`).toBe(fallback === '');
    }
  });

  it('names every workload', () => {
    const row = text.split('\n').find((line) => line.startsWith('| `--workload '))!;
    expect(WORKLOAD_IDS.filter((id) => !row.includes(`\`${id}\``))).toEqual([]);
  });

  it('names every scenario', () => {
    expect(scenarioIds.filter((id) => !text.includes(`\`${id}\``))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const scripts = Object.keys(JSON.parse(readProjectFile('package.json')).scripts);
    const documents = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/adding-a-transport.md'];
    const named = documents.flatMap((path) =>
      [...readProjectFile(path).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map((match) => match[1]!),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('links only to files that exist', () => {
    for (const document of ['README.md', 'CONTRIBUTING.md', ...listDocuments()]) {
      const folder = posix.dirname(document);
      const links = [...readProjectFile(document).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
      for (const link of links.filter((link) => !link.includes('://'))) {
        expect(existsSync(join(ROOT, folder, link)), `${document} -> ${link}`).toBe(true);
      }
    }
  });
});

function listDocuments(): string[] {
  const names = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => posix.join('docs', name));
}
