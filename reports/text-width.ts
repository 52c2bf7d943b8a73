import { stripVTControlCharacters } from 'node:util';

// Wide in terminals: Hangul, CJK, full-width forms, pictographs (Unicode Standard Annex 11, the ranges that matter).
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;

function characterWidth(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}

/** Terminal columns that a line takes, escape sequences left out. Never too low: a combining mark counts as one. */
export function displayWidth(line: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(line)) width += characterWidth(character);
  return width;
}

/** Cuts a line without escape sequences to a width, with an ellipsis where something is missing. */
export function truncate(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let kept = '';
  let used = 0;
  for (const character of line) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Splits a word that is wider than a line. */
function pieces(word: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of word) {
    const own = characterWidth(character);
    if (used + own > width && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += own;
  }
  return [...parts, part];
}

/** Breaks a sentence at its ordinary spaces into lines of a width; lines after the first are indented by two. */
export function wrap(sentence: string, width: number): string[] {
  const indent = '  ';
  const words = sentence.split(/ +/u).flatMap((word) => pieces(word, width - indent.length));
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) > width && line.trim() !== '') {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
