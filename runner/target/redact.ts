import type { Result } from '../../reports/result.js';
import type { Contender } from '../contender.js';

/** What stands for a value that nobody should read in a result. */
export const REDACTED = 'redacted';

/** A contender as plain data of a result. */
type ShownContender = NonNullable<Result['plan']['contenders']>[string];

/** Names of fields, variables and parameters whose values are likely to let somebody in. */
const SECRET = /auth|cookie|token|secret|passw|api-?_?key|session|credential|signature|private|bearer|jwt/i;

/**
 * Contenders as a result may show them: of the targets' headers, environment, paths, arguments and messages, what looks
 * like a secret by its name is redacted. What a name does not give away stays.
 */
export function redactedContenders(
  contenders: Readonly<Record<string, Contender>>,
): Record<string, ShownContender & Contender> {
  return Object.fromEntries(
    Object.entries(contenders).map(([id, contender]) => [
      id,
      contender.kind === 'target'
        ? (redacted(contender, '') as ShownContender & Contender)
        : { ...contender },
    ]),
  );
}

/** @param name that the value stands under */
function redacted(value: unknown, name: string): unknown {
  if (typeof value === 'string') return SECRET.test(name) ? REDACTED : redactedText(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [redactedText(key), redacted(inner, key)]),
  );
}

/** A text in which `name=value` and `"name": "value"` may stand: queries, arguments, first messages. */
function redactedText(text: string): string {
  return text
    .replace(/([?&\s]|^)([\w.-]+)=([^&\s]+)/g, (whole, before: string, key: string) =>
      SECRET.test(key) ? `${before}${key}=${REDACTED}` : whole,
    )
    .replace(/"([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole, key: string, colon: string) =>
      SECRET.test(key) ? `"${key}"${colon}"${REDACTED}"` : whole,
    );
}
