import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An event stream to which messages are posted. What it adds to each event is made by its setup. */
const SERVER = `import { createServer } from 'node:http';
import { extra } from './made.mjs';
const clients = new Set();
createServer((request, response) => {
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      for (const client of clients) client.write(extra + 'data: ' + body + '\\n\\n');
      response.writeHead(204).end();
    });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  clients.add(response);
  response.on('close', () => clients.delete(response));
}).listen(process.env.PORT, '127.0.0.1');
`;

const setup = (extra: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync('made.mjs', ${JSON.stringify(`export const extra = ${JSON.stringify(extra)};\n`)});\n`;

/**
 * A git repository with a small server in a folder of its own, and a configuration that describes it. The commit `main`
 * sends plain events; that of `feature` adds an id to each, and that of `stuck` has a setup that never ends.
 */
export class ServerRepository {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'server-repository-')));
  readonly config = join(this.folder, 'pushbench.config.json');
  /** Where worktrees go. */
  readonly temporary = realpathSync(mkdtempSync(join(tmpdir(), 'server-temporary-')));

  constructor() {
    mkdirSync(join(this.folder, 'app'));
    this.write('app/server.mjs', SERVER);
    this.write('app/setup.mjs', setup(''));
    this.write('.gitignore', 'made.mjs\n');
    this.write(
      'pushbench.config.json',
      JSON.stringify({
        targets: {
          chat: {
            command: 'node server.mjs',
            cwd: 'app',
            setup: 'node setup.mjs',
            transport: 'sse',
            subscribe: { path: '/events' },
            publish: { http: { path: '/say', body: '{message}' } },
          },
        },
      }),
    );
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('plain events');
    this.git('checkout', '--quiet', '-b', 'feature');
    this.write('app/setup.mjs', setup('id: 1\n'));
    this.commit('events with an id');
    this.git('checkout', '--quiet', '-b', 'stuck', 'main');
    this.write('app/setup.mjs', 'setInterval(() => {}, 1000);\n');
    this.commit('a setup without end');
    this.git('checkout', '--quiet', 'main');
  }

  /** Runs git in it. @returns what it prints */
  git(...args: string[]): string {
    const own = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
    return execFileSync('git', [...own, ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** What comparisons left behind, in git and in the temporary folder. */
  leftovers(): readonly string[] {
    const trees = this.git('worktree', 'list', '--porcelain').match(/^worktree .*$/gm) ?? [];
    return [...trees.slice(1), ...readdirSync(this.temporary)];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.temporary, { recursive: true, force: true });
  }

  private commit(message: string): void {
    this.git('add', '.');
    this.git('commit', '--quiet', '-m', message);
  }
}
