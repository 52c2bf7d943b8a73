import { describe, expect, it } from 'vitest';
import type { ProxyKind } from '../plan.js';
import { clientsPerWorker, nginxConfig, workerDescriptors } from './nginx-config.js';

const config = (kind: ProxyKind, changes: Partial<Parameters<typeof nginxConfig>[0]> = {}): string =>
  nginxConfig({
    kind,
    nginx: { filing: ['client_body', 'proxy'] },
    folder: '/private/folder',
    passages: [{ listenPort: 40_001, upstream: { address: '127.0.0.1', port: 50_001 } }],
    clients: 1000,
    asRoot: false,
    ...changes,
  });

/** The directives of a configuration, without blocks and white space. */
const directives = (text: string): string[] => text.match(/[^{};\n]+(?=;)/g)!.map((line) => line.trim());

describe.each(['nginx', 'nginx-default'] as const)('the configuration of %s', (kind) => {
  it('keeps everything that nginx writes in the private folder', () => {
    const paths = config(kind).match(/"[^"]*"/g)!;
    expect(paths).toHaveLength(4);
    for (const path of paths) expect(path).toMatch(/^"\/private\/folder\//);
    expect(directives(config(kind))).toContain('access_log off');
  });

  it('runs in the foreground with one worker that holds two sockets a client and an eighth to spare', () => {
    expect(directives(config(kind))).toEqual(
      expect.arrayContaining([
        'daemon off',
        'worker_processes 1',
        'worker_connections 2350',
        'worker_rlimit_nofile 2350',
      ]),
    );
    expect(workerDescriptors(1000)).toBe(2350);
    expect(clientsPerWorker(2350)).toBe(1000);
    expect(clientsPerWorker(2349)).toBe(999);
    expect(clientsPerWorker(50)).toBe(0);
  });

  it('keeps its worker the user that started it, which only root has to say', () => {
    expect(directives(config(kind))).not.toContain('user root');
    expect(directives(config(kind, { asRoot: true }))).toContain('user root');
  });

  it('has a port for each server', () => {
    const upstream = { address: '127.0.0.1', port: 50_002 };
    const text = config(kind, {
      passages: [
        { listenPort: 40_001, upstream: { ...upstream, port: 50_001 } },
        { listenPort: 40_002, upstream },
      ],
    });
    expect(text.match(/listen 127\.0\.0\.1:\d+/g)).toEqual([
      'listen 127.0.0.1:40001',
      'listen 127.0.0.1:40002',
    ]);
    expect(text.match(/127\.0\.0\.1:5000\d/g)).toEqual(['127.0.0.1:50001', '127.0.0.1:50002']);
  });
});

it('says in its defaults nothing of how messages pass but where the server is', () => {
  const [, http = ''] = config('nginx-default').split('http {');
  expect(directives(http).filter((line) => !/_temp_path|^access_log/.test(line))).toEqual([
    'listen 127.0.0.1:40001',
    'proxy_pass http://127.0.0.1:50001',
  ]);
});

it('passes streams and upgrades on when it is well configured, and keeps a connection for every client', () => {
  const all = directives(config('nginx'));
  for (const line of [
    'proxy_http_version 1.1',
    'proxy_buffering off',
    'proxy_set_header Upgrade $http_upgrade',
    'proxy_set_header Connection $connection_upgrade',
    'keepalive 1000',
    'proxy_read_timeout 1h',
    'gzip off',
  ])
    expect(all).toContain(line);
});
