import type { Sides } from './compare-plan.js';
import { GitError, type GitRepository } from './git-repository.js';

/** What is allowed, and may not be what was meant. */
export async function doubts({ base, head }: Sides, repository: GitRepository | null): Promise<string[]> {
  const notes: string[] = [];
  const gits = [base, head].filter((side) => side.arm.kind === 'git');
  if (gits.length > 0 && repository !== null) {
    try {
      if (await repository.isDirty()) {
        notes.push(
          'Uncommitted changes of the repository are not part of a git ref: commit or stash them to compare them.',
        );
      }
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      notes.push(
        `Whether there are uncommitted changes, which are not part of a git ref, git cannot say: ${error.message}.`,
      );
    }
  }
  if (base.kind === 'measured') {
    const isSameCommit = base.checkout !== null && base.checkout.commit === head.checkout?.commit;
    if (isSameCommit) notes.push('Base and head are the same commit: whatever differs is noise.');
    else if (base.label === head.label) notes.push('Base and head are the same: whatever differs is noise.');
  }
  return notes;
}
