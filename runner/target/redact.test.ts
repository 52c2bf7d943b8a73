import { expect, it } from 'vitest';
import type { TargetContender } from '../contender.js';
import { redactedContenders, redactedValue, shownCommand, shownText } from './redact.js';
import { chatTarget } from './testing/chat-target.js';

const SECRET = 'hunter2';

it('shows nothing of a target that looks like a secret by its name, and everything else', () => {
  const target = chatTarget({
    command: {
      argv: [
        'node',
        'server.mjs',
        `--api-key=${SECRET}`,
        '--room=1',
        '--token',
        SECRET,
        '-H',
        `X-Auth: ${SECRET}`,
      ],
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

it.each([
  'key',
  'api_key',
  'x-access-key',
  'Ocp-Apim-Subscription-Key',
  'AWS_ACCESS_KEY_ID',
  'accessKeyId',
  'DB_PASS',
  'pwd',
  'sig',
  'sid',
  'PGPASSWORD',
  'SSH_PASSPHRASE',
])('takes %s for the name of a secret, in an object, a query, a first message and a field', (name) => {
  for (const given of [
    { [name]: SECRET },
    `/feed?room=1&${name}=${SECRET}&x=2`,
    `{"${name}": "${SECRET}"}`,
    `${name}: ${SECRET}`,
  ])
    expect(JSON.stringify(redactedValue(given, ''))).not.toContain(SECRET);
});

it.each(['monkeys', 'keyboard', 'compassion', 'side', 'inside', 'design', 'room'])(
  'takes %s for no secret',
  (name) => {
    expect(redactedValue({ [name]: 'kept' }, '')).toEqual({ [name]: 'kept' });
  },
);

it('keeps a flag behind a flag, and the word behind one that names no secret', () => {
  expect(redactedValue(['--token', '--quiet', '--room', 'lobby', '--pass', SECRET], 'argv')).toEqual([
    '--token',
    '--quiet',
    '--room',
    'lobby',
    '--pass',
    'redacted',
  ]);
});

it('shows an address in a sentence without its secrets and without what steers a terminal', () => {
  expect(shownText(`http://192.0.2.7/feed?token=${SECRET}\u009b31m&room=1#key=${SECRET}`)).toBe(
    'http://192.0.2.7/feed?token=redacted&room=1#key=redacted',
  );
});

it('leaves a contender of the registry as it is', () => {
  const base = { kind: 'reference', title: 'base', scenario: 'sse' } as const;
  expect(redactedContenders({ base })).toEqual({ base });
});

it('leaves secrets and control characters out of a command line', () => {
  expect(
    shownCommand([
      'npm',
      'run',
      'build',
      '--token',
      SECRET,
      `--key=${SECRET}`,
      '--pass\u200bword',
      SECRET,
      'a\u001b[2Jb',
    ]),
  ).toBe('npm run build --token redacted --key=redacted --password redacted ab');
});
