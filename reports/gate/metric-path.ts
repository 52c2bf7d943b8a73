import { z } from 'zod';
import { FAILURE_KINDS } from '../../protocol/failure-kinds.js';
import { metricKind } from '../metric-kind.js';
import { type Measurements, measurementsSchema } from '../result.js';
import { formatUnit, type UnitKind } from '../units.js';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
}

/** Up and down together, which no field of the measurements holds. */
const BOTH_WAYS = 'wire.perDelivery.bothWays';
/** Counts by kind: whatever is not there did not happen. */
const FAILURES = 'failures.';

function leaves(schema: JsonSchema, path: string): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, part]) =>
      leaves(part, path === '' ? name : `${path}.${name}`),
    );
  }
  if (schema.anyOf) return [...new Set(schema.anyOf.flatMap((option) => leaves(option, path)))];
  return [schema.type].flat().some((type) => type === 'number' || type === 'integer') ? [path] : [];
}

/** Every number of a trial by its dotted path, such as `latencyUs.p50`. */
export const METRIC_PATHS: readonly string[] = [
  ...leaves(z.toJSONSchema(measurementsSchema, { io: 'input' }) as JsonSchema, ''),
  BOTH_WAYS,
  ...FAILURE_KINDS.map((kind) => FAILURES + kind),
];

/** Whether trials may have a number there. A kind of failure that there is none of would always be 0, and pass. */
export function isMetricPath(path: string): boolean {
  return METRIC_PATHS.includes(path);
}

/** What a trial has at a path: its number, null where there is none. */
export function numberAt(measurements: Measurements, path: string): number | null {
  if (path === BOTH_WAYS) {
    const { perDelivery } = measurements.wire;
    return perDelivery && perDelivery.up.total + perDelivery.down.total;
  }
  if (path.startsWith(FAILURES)) {
    const kind = path.slice(FAILURES.length);
    return Object.hasOwn(measurements.failures, kind) ? measurements.failures[kind]! : 0;
  }
  let value: unknown = measurements;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** How a number of a kind ends when it is written out in the kind's base unit. */
const ENDINGS: Readonly<Record<UnitKind, string>> = {
  micros: '\u00a0µs',
  bytes: '\u00a0B',
  wireBytes: '\u00a0B',
  count: '',
  rate: '/s',
  percent: '\u00a0%',
  seconds: '\u00a0s',
  ratio: '',
};

/** A value of a metric with its unit, rounded to what noise allows. */
export function metricText(path: string, value: number | null): string {
  return formatUnit(value, metricKind(path));
}

/** A value of an exact metric with all its digits, for two that differ must not read the same. */
export function exactText(path: string, value: number): string {
  const digits = Number(value.toPrecision(12)).toLocaleString('en-US', { maximumFractionDigits: 12 });
  return `${digits}${ENDINGS[metricKind(path)]}`;
}
