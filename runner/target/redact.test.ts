import { expect, it } from 'vitest';
import type { TargetContender } from '../contender.js';
import { redactedContenders } from './redact.js';
import { chatTarget } from './testing/chat-target.js';

const SECRET = 'hunter2';

it('shows nothing of a target that looks like a secret by its name, and everything else', () => {
  const target = chatTarget({
    command: {
      argv: ['node', 'server.mjs', `--api-key=${SECRET}`, '--room=1'],
      cwd: '/srv',
      env: { DB_PASSWORD: SECRET, MODE: 'test' },
      port: null,
    },
    subscribe: {
      transport: 'websocket',
      path: `/chat?room=1&access_token=${SECRET}`,
      headers: { Authorization: `Bearer ${SECRET}`, cookie: `sid=${SECRET}`, 'x-room': '1' },
      hello: [`{"type":"login","token":"${SECRET}","name":"visitor"}`],
      replies: {},
      find: { in: 'anywhere' },
      cursor: null,
    },
    publish: {
      by: 'http',
      origin: null,
      method: 'POST',
      path: '/say',
      headers: { 'X-Auth-Token': SECRET },
      body: `{"secret": "${SECRET}", "text": "{message}"}`,
      atOnce: 256,
    },
  });
  const contender: TargetContender = { kind: 'target', title: 'Chat', target, run: '00000001' };
  const shown = JSON.stringify(redactedContenders({ chat: contender }));
  expect(shown).not.toContain(SECRET);
  for (const kept of [
    'server.mjs',
    '--room=1',
    '/chat?room=1',
    'x-room',
    'visitor',
    '{message}',
    'MODE',
    'login',
  ])
    expect(shown).toContain(kept);
});

it('leaves a contender of the registry as it is', () => {
  const base = { kind: 'reference', title: 'base', scenario: 'sse' } as const;
  expect(redactedContenders({ base })).toEqual({ base });
});
