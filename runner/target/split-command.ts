/** A command's text ends inside a quotation or behind a backslash. */
export class UnfinishedCommand extends Error {}

/**
 * Cuts a command at spaces as a shell would, with its quotes and backslashes and without anything else of it: no
 * variables, no wildcards, no pipes.
 *
 * @throws UnfinishedCommand
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote === "'") {
      if (character === "'") quote = null;
      else word += character;
    } else if (character === '\\') {
      const next = text[++at];
      if (next === undefined) throw new UnfinishedCommand('ends behind a backslash');
      // Between double quotes a backslash takes the meaning of these alone.
      word = (word ?? '') + (quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next);
    } else if (quote === '"') {
      if (character === '"') quote = null;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) throw new UnfinishedCommand(`has a ${quote} without an end`);
  if (word !== null) words.push(word);
  return words;
}
