import { join } from 'node:path';
import type { ProxyKind } from '../plan.js';
import type { Nginx } from './find-nginx.js';

/** A server behind the proxy, and the port that stands for it. */
export interface Passage {
  readonly listenPort: number;
  readonly upstream: { readonly address: string; readonly port: number };
}

export interface ConfigOptions {
  readonly kind: ProxyKind;
  readonly nginx: Pick<Nginx, 'filing'>;
  /** The private folder: everything that nginx writes lies there. */
  readonly folder: string;
  readonly passages: readonly Passage[];
  /** Of the whole trial. */
  readonly clients: number;
  /** Started by root, nginx would hand its worker to another user, who may not look into the folder. */
  readonly asRoot: boolean;
}

/** Descriptors of the worker beside its connections: listening sockets, logs, epoll, the channel to its master. */
const RESERVE = 100;
/**
 * With less than a sixteenth of its connections free, nginx closes those that have nothing under way, a client's that has
 * just connected too: an eighth is added to two a client, so that it never comes to that.
 */
const CONNECTIONS_PER_CLIENT = 2.25;
const BACKLOG = 4096;
/** nginx has no word for "never" here. */
const NEVER_REQUESTS = 1_000_000_000;

/** Descriptors that a worker with so many clients needs: towards each, for each towards the server, and some to spare. */
export function workerDescriptors(clients: number): number {
  return Math.ceil(CONNECTIONS_PER_CLIENT * clients) + RESERVE;
}

/**
 * The whole configuration. Both kinds are given a private folder, no logs but errors, one worker and as many connections
 * as the trial has clients, of which nginx's own default (512) would hold 256; beyond that `nginx-default` says nothing
 * but where the server is.
 */
export function nginxConfig(options: ConfigOptions): string {
  const { kind, nginx, folder, passages, clients, asRoot } = options;
  const files = nginx.filing.map((module) => `  ${module}_temp_path "${join(folder, module)}";\n`).join('');
  const isTuned = kind === 'nginx';
  return `daemon off;
${asRoot ? 'user root;\n' : ''}worker_processes 1;
worker_rlimit_nofile ${workerDescriptors(clients)};
pid "${join(folder, 'nginx.pid')}";
error_log "${errorLog(folder)}" warn;
events {
  worker_connections ${workerDescriptors(clients)};
}
http {
  access_log off;
${files}${isTuned ? TUNED_HTTP : ''}${passages.map((passage, n) => (isTuned ? tuned(passage, n, clients) : bare(passage))).join('')}}
`;
}

/** The most clients that a worker with so many descriptors holds. */
export function clientsPerWorker(descriptors: number): number {
  return Math.max(0, Math.floor((descriptors - RESERVE) / CONNECTIONS_PER_CLIENT));
}

/** Where nginx says what went wrong. */
export function errorLog(folder: string): string {
  return join(folder, 'error.log');
}

/** What of the configuration decides how messages pass, in one line. */
export function configSummary(kind: ProxyKind): string {
  return kind === 'nginx-default'
    ? 'proxy_pass alone'
    : 'proxy_http_version 1.1; Upgrade passed on; upstream keepalive for every client; proxy_buffering off; ' +
        'proxy_read_timeout 1h; keepalive_timeout 1h; keepalive_requests without limit';
}

const TUNED_HTTP = `  tcp_nodelay on;
  gzip off;
  keepalive_timeout 1h;
  keepalive_requests ${NEVER_REQUESTS};
  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' '';
  }
`;

/** Idle upstream connections are kept for nginx's own 60 s, which is less than our servers keep them. */
function tuned({ listenPort, upstream }: Passage, n: number, clients: number): string {
  return `  upstream server_${n} {
    server ${upstream.address}:${upstream.port};
    keepalive ${clients};
    keepalive_requests ${NEVER_REQUESTS};
  }
  server {
    listen 127.0.0.1:${listenPort} backlog=${BACKLOG};
    location / {
      proxy_pass http://server_${n};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_buffering off;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
    }
  }
`;
}

function bare({ listenPort, upstream }: Passage): string {
  return `  server {
    listen 127.0.0.1:${listenPort};
    location / {
      proxy_pass http://${upstream.address}:${upstream.port};
    }
  }
`;
}
