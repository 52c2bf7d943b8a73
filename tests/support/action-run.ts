import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, readProjectFile } from '../project-files.js';
import { parseYaml, type Yaml } from './small-yaml.js';
import { plainEnvironment } from './tool.js';

type Map = { [key: string]: Yaml };

export interface StepEnd {
  readonly code: number;
  readonly out: string;
  /** What it wrote to $GITHUB_OUTPUT. */
  readonly outputs: Readonly<Record<string, string>>;
}

const action = parseYaml(readProjectFile('action.yml')) as Map;
const defaults = Object.fromEntries(
  Object.entries(action.inputs as Record<string, Map>).map(([name, input]) => [name, String(input.default)]),
);

/**
 * Runs the scripts of action.yml as a runner of GitHub Actions would: bash with its options, the inputs as variables, files
 * for outputs and summary, a temporary folder of the job.
 */
export class ActionRun {
  readonly folder = mkdtempSync(join(tmpdir(), 'pushbench-action-'));
  /** The repository that is checked out. */
  readonly workspace = join(this.folder, 'work space');
  readonly #outputs = join(this.folder, 'output');
  readonly #summary = join(this.folder, 'summary.md');
  /** Outputs of the steps that have run, by `steps.<id>.outputs.<name>`. */
  readonly #known = new Map<string, string>();

  /**
   * @param inputs of the action; those left out have their defaults
   * @param program stands in for the tool, text of a main.js; null runs the built one
   * @param pullRequest what the event says of one, by `base.sha` and `head.sha`; nothing outside of one
   */
  constructor(
    readonly inputs: Readonly<Record<string, string>>,
    readonly program: string | null,
    readonly pullRequest: Readonly<Record<string, string>> = {},
  ) {
    for (const name of ['work space', 'temp']) mkdirSync(join(this.folder, name));
    if (program === null) return;
    mkdirSync(join(this.#actionPath, 'dist/runner'), { recursive: true });
    writeFileSync(join(this.#actionPath, 'dist/runner/main.js'), program);
    cpSync(join(ROOT, 'scripts/action'), join(this.#actionPath, 'scripts/action'), { recursive: true });
  }

  get #actionPath(): string {
    return this.program === null ? ROOT.replace(/\/$/u, '') : join(this.folder, 'action');
  }

  /** The value of an expression as it stands in `env` of a step. */
  #value(text: string): string {
    const name = /^\$\{\{ ([\w.-]+) \}\}$/u.exec(text)?.[1] ?? '';
    // As on GitHub, what an event does not have is empty.
    const field = /^github\.event\.pull_request\.([\w.]+)$/u.exec(name)?.[1];
    if (field !== undefined) return this.pullRequest[field] ?? '';
    const input = /^inputs\.([\w-]+)$/u.exec(name)?.[1];
    const value = input === undefined ? this.#known.get(name) : (this.inputs[input] ?? defaults[input]);
    if (value === undefined) throw new Error(`this runner does not know ${text}`);
    return value;
  }

  /** Runs a step by its name. @param path folders of programs before all others */
  step(name: string, path = ''): Promise<StepEnd> {
    const steps = (action.runs as Map).steps as Map[];
    const step = steps.find((each) => each.name === name);
    if (step === undefined) throw new Error(`action.yml has no step ${name}`);
    const own = Object.entries((step.env ?? {}) as Record<string, string>).map(([key, text]) => [
      key,
      this.#value(text),
    ]);
    writeFileSync(this.#outputs, '');
    const inherited = plainEnvironment();
    const env = {
      ...inherited,
      PATH: path === '' ? inherited.PATH : `${path}:${inherited.PATH}`,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: this.#actionPath,
      GITHUB_OUTPUT: this.#outputs,
      GITHUB_STEP_SUMMARY: this.#summary,
      GITHUB_WORKSPACE: this.workspace,
      RUNNER_TEMP: join(this.folder, 'temp'),
      ...Object.fromEntries(own),
    };
    return new Promise((resolve, reject) => {
      const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', String(step.run)];
      execFile('bash', bash, { cwd: this.workspace, env }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') return reject(error);
        const outputs = this.#readOutputs();
        for (const [key, value] of Object.entries(outputs)) {
          this.#known.set(`steps.${step.id}.outputs.${key}`, value);
        }
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr, outputs });
      });
    });
  }

  /** The job's summary so far. */
  summary(): string {
    return existsSync(this.#summary) ? readFileSync(this.#summary, 'utf8') : '';
  }

  #readOutputs(): Record<string, string> {
    const lines = readFileSync(this.#outputs, 'utf8').split('\n').slice(0, -1);
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
