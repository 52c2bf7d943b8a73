import type { Interrupt } from '../interrupt.js';
import { shownCommand } from '../target/redact.js';
import type { MeasuredSide } from './arm-side.js';
import type { Sides } from './compare-plan.js';
import { GitError } from './git-repository.js';
import { killSetups, runSetup } from './setup-command.js';
import { Worktree } from './worktree.js';

/** An arm could not be made ready; the message is the sentence for the user. */
export class ArmNotReady extends Error {
  override readonly name = 'ArmNotReady';
}

/** The run was interrupted while its arms were made ready. */
export class PreparationInterrupted extends Error {
  override readonly name = 'PreparationInterrupted';
}

/** Arms that can be started, and what takes away what was made for them. */
export interface PreparedSides {
  readonly sides: Sides;
  dispose(): Promise<void>;
}

/**
 * Checks out the commits of git arms, each in a folder of its own, and runs their setup.
 *
 * @throws ArmNotReady, PreparationInterrupted; nothing is left behind then
 */
export async function prepareSides(
  sides: Sides,
  interrupt: Interrupt,
  note: (sentence: string) => void,
): Promise<PreparedSides> {
  const trees: Worktree[] = [];
  const abort = new AbortController();
  const forgetRequest = interrupt.onRequest(() => abort.abort());
  const forgetLeave = interrupt.onLeave(() => {
    killSetups();
    for (const tree of trees) tree.removeNow();
  });
  const dispose = async (): Promise<void> => {
    // Each stays in the list until it is gone: whoever leaves meanwhile removes what is left.
    for (let tree = trees[0]; tree !== undefined; tree = trees[0]) {
      await tree.remove();
      trees.shift();
    }
    forgetLeave();
  };
  try {
    const ready = async (name: string, side: MeasuredSide): Promise<MeasuredSide> => {
      if (side.checkout === null) return side;
      const { repository, commit, relocate } = side.checkout;
      const tree = Worktree.place(repository);
      trees.push(tree);
      note(`The ${name} is ${side.label}: checking it out beside the checkout, which stays as it is.`);
      await tree.checkOut(commit, abort.signal);
      const { contender, setup } = relocate(tree.folder);
      if (setup !== null) {
        const shown = shownCommand(setup.argv);
        note(`Setting up the ${name}: ${shown}`);
        const wrong = await runSetup(setup, abort.signal);
        if (wrong !== null) throw new ArmNotReady(`The setup of the ${name} (${shown}) ${wrong}.`);
      }
      return { ...side, contender };
    };
    const base = sides.base.kind === 'stored' ? sides.base : await ready('base', sides.base);
    const head = await ready('head', sides.head);
    return { sides: { base, head }, dispose };
  } catch (error) {
    await dispose();
    if (abort.signal.aborted) throw new PreparationInterrupted();
    if (error instanceof GitError) throw new ArmNotReady(`git could not check out an arm: ${error.message}.`);
    throw error;
  } finally {
    forgetRequest();
  }
}
