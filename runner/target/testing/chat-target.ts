import type { TargetSpec } from '../contract.js';

/** A target with everything filled in. */
export function chatTarget(changes: Partial<TargetSpec> = {}): TargetSpec {
  return {
    name: 'chat',
    title: 'Chat',
    origin: { address: '127.0.0.1', hostname: '127.0.0.1', port: null },
    command: { argv: ['node', 'chat.mjs'], cwd: '/srv', env: {}, port: null },
    ready: { check: { by: 'port' }, timeoutMs: 15_000 },
    pid: null,
    subscribe: {
      transport: 'websocket',
      path: '/chat',
      headers: {},
      hello: [],
      replies: {},
      find: { in: 'anywhere' },
      cursor: null,
    },
    publish: {
      by: 'http',
      origin: null,
      method: 'POST',
      path: '/say',
      headers: {},
      body: '{message}',
      atOnce: 256,
    },
    ...changes,
  };
}
