import { describe, expect, it } from 'vitest';
import { issueSentences } from '../config/issue-sentences.js';
import { resolveTargets, type TargetSettings } from './resolve-targets.js';
import { type TargetsSection, targetsSchema } from './target-schema.js';

const FILE = 'pushbench.config.json';

const CHAT = {
  command: ['node', 'chat.mjs'],
  transport: 'websocket',
  publish: { http: { path: '/say', body: { text: '{message}' } } },
};
/** As a module may export it. */
const CYCLE: Record<string, unknown> = { text: '{message}' };
CYCLE.self = CYCLE;
const REMOTE = { url: 'http://chat.example:8080/rooms?id=1', transport: 'sse', publish: CHAT.publish };

/** What is wrong with a section, whoever finds it. */
async function mistakesOf(
  section: unknown,
  settings: Partial<TargetSettings> = {},
): Promise<readonly string[]> {
  const wrong = issueSentences(targetsSchema, section, 'targets', FILE);
  return wrong.length > 0 ? wrong : (await resolved(section, settings)).mistakes;
}

function resolved(section: unknown, settings: Partial<TargetSettings> = {}) {
  const targets = section as TargetsSection;
  return resolveTargets(targets, {
    folder: '/srv/app',
    file: FILE,
    wanted: Object.keys(targets),
    allowRemote: false,
    isFolder: () => true,
    addressesOf: async (name) => (name === 'chat.example' ? ['127.0.0.1', '::1'] : [name]),
    ...settings,
  });
}

describe('a target of a configuration file', () => {
  it('is filled in', async () => {
    const { targets, mistakes } = await resolved({ chat: { ...CHAT, cwd: 'server', env: { MODE: 'test' } } });
    expect(mistakes).toEqual([]);
    expect(targets).toEqual([
      {
        name: 'chat',
        title: 'chat',
        origin: { address: '127.0.0.1', hostname: '127.0.0.1', port: null },
        command: { argv: ['node', 'chat.mjs'], cwd: '/srv/app/server', env: { MODE: 'test' }, port: null },
        ready: { check: { by: 'port' }, timeoutMs: 15_000 },
        pid: null,
        subscribe: {
          transport: 'websocket',
          path: '/',
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
          headers: { 'content-type': 'application/json' },
          body: '{"text":"{message}"}',
          atOnce: 256,
        },
      },
    ]);
  });

  it('has the address that its name resolves to, and the path of its url unless it says another', async () => {
    const other = { ...REMOTE, subscribe: { path: '/feed' }, publish: 'self' };
    const { targets } = await resolved({ remote: REMOTE, other });
    expect(targets[0]!.origin).toEqual({ address: '127.0.0.1', hostname: 'chat.example', port: 8080 });
    expect(targets.map(({ subscribe }) => subscribe.path)).toEqual(['/rooms?id=1', '/feed']);
    expect(targets[1]!.publish).toEqual({ by: 'self', time: null });
    expect(targets[0]!.ready.timeoutMs).toBe(2000);
  });

  it('keeps what stands for something in the path of its url', async () => {
    const url = 'ws://127.0.0.1:8080/room/{client}/\u00e9?as={client}';
    const publish = { websocket: { url: 'ws://127.0.0.1:8081/say/{client}', message: '{message}' } };
    const { targets, mistakes } = await resolved({ rooms: { url, transport: 'websocket', publish } });
    expect(mistakes).toEqual([]);
    expect(targets[0]!.subscribe.path).toBe('/room/{client}/%C3%A9?as={client}');
    expect(targets[0]!.publish).toMatchObject({ path: '/say/{client}' });
  });

  it('is run only when it is wanted, in the order in which targets were asked for', async () => {
    const { targets } = await resolved({ a: CHAT, b: CHAT, c: CHAT }, { wanted: ['c', 'a'] });
    expect(targets.map(({ name }) => name)).toEqual(['c', 'a']);
  });

  it('that is not wanted is not looked up', async () => {
    const addressesOf = async () => Promise.reject(new Error('nobody asked'));
    const { mistakes } = await resolved({ a: REMOTE }, { wanted: [], addressesOf });
    expect(mistakes).toEqual([]);
  });
});

it('is told without the secrets that it holds', async () => {
  const command = 'node chat.mjs --token=hunter2 "';
  expect((await mistakesOf({ chat: { ...CHAT, command } })).join()).toMatch(
    /"node chat.mjs --token=redacted "" has a " /,
  );
});

describe('a folder that there is not', () => {
  it('is told by its place, of a target that is to be run', async () => {
    const isFolder = (path: string): boolean => path === '/srv/app';
    const targets = { chat: { ...CHAT, cwd: 'gone\u001b[2J' }, well: CHAT };
    const { mistakes } = await resolved(targets, { isFolder });
    expect(mistakes).toEqual([
      'targets.chat.cwd in pushbench.config.json: "/srv/app/gone" is not a folder that exists.',
    ]);
    expect((await resolved(targets, { isFolder, wanted: ['well'] })).mistakes).toEqual([]);
  });
});

