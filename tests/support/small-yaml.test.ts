import { describe, expect, it } from 'vitest';
import { parseYaml } from './small-yaml.js';

describe('parseYaml', () => {
  it('reads what workflows are made of', () => {
    const text = [
      '# a comment',
      'name: a name',
      'on:',
      '  push:',
      '    branches: [main, "x y"]',
      '  pull_request:',
      'jobs:',
      '  test:',
      '    steps:',
      '      - uses: a/b@v4',
      '        with:',
      '          depth: 0',
      "          quoted: 'it''s'",
      '      # between',
      '      - run: |',
      '          one',
      '            two',
      '',
      '          three',
      '      - plain',
      'note: >-',
      '  folded',
      '  text',
      'last: true',
      '',
    ].join('\n');
    expect(parseYaml(text)).toEqual({
      name: 'a name',
      on: { push: { branches: ['main', 'x y'] }, pull_request: null },
      jobs: {
        test: {
          steps: [
            { uses: 'a/b@v4', with: { depth: 0, quoted: "it's" } },
            { run: 'one\n  two\n\nthree\n' },
            'plain',
          ],
        },
      },
      note: 'folded text',
      last: true,
    });
  });

  it.each([
    ['a: 1\na: 2', 'a key twice'],
    ['a:\n\tb: 1', 'a tab'],
    ['a: 1\n  b: 2', 'a stray indentation'],
    ['a: &x 1', 'not a plain scalar'],
    ['a: b: c', 'not a plain scalar'],
    ['a: "b', 'not a plain scalar'],
    ['just text', 'not a key'],
    ['a:\n    b: 1\n  c: 2', 'a stray indentation'],
  ])('refuses %j: %s', (text, why) => {
    expect(() => parseYaml(text)).toThrow(why);
  });
});
