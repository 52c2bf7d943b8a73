/** Below this width, pixels, row labels break sooner and lines are named by the key above the chart. */
export const NARROW = 560;

const LONGEST = 24;
const LONGEST_NARROW = 13;

function clipped(word: string, most: number): string {
  return word.length > most ? `${word.slice(0, most - 1)}…` : word;
}

/** Breaks the lines of a row's label at words so that they leave room for the bars. At most four lines. */
export function breakLabel(lines: readonly string[], width: number): string[] {
  const most = width < NARROW ? LONGEST_NARROW : LONGEST;
  const broken: string[] = [];
  for (const line of lines) {
    let current = '';
    for (const word of line.split(' ').map((part) => clipped(part, most))) {
      if (current === '') current = word;
      else if (current.length + 1 + word.length <= most) current += ` ${word}`;
      else {
        broken.push(current);
        current = word;
      }
    }
    broken.push(current);
  }
  return broken.length > 4 ? [...broken.slice(0, 3), `${clipped(broken[3]!, most - 1)}…`] : broken;
}

/** The text, or as much of it as fits into `width` pixels. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

/**
 * Which of some centred labels can stand in one line: each that begins `gap` pixels or more after the one before it that
 * stays. The first stays.
 * @returns indices, ascending
 */
export function apart(
  labels: readonly { readonly middle: number; readonly width: number }[],
  gap: number,
): number[] {
  const order = labels.map((_label, at) => at).sort((a, b) => labels[a]!.middle - labels[b]!.middle);
  let end = Number.NEGATIVE_INFINITY;
  const kept = order.filter((at) => {
    const { middle, width } = labels[at]!;
    if (middle - width / 2 < end + gap) return false;
    end = middle + width / 2;
    return true;
  });
  return kept.sort((a, b) => a - b);
}
