import { basename, dirname, join, resolve } from 'node:path';
import type { Source } from '../options/resolve.js';
import { scenarioById, scenarioIds } from '../scenario-sets.js';
import type { TargetCommand, TargetSpec } from '../target/contract.js';
import { targetContenders } from '../target/plan-targets.js';
import { resolveTargets } from '../target/resolve-targets.js';
import { splitCommand } from '../target/split-command.js';
import type { TargetsSection } from '../target/target-schema.js';
import { type Arm, armText } from './arm.js';
import type { Checkout, MeasuredSide, Side } from './arm-side.js';
import { readBaseResult } from './base-result.js';
import type { Sides } from './compare-plan.js';
import { doubts } from './doubts.js';
import { findRepository } from './find-repository.js';
import type { GitRepository } from './git-repository.js';
import { pathInside, wordInTree } from './tree-path.js';
import { isFile, understandArm } from './understand-arm.js';

/** What the arms are looked up in. */
export interface ArmSettings {
  readonly base: string;
  readonly head: string;
  /** Of --target: how clients subscribe to an arm that is only a command or a git ref. */
  readonly target: string | undefined;
  /** Where the command was called. */
  readonly folder: string;
  /** The configuration file; null without one. */
  readonly config: string | null;
  readonly targets: TargetsSection;
  readonly allowRemote: boolean;
}

/** Both arms, what the user should hear of them, and the options of a base that ran before. */
export interface ResolvedSides {
  readonly sides: Sides;
  readonly notes: readonly string[];
  readonly source: Source | null;
}

const NEEDS_TARGET: readonly Arm['kind'][] = ['cmd', 'git'];
const COMMIT_DIGITS = 12;

/** Finds out what both arms are, without starting or changing anything. @returns null with mistakes */
export async function resolveSides(settings: ArmSettings, mistakes: string[]): Promise<ResolvedSides | null> {
  const { repository, fault } = await findRepository(settings);
  const around = {
    scenarios: scenarioIds,
    targets: Object.keys(settings.targets),
    isFile,
    git: repository,
    gitFault: fault,
  };
  const understood = [
    await understandArm('--base', settings.base, around),
    await understandArm('--head', settings.head, around),
  ];
  const wrong = understood.flatMap((each) => ('mistake' in each ? [each.mistake] : []));
  const [base, head] = understood.flatMap((each) => ('arm' in each ? [each.arm] : []));
  if (head?.kind === 'result' && wrong.length === 0) {
    wrong.push(
      `--head: "${settings.head}" is an earlier result, and the head must run. Two results are compared by "pushbench gate --baseline".`,
    );
  }
  if (base === undefined || head === undefined || wrong.length > 0) {
    mistakes.push(...wrong);
    return null;
  }
  const specs = await specsFor([base, head], settings, mistakes);
  if (specs === null) return null;
  const builder = new SideBuilder(specs, repository, mistakes);
  const headSide = await builder.measured('head', head);
  let source: Source | null = null;
  let baseSide: Side | null;
  if (base.kind === 'result') {
    const read = await readBaseResult(
      '--base',
      base.value,
      headSide?.contender.kind === 'reference' ? headSide.contender.scenario : head.value,
    );
    if ('mistake' in read) {
      mistakes.push(read.mistake);
      return null;
    }
    ({ side: baseSide, source } = read);
  } else baseSide = await builder.measured('base', base);
  if (baseSide === null || headSide === null) return null;
  const sides = { base: baseSide, head: headSide };
  const notes = understood.flatMap((each) => ('note' in each && each.note !== null ? [each.note] : []));
  return { sides, source, notes: [...notes, ...(await doubts(sides, repository))] };
}

/** The targets that arms need, by name; under `null` the one that gives commands and git refs their subscription. */
async function specsFor(
  arms: readonly Arm[],
  settings: ArmSettings,
  mistakes: string[],
): Promise<Map<string | null, TargetSpec> | null> {
  const names = Object.keys(settings.targets);
  const own = arms.filter(({ kind }) => kind === 'target').map(({ value }) => value);
  const wanted = new Set(own);
  const needy = arms.find(({ kind }) => NEEDS_TARGET.includes(kind));
  const subscription =
    needy === undefined ? null : (settings.target ?? own[0] ?? (names.length === 1 ? names[0]! : null));
  if (needy !== undefined && subscription === null) {
    mistakes.push(
      names.length === 0
        ? `${armText(needy)} does not say how to subscribe and publish: describe that as a target in a file for --config.`
        : `${armText(needy)} does not say how to subscribe and publish: name a target with --target (${names.join(', ')}).`,
    );
    return null;
  }
  if (subscription !== null) wanted.add(subscription);
  if (wanted.size === 0) return new Map();
  const before = mistakes.length;
  const { config, folder } = settings;
  const found = await resolveTargets(settings.targets, {
    folder: dirname(resolve(folder, config ?? '.')),
    file: config === null ? 'the configuration' : basename(config),
    wanted: [...wanted],
    allowRemote: settings.allowRemote,
    // The folder of a commit's server may be in that commit only.
    ...(needy?.kind === 'git' ? { isFolder: () => true } : {}),
  });
  mistakes.push(...found.mistakes);
  if (mistakes.length > before) return null;
  const specs = new Map<string | null, TargetSpec>(found.targets.map((target) => [target.name, target]));
  if (subscription !== null) specs.set(null, specs.get(subscription)!);
  return specs;
}