describe('a mistake in a target', () => {
  it.each<[string, unknown, string | RegExp]>([
    [
      'an unknown key',
      { ...CHAT, comand: 'x' },
      '"comand" in targets.chat of pushbench.config.json is not a key. Did you mean "command"?',
    ],
    [
      'an unknown key inside',
      { ...CHAT, publish: { http: { path: '/say', boddy: '{message}' } } },
      '"boddy" in targets.chat.publish.http of pushbench.config.json is not a key. Did you mean "body"?',
    ],
    ['a key far from all others', { ...CHAT, zzz: 1 }, /is not a key\. Known keys: title, url, command/],
    [
      'no transport',
      { ...CHAT, transport: undefined },
      /^targets\.chat\.transport is missing in .*: it must be one of polling,/,
    ],
    [
      'another transport',
      { ...CHAT, transport: 'carrier pigeon' },
      /^targets\.chat\.transport in .*: "carrier pigeon" must be one of polling, longpoll, stream, sse, websocket, socketio\.$/,
    ],
    [
      'a number for a text',
      { ...CHAT, subscribe: { path: 5 } },
      /^targets\.chat\.subscribe\.path in .*: 5 must be a path that begins with \//,
    ],
    [
      'a path with a line end',
      { ...CHAT, subscribe: { path: '/a\r\nx: y' } },
      /must be a path that begins with \//,
    ],
    [
      'a header with a line end',
      { ...CHAT, subscribe: { headers: { a: 'b\r\nc: d' } } },
      /must be a text of one line/,
    ],
    [
      'a header of the client',
      { ...CHAT, subscribe: { headers: { Upgrade: 'x' } } },
      /The header Upgrade cannot be set/,
    ],
    [
      'a header of the publisher',
      { ...CHAT, publish: { http: { path: '/{message}', headers: { 'Content-Length': '5' } } } },
      /publish\.http in .*The header Content-Length cannot be set/,
    ],
    [
      'a port out of range',
      { ...CHAT, port: 70_000 },
      'targets.chat.port in pushbench.config.json: 70000 must be a whole number from 1 to 65535.',
    ],
    [
      'neither url nor command',
      { ...CHAT, command: undefined },
      /needs a url, of a server that runs already, or a command/,
    ],
    ['url and command', { ...CHAT, url: 'http://127.0.0.1:1' }, /url and command exclude each other/],
    [
      'an address over TLS',
      { ...REMOTE, url: 'https://127.0.0.1' },
      /must be an address that begins with http:\/\/ or ws:\/\//,
    ],
    [
      'a password in an address',
      { ...REMOTE, url: 'http://a:b@127.0.0.1' },
      /a name and password do not belong into an address/,
    ],
    ['an open quotation', { ...CHAT, command: 'node "a' }, /"node "a" has a " without an end\.$/],
    ['an empty command', { ...CHAT, command: [] }, /must be a list of texts/],
    [
      'no message in what is published',
      { ...CHAT, publish: { http: { path: '/say' } } },
      /path or body must hold \{message\}/,
    ],
    [
      'no message on a socket',
      { ...CHAT, publish: { websocket: { message: 'x' } } },
      /it must hold \{message\}/,
    ],
    [
      'two ways to publish',
      { ...CHAT, publish: { self: {}, http: { path: '/{message}' } } },
      /it takes one of http, websocket and self/,
    ],
    ['no way to publish', { ...CHAT, publish: {} }, /it takes one of http, websocket and self/],
    [
      'a body of a GET',
      { ...CHAT, publish: { http: { method: 'GET', path: '/', body: '{message}' } } },
      /a GET request has none/,
    ],
    [
      'a second path to publish at',
      { ...CHAT, publish: { http: { url: 'http://127.0.0.1:1/api', path: '/say', body: '{message}' } } },
      /publish\.http\.url in .*: its path \/api is not asked for, but publish\.http\.path\./,
    ],
    [
      'a body that holds itself',
      { ...CHAT, publish: { http: { path: '/say', body: CYCLE } } },
      /it has no JSON/,
    ],
    [
      'two signs of readiness',
      { ...CHAT, ready: { url: 'http://127.0.0.1:{port}/', stdout: 'x' } },
      /exclude each other/,
    ],
    [
      'a cursor without its place',
      { ...CHAT, transport: 'longpoll', subscribe: { cursor: { json: 'next' } } },
      /it must hold \{cursor\}/,
    ],
    [
      'a place without its cursor',
      { ...CHAT, transport: 'longpoll', subscribe: { path: '/?a={cursor}' } },
      /needs subscribe\.cursor/,
    ],
    [
      'a cursor of a socket',
      { ...CHAT, subscribe: { path: '/?a={cursor}', cursor: { json: 'next' } } },
      /websocket clients ask once/,
    ],
    [
      'a hello without a socket',
      { ...CHAT, transport: 'sse', subscribe: { hello: 'x' } },
      /sse clients have no socket/,
    ],
    ['a pid of a started server', { ...CHAT, pid: 7 }, /the process of a started server is known/],
  ])('(%s) is told by its place', async (_what, target, sentence) => {
    const expected = typeof sentence === 'string' ? sentence : expect.stringMatching(sentence);
    expect(await mistakesOf({ chat: target })).toEqual([expected]);
  });

  it.each(['Chat', '-chat', 'my chat', 'a/b', '__proto__x', '', 'x'.repeat(65)])(
    'in its name (%j) is told',
    async (name) => {
      expect(await mistakesOf({ [name]: CHAT })).toEqual([
        expect.stringMatching(/a name has lower-case letters/),
      ]);
    },
  );

  it.each(['sse', 'all', 'every', 'websocket-raw'])(
    'in its name, when a scenario has it (%s), is told',
    async (name) => {
      expect(await mistakesOf({ [name]: CHAT })).toEqual([expect.stringMatching(/taken by a scenario/)]);
    },
  );

  it('is told with all others', async () => {
    const mistakes = await mistakesOf({ chat: { ...CHAT, port: 0, transport: 'x', q: 1 }, b: 5 });
    expect(mistakes).toHaveLength(4);
  });

  it('steers no terminal', async () => {
    const [mistake] = await mistakesOf({ chat: { ...CHAT, '\u001b[2Jx': 1 } });
    expect(mistake).not.toContain('\u001b');
    const [named] = await mistakesOf({ 'a\u001b[2J\u202e': CHAT });
    expect(named).not.toContain('\u001b');
    expect(named).not.toContain('\u202e');
  });
});

