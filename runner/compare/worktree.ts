import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitRepository, git, gitCall } from './git-repository.js';

/**
 * A commit of the user's repository in a temporary folder, beside the user's checkout, which is never touched.
 *
 * Whoever makes one removes it, whatever happens; `removeNow` is for leaving at a second signal.
 */
export class Worktree {
  private constructor(
    private readonly repository: GitRepository,
    private readonly parent: string,
    /** The checked-out tree. */
    readonly folder: string,
  ) {}

  /** Names the folders, so that they can be removed before git has made them. */
  static place(repository: GitRepository): Worktree {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), 'pushbench-compare-')));
    return new Worktree(repository, parent, join(parent, 'tree'));
  }

  /** Checks a commit out. @throws GitError */
  async checkOut(commit: string, signal: AbortSignal): Promise<void> {
    await git(this.repository.root, ['worktree', 'add', '--detach', '--quiet', this.folder, commit], signal);
  }

  /** Removes the folders and what git has written down of them, and of no other worktree. Never throws. */
  async remove(): Promise<void> {
    // It may not have been made, or not wholly: then git knows nothing of it, or cleans up by itself.
    await git(this.repository.root, this.removal).catch(() => {});
    await rm(this.parent, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }

  /** The same without waiting, for leaving at once. */
  removeNow(): void {
    const { args, env } = gitCall(this.removal);
    const tell = (): boolean =>
      spawnSync('git', [...args], { cwd: this.repository.root, env, stdio: 'ignore' }).status === 0;
    const isTold = tell();
    rmSync(this.parent, { recursive: true, force: true, maxRetries: 3 });
    // Of a tree that is half removed already git forgets only when all of it is gone.
    if (!isTold) tell();
  }

  /** Twice, for git locks what it is still making. */
  private get removal(): readonly string[] {
    return ['worktree', 'remove', '--force', '--force', this.folder];
  }
}
