import type { CarriedTime } from './contract.js';

const TO_MS = { s: 1000, ms: 1, us: 1 / 1000 } as const;
/** Year 2000 to 2200: a number outside is no time of this unit. */
const EARLIEST_MS = 946_684_800_000;
const LATEST_MS = 7_258_118_400_000;
const MAX_DIGITS = 64;

/** The time that a value is, milliseconds since 1970 with a fraction; null when it is none between the years 2000 and 2200. */
export function carriedMs(value: unknown, unit: CarriedTime['unit']): number | null {
  const ms = read(value, unit);
  return ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : null;
}

function read(value: unknown, unit: CarriedTime['unit']): number {
  if (typeof value === 'string') {
    if (value.length > MAX_DIGITS || value.trim() === '') return Number.NaN;
    return unit === 'iso' ? Date.parse(value) : Number(value) * TO_MS[unit];
  }
  return typeof value === 'number' && unit !== 'iso' ? value * TO_MS[unit] : Number.NaN;
}
