import { plainText } from '../plain-text.js';
import type { Result } from '../result.js';

type Plan = Pick<Result['plan'], 'contenders'>;
type Fields = Readonly<Record<string, unknown>>;

/** Parts of a target that say how it is measured; its command, address and process are what is compared. */
const PARTS = ['subscribe', 'publish'] as const;
/** Where it publishes to, like where it listens, may be another place. */
const ELSEWHERE = 'origin';
/** Fields that cannot hold a secret. */
const SHOWN: ReadonlySet<string> = new Set(['transport', 'by', 'method']);
/** Stands in a document for what nobody should read. */
const REDACTED = 'redacted';
/** Levels of a description; none has as many. */
const DEEPEST = 16;

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function fieldOf(value: unknown, name: string): unknown {
  const fields = asFields(value);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether a text may be the one that another was before parts of it were redacted. */
function isRedactionOf(redacted: string, text: string): boolean {
  const parts = redacted.split(REDACTED);
  const last = parts.pop()!;
  if (!text.startsWith(parts[0] ?? last)) return false;
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function isSameText(a: string, b: string): boolean {
  if (a === b) return true;
  return (a.includes(REDACTED) && isRedactionOf(a, b)) || (b.includes(REDACTED) && isRedactionOf(b, a));
}

/** Whether two descriptions say the same, as far as one that was redacted can tell. */
function isSame(a: unknown, b: unknown, depth = 0): boolean {
  if (typeof a === 'string' && typeof b === 'string') return isSameText(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (depth === DEEPEST || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b].map((each) =>
    Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return (
    left!.length === right!.length &&
    left!.every(
      ([name, value], at) => isSameText(name, right![at]![0]) && isSame(value, right![at]![1], depth + 1),
    )
  );
}

function sentence(id: string, part: string, field: string, values: readonly unknown[]): string {
  const [before, after] = values.map((value) => plainText(String(value ?? 'nothing'), 40));
  const shown = SHOWN.has(field) ? `: ${before} in the baseline, ${after} in the new result` : '';
  return `The plans differ in ${plainText(`${part}.${field}`, 60)} of the target ${plainText(id, 60)}${shown}.`;
}

/**
 * A sentence for each field in which two plans subscribe to a target of the same name, or publish into it, in another way.
 * Only what cannot hold a secret is shown: one of the plans may not be redacted.
 */
export function unlikeTargets(old: Plan, fresh: Plan): string[] {
  return Object.keys(fresh.contenders ?? {}).flatMap((id) => {
    const contenders = [old, fresh].map((plan) => fieldOf(plan.contenders, id));
    if (contenders.some((contender) => fieldOf(contender, 'kind') !== 'target')) return [];
    return PARTS.flatMap((part) => {
      const [before, after] = contenders.map((each) => asFields(fieldOf(fieldOf(each, 'target'), part)));
      return [...new Set([...Object.keys(before!), ...Object.keys(after!)])].flatMap((field) => {
        const values = [fieldOf(before, field), fieldOf(after, field)] as const;
        if (field === ELSEWHERE || isSame(values[0], values[1])) return [];
        return [sentence(id, part, field, values)];
      });
    });
  });
}
