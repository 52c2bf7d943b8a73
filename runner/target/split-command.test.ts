import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand, UnfinishedCommand } from './split-command.js';

describe('a command as one text', () => {
  it.each([
    ['node server.mjs', ['node', 'server.mjs']],
    ['  a\t b \n', ['a', 'b']],
    [`node "my server.mjs" 'it''s'`, ['node', 'my server.mjs', 'its']],
    [String.raw`a\ b "c\"d" 'e\f' "g\h"`, ['a b', 'c"d', String.raw`e\f`, String.raw`g\h`]],
    [`run '' ""`, ['run', '', '']],
    ['echo $HOME `ls` * | cat > x; rm', ['echo', '$HOME', '`ls`', '*', '|', 'cat', '>', 'x;', 'rm']],
    ['', []],
  ])('%j is cut at its spaces, and means nothing else', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it.each([`node "a`, `node 'a`, 'node \\'])('%j has no end', (text) => {
    expect(() => splitCommand(text)).toThrow(UnfinishedCommand);
  });

  it('gives back every word that was put in quotes', () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitCommand(words.map(quoted).join(' '))).toEqual(words);
      }),
    );
  });
});