class SideBuilder {
  constructor(
    private readonly specs: ReadonlyMap<string | null, TargetSpec>,
    private readonly repository: GitRepository | null,
    private readonly mistakes: string[],
  ) {}

  /** An arm that runs; null with a mistake. */
  async measured(name: 'base' | 'head', arm: Arm): Promise<MeasuredSide | null> {
    const label = armText(arm);
    const side = (
      title: string,
      spec: TargetSpec,
      checkout: Checkout | null = null,
      shown = label,
    ): MeasuredSide => ({
      kind: 'measured',
      arm,
      label: shown,
      contender: contenderFor(`${name}: ${title}`, spec),
      checkout,
    });
    switch (arm.kind) {
      case 'scenario': {
        const title = `${name}: ${scenarioById(arm.value)!.title}`;
        return {
          kind: 'measured',
          arm,
          label,
          contender: { kind: 'reference', scenario: arm.value, title },
          checkout: null,
        };
      }
      case 'target': {
        const spec = this.specs.get(arm.value)!;
        return side(spec.title, spec);
      }
      case 'cmd': {
        const spec = this.specs.get(null)!;
        return side(`${spec.title}, ${label}`, withCommand(spec, splitCommand(arm.value)));
      }
      case 'git': {
        const spec = this.specs.get(null)!;
        const checkout = await this.checkout(arm, spec, `${name}: ${spec.title}, ${label}`);
        if (checkout === null) return null;
        return side(
          `${spec.title}, ${label}`,
          spec,
          checkout,
          `${label} (${checkout.commit.slice(0, COMMIT_DIGITS)})`,
        );
      }
      case 'result':
        return null;
    }
  }

  private async checkout(arm: Arm, spec: TargetSpec, title: string): Promise<Checkout | null> {
    const { repository } = this;
    const { command } = spec;
    if (command === null) {
      this.mistakes.push(
        `${armText(arm)}: the target ${spec.name} is a url, and a git ref needs its command: what starts the server of a commit.`,
      );
      return null;
    }
    // Both were found when the arm was understood.
    const commit = (await repository!.commitOf(arm.value))!;
    const inside = pathInside(repository!.root, command.cwd);
    if (inside === null) {
      this.mistakes.push(
        `${armText(arm)}: the target ${spec.name} runs in ${command.cwd}, which is not in the repository ${repository!.root}.`,
      );
      return null;
    }
    return {
      repository: repository!,
      commit,
      relocate: (tree) => {
        const folder = join(tree, inside);
        const move = (word: string): string => wordInTree(word, repository!.root, tree);
        const argv = command.argv.map(move);
        const env = Object.fromEntries(
          Object.entries(command.env).map(([name, value]) => [name, move(value)]),
        );
        const setup = command.setup?.map(move);
        const moved = { ...command, argv, env, cwd: folder, ...(setup ? { setup } : {}) };
        return {
          contender: contenderFor(title, { ...spec, command: moved }),
          setup: setup === undefined ? null : { argv: setup, folder, env },
        };
      },
    };
  }
}

/** Both arms may be of one target: what goes wrong with one of them names the arm. */
function contenderFor(title: string, target: TargetSpec): MeasuredSide['contender'] {
  return { ...targetContenders([target])[target.name]!, title, target: { ...target, called: title } };
}

/** The target with another program; of one that runs already, where it would listen. */
function withCommand(spec: TargetSpec, argv: readonly string[]): TargetSpec {
  const { command, origin } = spec;
  const started: TargetCommand = command ?? { argv, cwd: process.cwd(), env: {}, port: origin.port };
  return {
    ...spec,
    pid: null,
    origin: { address: '127.0.0.1', hostname: '127.0.0.1', port: started.port },
    command: { ...started, argv },
  };
}
