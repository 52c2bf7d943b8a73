/**
 * The one place that rounds numbers and prints units. Text is plain: groups of three by comma, a point before decimals,
 * a no-break space between number and unit, so that it can be set in tabular figures and never breaks in a line.
 *
 * What is null or not finite is printed as `n/a`.
 */

/** What is printed where there is no number. */
export const NOT_AVAILABLE = 'n/a';

const SPACE = '\u00a0';

/** What a number counts, and so which units it can be printed in. */
export type UnitKind =
  | 'micros'
  | 'bytes'
  | 'wireBytes'
  | 'count'
  | 'rate'
  | 'percent'
  | 'seconds'
  /** A plain number, such as requests per message. */
  | 'ratio';

interface Unit {
  readonly name: string;
  /** How many of the kind's base unit it holds. */
  readonly size: number;
}

const UNITS: Readonly<Record<UnitKind, readonly Unit[]>> = {
  micros: [
    { name: 'µs', size: 1 },
    { name: 'ms', size: 1e3 },
    { name: 's', size: 1e6 },
  ],
  bytes: [
    { name: 'B', size: 1 },
    { name: 'KiB', size: 1024 },
    { name: 'MiB', size: 1024 ** 2 },
    { name: 'GiB', size: 1024 ** 3 },
  ],
  wireBytes: [{ name: 'B', size: 1 }],
  count: [{ name: '', size: 1 }],
  rate: [{ name: '/s', size: 1 }],
  percent: [{ name: '%', size: 1 }],
  seconds: [{ name: 's', size: 1 }],
  ratio: [{ name: '', size: 1 }],
};

/** Numbers from here on are printed with an exponent: no column is wide enough for their digits. */
const EXPONENT_FROM = 1e15;

const DECIMALS = [0, 1, 2, 3];
const formats = DECIMALS.map(
  (digits) => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits, signDisplay: 'negative' }),
);
/** With zeros at the end: in a column 11.0 stands beside 9.53, where 11 would look exact. */
const paddedFormats = DECIMALS.map(
  (digits) =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'negative',
    }),
);

/** How a kind is rounded. Three significant digits are what the noise of a benchmark allows at best. */
interface Precision {
  readonly significant: number;
  /** Most decimals, for values below one. */
  readonly decimals: number;
}

const PRECISION: Readonly<Record<UnitKind, Precision>> = {
  micros: { significant: 3, decimals: 2 },
  bytes: { significant: 3, decimals: 2 },
  wireBytes: { significant: 3, decimals: 1 },
  count: { significant: 3, decimals: 0 },
  rate: { significant: 3, decimals: 2 },
  // Nobody reads 83.3 % otherwise than 83 %.
  percent: { significant: 2, decimals: 1 },
  seconds: { significant: 3, decimals: 2 },
  ratio: { significant: 3, decimals: 3 },
};

function decimalsOf(value: number, { significant, decimals }: Precision): number {
  const size = Math.abs(value);
  if (size < 1) return decimals;
  const before = size >= 100 ? 3 : size >= 10 ? 2 : 1;
  return Math.min(decimals, Math.max(0, significant - before));
}

function digits(value: number, precision: Precision, padded = false): string {
  if (Math.abs(value) >= EXPONENT_FROM) return value.toExponential(2);
  return (padded && value !== 0 ? paddedFormats : formats)[decimalsOf(value, precision)]!.format(value);
}

/** The value as it will stand in print, so that 999.7 µs is seen to be 1 ms before its unit is chosen. */
function rounded(value: number, precision: Precision): number {
  const power = 10 ** decimalsOf(value, precision);
  return Math.round(Math.abs(value) * power) / power;
}

function join(number: string, unit: Unit): string {
  if (unit.name === '') return number;
  return unit.name === '/s' ? `${number}/s` : `${number}${SPACE}${unit.name}`;
}

/** The largest unit in which the printed value is at least one. */
function naturalUnit(value: number, kind: UnitKind): Unit {
  const units = UNITS[kind];
  let chosen = units[0]!;
  for (const [at, unit] of units.entries()) {
    const below = units[at - 1];
    if (below && rounded(value / below.size, PRECISION[kind]) * below.size >= unit.size) chosen = unit;
  }
  return chosen;
}

/**
 * A value with the unit that suits it.
 * @param value in the kind's base unit: microseconds, bytes, events a second, percent, seconds, or a plain number
 */
