/**
 * The words of a command line, quoted as a POSIX shell would have it; nothing is expanded, and no shell runs it.
 * @returns null where a quote is left open
 */
export function splitCommand(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    const escapes = character === '\\' && quote !== "'" && at + 1 < line.length;
    // Within double quotes a backslash stands for itself unless a quote or another one follows.
    if (escapes && (quote === null || '"\\$`'.includes(line[at + 1]!))) word = (word ?? '') + line[++at]!;
    else if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/u.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}
