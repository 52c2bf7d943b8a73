/** An axis from its values: where it ends, what is written at it, and where a value lies, 0 to 1. */
export interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** An axis from zero to a round number, in six round steps or fewer. */
export function linearScale(values: readonly number[]): Scale {
  const most = Math.max(0, ...values);
  const step = roundStep(most / 6);
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  return {
    // Multiplied, not added up: 3 x 0.1 is told as 0.3.
    ticks: Array.from({ length: steps + 1 }, (_, at) => Number((at * step).toPrecision(12))),
    place: (value) => value / (steps * step),
  };
}

/** A logarithmic axis between powers of ten. Values that are not above zero lie at its beginning. */
export function logScale(values: readonly number[]): Scale {
  const known = values.filter((value) => value > 0);
  const low = known.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...known)));
  const high = Math.max(low + 1, known.length === 0 ? 1 : Math.ceil(Math.log10(Math.max(...known))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at)),
    place: (value) => (value > 0 ? Math.max(0, (Math.log10(value) - low) / (high - low)) : 0),
  };
}

/** What is written at a tick: all its digits, for it is a round number. */
export function tickText(tick: number): string {
  return tick.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below a step; 1 for none. */
function roundStep(step: number): number {
  if (!(step > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((each) => each * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}
