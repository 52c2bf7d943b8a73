import { expect, it } from 'vitest';
import { splitCommand } from './command-line.js';

it.each([
  ['node server.js --port 1', ['node', 'server.js', '--port', '1']],
  ['  node   "my server.js" ', ['node', 'my server.js']],
  ['sh -c \'echo "a b" $HOME\'', ['sh', '-c', 'echo "a b" $HOME']],
  ['a\\ b "c\\"d" "e\\f" \'g\\h\'', ['a b', 'c"d', 'e\\f', 'g\\h']],
  ['node ""', ['node', '']],
  ['', []],
])('%s is taken apart as a shell would, without one', (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

it.each(['node "server.js', "it's"])('%s has an open quote', (line) => {
  expect(splitCommand(line)).toBeNull();
});