describe('a target on another machine', () => {
  it.each([
    ['http://192.0.2.7/', '192.0.2.7 is'],
    ['http://[2001:db8::1]:8080/', '2001:db8::1 is'],
    ['http://0.0.0.0/', '0.0.0.0 is'],
  ])('(%s) is refused', async (url, is) => {
    expect(await mistakesOf({ far: { ...REMOTE, url } })).toEqual([
      expect.stringContaining(`targets.far.url in ${FILE}: ${is} not an address of this machine's own`),
    ]);
  });

  it('is refused when one address of its name is elsewhere, whatever the others are', async () => {
    const addressesOf = async () => ['127.0.0.1', '198.51.100.4'];
    expect(await mistakesOf({ far: REMOTE }, { addressesOf })).toEqual([
      expect.stringContaining('chat.example is 198.51.100.4, not an address of this machine'),
    ]);
  });

  it('is refused as the place to publish, or to ask whether it is ready', async () => {
    const http = { url: 'http://192.0.2.7', path: '/say', body: '{message}' };
    const [publish] = await mistakesOf({ far: { ...CHAT, publish: { http } } });
    expect(publish).toContain('targets.far.publish.http.url');
    const [ready] = await mistakesOf({ far: { ...CHAT, ready: { url: 'http://192.0.2.7:{port}/' } } });
    expect(ready).toContain('targets.far.ready.url');
  });

  it('is aimed at with --allow-remote', async () => {
    const { targets, mistakes } = await resolved(
      { far: { ...REMOTE, url: 'http://192.0.2.7/' } },
      { allowRemote: true },
    );
    expect(mistakes).toEqual([]);
    expect(targets[0]!.origin.address).toBe('192.0.2.7');
  });

  it('has no process on this one', async () => {
    const far = { ...REMOTE, url: 'http://192.0.2.7/', pid: 7 };
    expect(await mistakesOf({ far }, { allowRemote: true })).toEqual([
      `targets.far.pid in ${FILE}: 7 would be a process of this machine, and the server is on another (192.0.2.7). Leave it out.`,
    ]);
    expect(await mistakesOf({ far: { ...REMOTE, pid: 7 } }, { allowRemote: true })).toEqual([]);
  });

  it('whose name nobody knows is told', async () => {
    const addressesOf = async () => Promise.reject(new Error('ENOTFOUND'));
    expect(await mistakesOf({ far: REMOTE }, { addressesOf })).toEqual([
      `targets.far.url in ${FILE}: the name "chat.example" has no address.`,
    ]);
  });
});

describe('--target', () => {
  it('suggests the name that was meant', async () => {
    const { mistakes } = await resolved({ chat: CHAT, feed: CHAT }, { wanted: ['caht', 'rooms'] });
    expect(mistakes).toEqual([
      `--target: "caht" is no target of ${FILE}. Did you mean "chat"?`,
      `--target: "rooms" is no target of ${FILE}. It has: chat, feed.`,
    ]);
  });
});
