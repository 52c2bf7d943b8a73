import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { plainText } from '../../reports/plain-text.js';

/** What went wrong with git, as the end of a sentence. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** Hooks of the repository are not ours to run, and nothing may wait for a person at a keyboard. */
const SAFE = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'advice.detachedHead=false',
];
/** What a hook that started us would point at another repository, or at its half-made index. */
const FOREIGN = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
];
const LARGEST_ANSWER = 64 * 1024 * 1024;
const LONGEST_WORDS = 300;

/** Arguments of git with what every call of ours sets, and the variables it runs with. */
export function gitCall(args: readonly string[]): { args: readonly string[]; env: NodeJS.ProcessEnv } {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    // Looking must not write: `git status` would refresh the user's index.
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
  for (const name of FOREIGN) delete env[name];
  return { args: [...SAFE, ...args], env };
}

/** What git prints, without the last line break. @throws GitError */
export function git(folder: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const call = gitCall(args);
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      [...call.args],
      { cwd: folder, env: call.env, maxBuffer: LARGEST_ANSWER, ...(signal ? { signal } : {}) },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.replace(/\n$/u, ''));
        else if ((error as NodeJS.ErrnoException).code === 'ENOENT')
          reject(new GitError('git is not installed'));
        else reject(new GitError(complaint(stderr) ?? error.message.split('\n')[0]!));
      },
    );
  });
}

/** What git complains of, and what it advises behind it, on one line; without a complaint its last line. */
function complaint(stderr: string): string | null {
  const lines = stderr.trim().split('\n');
  const at = lines.findIndex((line) => /^(fatal|error): /u.test(line));
  const words = plainText(lines.slice(at).join(' '), LONGEST_WORDS).replace(/\s+/gu, ' ').trim();
  return words === '' ? null : words.replace(/^(fatal|error): /u, '').replace(/\.$/u, '');
}

/** A repository of the user's, only ever read here. */
export class GitRepository {
  private constructor(
    /** Its top folder. */
    readonly root: string,
  ) {}

  /**
   * The repository that a folder lies in; null outside any.
   *
   * @throws GitError where there may be one: it belongs to somebody else, it is broken, git is not installed
   */
  static async around(folder: string): Promise<GitRepository | null> {
    if (!existsSync(folder)) return null;
    try {
      return new GitRepository(await git(folder, ['rev-parse', '--show-toplevel']));
    } catch (error) {
      if (error instanceof GitError && error.message.startsWith('not a git repository (or any')) return null;
      throw error;
    }
  }

  /** The commit that a branch, a tag or another name stands for; null where it stands for none. */
  async commitOf(ref: string): Promise<string | null> {
    if (ref === '' || ref.startsWith('-')) return null;
    try {
      return await git(this.root, [
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${ref}^{commit}`,
      ]);
    } catch (error) {
      if (error instanceof GitError) return null;
      throw error;
    }
  }

  /** Short names of branches and tags, for suggestions: none where git cannot list them. */
  async names(): Promise<readonly string[]> {
    const kinds = ['refs/heads', 'refs/tags', 'refs/remotes'];
    try {
      const refs = await git(this.root, ['for-each-ref', '--format=%(refname:short)', ...kinds]);
      return refs === '' ? [] : refs.split('\n');
    } catch (error) {
      if (error instanceof GitError) return [];
      throw error;
    }
  }

  /** Whether tracked files differ from the commit that is checked out. @throws GitError */
  async isDirty(): Promise<boolean> {
    return (await git(this.root, ['status', '--porcelain', '--untracked-files=no'])) !== '';
  }
}
