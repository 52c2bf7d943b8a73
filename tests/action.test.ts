import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readProjectFile } from './project-files.js';
import { parseYaml, type Yaml } from './support/small-yaml.js';

type Map = { [key: string]: Yaml };

const action = parseYaml(readProjectFile('action.yml')) as Map;
const workflow = parseYaml(readProjectFile('examples/github/pushbench.yml')) as Map;
const inputs = action.inputs as Record<string, Map>;
const steps = (action.runs as Map).steps as Map[];
const scripts = steps.flatMap(({ run }) => (typeof run === 'string' ? [run] : []));

/** Every `${{ ... }}` in a part of a document. */
function expressionsIn(part: Yaml): string[] {
  return [...JSON.stringify(part).matchAll(/\$\{\{(.*?)\}\}/g)].map(([, inner]) => inner!.trim());
}

describe('action.yml', () => {
  it('is a composite action whose every input says what it is and is used', () => {
    expect((action.runs as Map).using).toBe('composite');
    const used = new Set(
      expressionsIn(steps).flatMap((inner) =>
        [...inner.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name!),
      ),
    );
    expect([...used].sort()).toEqual(Object.keys(inputs).sort());
    for (const [name, input] of Object.entries(inputs)) {
      expect(String(input.description).length, name).toBeGreaterThan(10);
      expect(input, name).toHaveProperty('default');
    }
  });

  it('never puts an expression into the text of a script: a branch may be called anything', () => {
    expect(scripts.length).toBeGreaterThan(2);
    for (const step of steps.filter(({ run }) => run !== undefined)) {
      expect(step.shell).toBe('bash');
      expect(expressionsIn([step.run!])).toEqual([]);
    }
  });

  it('starts scripts that are there and may be started', () => {
    for (const run of scripts) {
      const path = /^bash "\$GITHUB_ACTION_PATH\/(scripts\/action\/[\w-]+\.sh)"$/u.exec(run)?.[1];
      expect(path, run).toBeDefined();
      expect(existsSync(join(ROOT, path!)), run).toBe(true);
      expect(statSync(join(ROOT, path!)).mode & 0o111, run).toBe(0o111);
      expect(readProjectFile(path!)).toMatch(/^#!\/usr\/bin\/env bash\n(?:#.*\n)+set -euo pipefail\n/u);
    }
  });

  it('has outputs of a step that there is, which writes them', () => {
    const written = readProjectFile('scripts/action/compare.sh');
    for (const [name, { value }] of Object.entries(action.outputs as Record<string, Map>)) {
      expect(value).toBe(`\${{ steps.gate.outputs.${name} }}`);
      expect(written).toContain(`printf '${name}=%s`);
    }
    expect(steps.filter(({ id }) => id === 'gate')).toHaveLength(1);
  });

  it('has its inputs explained in docs/ci.md', () => {
    const documented = [...readProjectFile('docs/ci.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(
      ([, name]) => name!,
    );
    expect(documented.filter((name) => name in inputs).sort()).toEqual(Object.keys(inputs).sort());
  });
});

describe('the example workflow', () => {
  const [checkout, gate] = (workflow.jobs as Record<string, Map>).gate!.steps as Map[] as [Map, Map];

  it('gives the action only inputs that it has', () => {
    expect(Object.keys(gate.with as Map).filter((name) => !(name in inputs))).toEqual([]);
  });

  it('checks out the base, too, leaves no credentials behind, and may only read', () => {
    expect(checkout.with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false });
    expect(workflow.permissions).toEqual({ contents: 'read' });
    // pull_request_target would run a stranger's code with the repository's secrets.
    expect(Object.keys(workflow.on as Map)).toEqual(['pull_request']);
  });

  it('is the one in docs/ci.md', () => {
    const steps = readProjectFile('examples/github/pushbench.yml').split('    steps:\n')[1]!;
    expect(readProjectFile('docs/ci.md')).toContain(steps.trimEnd());
  });
});
