import { stripVTControlCharacters } from 'node:util';

// Control characters steer terminals; bidirectional and invisible ones make text read as something it is not.
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

const LONGEST = 500;

/**
 * Text from a result as one line of printable characters: line breaks and tabs become a space; escape sequences, other
 * control characters, invisible and bidirectional ones vanish; what is longer than `longest` characters ends with an
 * ellipsis. Escaping for HTML or Markdown comes after it.
 */
export function plainText(text: string, longest = LONGEST): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\t\r\n\u2028\u2029]+/gu, ' ')
    .replace(UNPRINTABLE, '')
    .trim();
  const characters = line.length > longest ? [...line.slice(0, (longest + 1) * 2)] : null;
  return characters && characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
