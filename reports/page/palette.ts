/** Colours of the theme in force, read from the style sheet: the one place that defines them. */

const HATCH = 8;

function hatched(colour: string, ground: string): CanvasPattern | string {
  const canvas = document.createElement('canvas');
  canvas.width = HATCH;
  canvas.height = HATCH;
  const context = canvas.getContext('2d');
  if (!context) return colour;
  context.fillStyle = ground;
  context.fillRect(0, 0, HATCH, HATCH);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  // Three strokes, so that the tile joins its neighbours without a gap at the corners.
  for (const shift of [-HATCH, 0, HATCH]) {
    context.moveTo(shift - 1, HATCH + 1);
    context.lineTo(shift + HATCH + 1, -1);
  }
  context.stroke();
  return context.createPattern(canvas, 'repeat') ?? colour;
}

export type Colour = string | CanvasPattern;

/** Looks tokens such as `@series-0`, `@hatch-series-0` or `@ink` up. */
export function readPalette(): (token: string) => Colour {
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, Colour>();
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim() || '#888';
  return (token) => {
    const name = token.slice(1);
    let colour = known.get(name);
    if (colour === undefined) {
      colour = name.startsWith('hatch-') ? hatched(named(name.slice(6)), named('page')) : named(name);
      known.set(name, colour);
    }
    return colour;
  };
}

/** A copy in which every token under a key that ends with "color" is a colour. Other text is left alone. */
export function paint(value: unknown, colourOf: (token: string) => Colour, key = ''): unknown {
  if (typeof value === 'string') {
    return /color$/iu.test(key) && value.startsWith('@') ? colourOf(value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => paint(each, colourOf, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, paint(each, colourOf, name)]),
    );
  }
  return value;
}
