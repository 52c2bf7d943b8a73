import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNginx } from './find-nginx.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-nginx-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A script in the folder that answers as a program called nginx would. */
function install(script: string): string {
  const path = join(folder, 'nginx');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('looking for nginx', () => {
  it('finds it on the path with its version, and which of its modules keep files', () => {
    const path = install('echo "nginx version: nginx/1.22.1" >&2; echo "configure arguments: --with-x" >&2');
    const filing = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const expected = { nginx: { path, version: '1.22.1', filing }, mistake: null };
    expect(findNginx(`/nowhere:${folder}`, undefined, [])).toEqual(expected);
  });

  it('finds it where packages put it when that is not on the path', () => {
    install('echo "nginx version: nginx/1.27.0 (Ubuntu)" >&2');
    expect(findNginx('/nowhere', undefined, [folder]).nginx?.version).toBe('1.27.0');
  });

  it('does not set folders for modules that it was built without', () => {
    install('true');
    const said = 'nginx version: openresty/1.25.3.1\nconfigure arguments: --without-http_scgi_module';
    const { nginx } = findNginx(folder, () => said, []);
    expect(nginx).toMatchObject({
      version: '1.25.3.1',
      filing: ['client_body', 'proxy', 'fastcgi', 'uwsgi'],
    });
  });

  it('says which package to install when there is none', () => {
    writeFileSync(join(folder, 'nginx'), 'not a program');
    expect(findNginx(folder, undefined, [])).toEqual({
      nginx: null,
      mistake:
        '--proxy needs nginx, which is neither on the PATH nor in /usr/sbin: install the package nginx (as root: ' +
        'apt-get install nginx).',
    });
  });

  it.each(['exit 1', 'echo "hello" >&2'])(
    'names a program that does not answer as nginx does: %s',
    (script) => {
      const path = install(script);
      expect(findNginx(folder, undefined, []).mistake).toContain(`${path} does not answer "nginx -V"`);
    },
  );
});
