import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** An nginx of this machine. */
export interface Nginx {
  readonly path: string;
  /** `1.22.1`. */
  readonly version: string;
  /** Built-in modules that keep files, so that each wants a folder of ours: `client_body`, `proxy`, ... */
  readonly filing: readonly string[];
}

/** Where packages put it, which is not on everybody's path. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/nginx/sbin'];
const FILING = ['fastcgi', 'uwsgi', 'scgi'];
const ANSWER_MS = 10_000;

/** Looks for nginx along `searchPath` (PATH) and where packages put it. @returns it, or a sentence that says what to install */
export function findNginx(
  searchPath: string,
  ask: (path: string) => string | null = askForVersion,
  usualFolders: readonly string[] = USUAL_FOLDERS,
): { readonly nginx: Nginx | null; readonly mistake: string | null } {
  const path = [...searchPath.split(delimiter), ...usualFolders]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nginx'))
    .find(isExecutable);
  if (path === undefined) {
    return {
      nginx: null,
      mistake:
        '--proxy needs nginx, which is neither on the PATH nor in /usr/sbin: install the package nginx (as root: ' +
        'apt-get install nginx).',
    };
  }
  const said = ask(path);
  const version = /nginx version: \S*?\/(\d+(?:\.\d+)+)/.exec(said ?? '')?.[1];
  if (said === null || version === undefined)
    return { nginx: null, mistake: `--proxy: ${path} does not answer "nginx -V" with its version.` };
  const filing = FILING.filter((module) => !said.includes(`--without-http_${module}_module`));
  return { nginx: { path, version, filing: ['client_body', 'proxy', ...filing] }, mistake: null };
}

/** It writes them to stderr. */
function askForVersion(path: string): string | null {
  const { status, stderr } = spawnSync(path, ['-V'], { encoding: 'utf8', timeout: ANSWER_MS });
  return status === 0 ? stderr : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
