import { execFile } from 'node:child_process';

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

/** Arguments of git with what every call of ours sets, and the variables it runs with. */
export function gitCall(args: readonly string[]): { args: readonly string[]; env: NodeJS.ProcessEnv } {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
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
        else reject(new GitError(lastLine(stderr) ?? error.message.split('\n')[0]!));
      },
    );
  });
}

function lastLine(text: string): string | null {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? null : line.replace(/^(fatal|error): /u, '').replace(/\.$/u, '');
}

/** A repository of the user's, only ever read here. */
export class GitRepository {
  private constructor(
    /** Its top folder. */
    readonly root: string,
  ) {}

  /** The repository that a folder lies in; null outside any, or without git. */
  static async around(folder: string): Promise<GitRepository | null> {
    try {
      return new GitRepository(await git(folder, ['rev-parse', '--show-toplevel']));
    } catch (error) {
      if (error instanceof GitError) return null;
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

  /** Short names of branches and tags, for suggestions. */
  async names(): Promise<readonly string[]> {
    const refs = await git(this.root, [
      'for-each-ref',
      '--format=%(refname:short)',
      'refs/heads',
      'refs/tags',
      'refs/remotes',
    ]);
    return refs === '' ? [] : refs.split('\n');
  }

  /** Whether tracked files differ from the commit that is checked out. */
  async isDirty(): Promise<boolean> {
    return (await git(this.root, ['status', '--porcelain', '--untracked-files=no'])) !== '';
  }
}