export function formatUnit(value: number | null | undefined, kind: UnitKind): string {
  if (!isNumber(value)) return NOT_AVAILABLE;
  const unit = naturalUnit(value, kind);
  return join(digits(value / unit.size, precisionIn(unit, kind)), unit);
}

/** A part of a byte of memory means nothing; a part of a microsecond, or of a wire byte a message, does. */
function precisionIn(unit: Unit, kind: UnitKind): Precision {
  return kind === 'bytes' && unit.size === 1 ? PRECISION.count : PRECISION[kind];
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A time in microseconds: `87 µs`, `1.24 ms`, `512 ms`, `3.4 s`. */
export function formatMicros(micros: number | null | undefined): string {
  return formatUnit(micros, 'micros');
}

/** An amount of memory in bytes: `512 B`, `5.1 KiB`, `80 MiB`. Negative where a difference of two readings is. */
export function formatBytes(bytes: number | null | undefined): string {
  return formatUnit(bytes, 'bytes');
}

/** Bytes on the wire, always in bytes, because there the single byte is the finding: `44 B`, `12.5 B`, `1,234 B`. */
export function formatWireBytes(bytes: number | null | undefined): string {
  return formatUnit(bytes, 'wireBytes');
}

/** A whole number of things: `12,345`. */
export function formatCount(count: number | null | undefined): string {
  return formatUnit(count, 'count');
}

/** Events a second: `9,980/s`. */
export function formatRate(perSecond: number | null | undefined): string {
  return formatUnit(perSecond, 'rate');
}

/** A part in percent, 100 for the whole: `83 %`. */
export function formatPercent(percent: number | null | undefined): string {
  return formatUnit(percent, 'percent');
}

/** A duration in seconds, as a person plans with it: `0.5 s`, `10 s`, `1,200 s`. */
export function formatSeconds(seconds: number | null | undefined): string {
  return formatUnit(seconds, 'seconds');
}

/** A plain number with about three significant digits, such as requests per message: `1`, `0.104`. */
export function formatRatio(ratio: number | null | undefined): string {
  return formatUnit(ratio, 'ratio');
}

/** One unit for a column of a table, or for the axis of a chart. */
export interface ColumnUnit {
  /** For the column's head: `ms`; empty for counts. */
  readonly unit: string;
  /** Base units in one of this unit: a chart divides its values by it. */
  readonly size: number;
  /** The number alone, in this unit. */
  format(value: number | null | undefined): string;
  /** The number with the unit, for places away from the head. */
  formatWithUnit(value: number | null | undefined): string;
}

/** The smallest part of a unit that a column still shows: 9 µs is 0.009 ms. */
const LEAST_SHOWN = 0.001;

/** Up to here a column rather has large numbers than small ones below one: 12 and 1,000 ms, not 0.012 and 1 s. */
const LARGEST_BEFORE_FRACTIONS = 5_000;

/**
 * Picks the unit of a column: the one that suits its largest value, or a smaller one where the smallest value would
 * otherwise vanish.
 * @param values in the kind's base unit; null and not finite ones are passed over
 */
export function chooseUnit(values: readonly (number | null | undefined)[], kind: UnitKind): ColumnUnit {
  const sizes = values
    .filter(isNumber)
    .map(Math.abs)
    .filter((size) => size > 0);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => Math.min(least, size), largest);
  const units = UNITS[kind];
  let at = units.indexOf(naturalUnit(largest, kind));
  const isTooLarge = (unit: Unit, below: Unit): boolean =>
    smallest / unit.size < LEAST_SHOWN ||
    (smallest < unit.size && largest / below.size < LARGEST_BEFORE_FRACTIONS);
  while (at > 0 && isTooLarge(units[at]!, units[at - 1]!)) at--;
  const unit = units[at]!;
  const precision = unit.size > 1 ? { significant: 3, decimals: 3 } : precisionIn(unit, kind);
  // A measured quantity is never exact; a byte count or a number of requests can be, and then says so.
  const isExact = (value: number | null | undefined): boolean =>
    !isNumber(value) || value === Math.round(value);
  const padded = unit.size > 1 || !(kind === 'wireBytes' || kind === 'ratio' || values.every(isExact));
  const format = (value: number | null | undefined): string =>
    isNumber(value) ? digits(value / unit.size, precision, padded) : NOT_AVAILABLE;
  return {
    unit: unit.name,
    size: unit.size,
    format,
    formatWithUnit: (value) => (isNumber(value) ? join(format(value), unit) : NOT_AVAILABLE),
  };
}
