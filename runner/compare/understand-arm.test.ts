import { describe, expect, it } from 'vitest';
import { type Surroundings, understandArm } from './understand-arm.js';

const around: Surroundings = {
  scenarios: ['polling', 'sse', 'websocket'],
  targets: ['chat', 'feed', 'sse-server', 'v2'],
  isFile: (path) => ['old.json', 'main.json', 'notes.txt'].includes(path),
  git: {
    commitOf: async (ref) =>
      ['main', 'v1', 'v2', 'fix/polling', 'main.json'].includes(ref) ? `c0ffee ${ref}` : null,
    names: async () => ['main', 'v1', 'v2', 'fix/polling', 'main.json'],
  },
  gitFault: null,
};
const outside: Surroundings = { ...around, git: null };

const mistakeOf = async (text: string, where = around): Promise<string | undefined> => {
  const found = await understandArm('--head', text, where);
  return 'mistake' in found ? found.mistake : undefined;
};

describe('an arm of a comparison', () => {
  it.each([
    ['scenario:sse', 'scenario', 'sse'],
    ['target:chat', 'target', 'chat'],
    ['git:fix/polling', 'git', 'fix/polling'],
    ['git:v2', 'git', 'v2'],
    ['cmd:node server.js --x=a:b', 'cmd', 'node server.js --x=a:b'],
    ['result:nowhere.json', 'result', 'nowhere.json'],
    [' scenario: sse ', 'scenario', 'sse'],
  ])('%s says what it is', async (text, kind, value) => {
    expect(await understandArm('--base', text.trim(), around)).toEqual({ arm: { kind, value }, note: null });
  });

  it.each([
    ['old.json', 'result:old.json, an earlier result'],
    ['sse', 'scenario:sse, a scenario'],
    ['chat', 'target:chat, a target of the configuration'],
    ['v1', 'git:v1, a git ref'],
  ])('%s without a prefix is found, and what it was taken for is said', async (text, meaning) => {
    expect(await understandArm('--base', text, around)).toMatchObject({
      note: `--base ${text} was understood as ${meaning}.`,
    });
  });

  it.each([
    [
      'v2',
      '--head: "v2" may be a target of the configuration or a git ref: write target:v2 (a target of the configuration) or git:v2 (a git ref).',
    ],
    [
      'main.json',
      '--head: "main.json" may be an earlier result or a git ref: write result:main.json (an earlier result) or git:main.json (a git ref).',
    ],
  ])('%s, which may be two things, is refused', async (text, sentence) => {
    expect(await mistakeOf(text)).toBe(sentence);
  });

  it.each([
    ['websokcet', 'Did you mean scenario:websocket?'],
    ['fix/poling', 'Did you mean git:fix/polling?'],
    ['fed', 'Did you mean target:feed?'],
    ['scenario:websokcet', 'there is no scenario "websokcet". Did you mean scenario:websocket?'],
    ['target:zzz', 'there is no target "zzz". Known: chat, feed, sse-server, v2.'],
    ['git:mian', 'git knows no commit by the name "mian". Did you mean git:main?'],
    ['git:--output=x', 'git knows no commit'],
    ['cmd:', 'names nothing; allowed: scenario:<id>'],
    ['cmd:node "x', 'has a " without an end.'],
    ['cmd:""', 'names no program.'],
    ['notes.txt', 'is neither a scenario nor a target nor a git ref; allowed:'],
    ['gone.json', 'is neither a file that exists nor a scenario'],
  ])('%s is refused with what may have been meant', async (text, sentence) => {
    expect(await mistakeOf(text)).toContain(sentence);
  });

  it('is no git ref outside a repository, and no target without a configuration', async () => {
    expect(await mistakeOf('git:main', outside)).toBe('--head: "git:main": this is not a git repository.');
    expect(await mistakeOf('target:chat', { ...outside, targets: [] })).toContain('--config');
    expect(await mistakeOf('main', { ...outside, targets: [] })).toContain('is no scenario; allowed:');
  });

  it('is refused with the words of git where it cannot read the repository', async () => {
    const foreign = { ...outside, gitFault: "detected dubious ownership in repository at '/app'" };
    expect(await mistakeOf('git:main', foreign)).toBe(
      `--head: "git:main": no ref can be looked up; git says: detected dubious ownership in repository at '/app'.`,
    );
    expect(await mistakeOf('main', foreign)).toContain('No git ref could be looked up; git says: detected');
  });
});
