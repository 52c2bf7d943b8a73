import { dirname, resolve } from 'node:path';
import { GitError, GitRepository } from './git-repository.js';

/**
 * The repository that a ref is looked up in: that of the configuration, whose commands are run, before that of the current
 * folder, which may be pushbench's own.
 *
 * @returns with null also what git said, where that is not merely that there is none
 */
export async function findRepository({
  folder,
  config,
}: {
  /** Where the command was called. */
  readonly folder: string;
  /** The configuration file; null without one. */
  readonly config: string | null;
}): Promise<{ repository: GitRepository | null; fault: string | null }> {
  const places = [...(config === null ? [] : [dirname(resolve(folder, config))]), folder];
  try {
    for (const place of places) {
      const repository = await GitRepository.around(place);
      if (repository !== null) return { repository, fault: null };
    }
    return { repository: null, fault: null };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { repository: null, fault: error.message };
  }
}
