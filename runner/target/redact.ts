import { plainText } from '../../reports/plain-text.js';
import type { Result } from '../../reports/result.js';
import type { Contender } from '../contender.js';

/** What stands for a value that nobody should read in a result. */
export const REDACTED = 'redacted';

/** A contender as plain data of a result. */
type ShownContender = NonNullable<Result['plan']['contenders']>[string];

/** Names of fields, variables and parameters whose values are likely to let somebody in. */
const SECRET =
  /auth|cookie|token|secret|passw|passphrase|pass(?![a-z])|pwd|key(?![a-z])|keyid|session|(?<![a-z])sid(?![a-z])|credential|signature|sig(?![a-z])|private|bearer|jwt/i;
/** An argument that is named in the word before it: `--token abc`. */
const NAMED_NEXT = /^--?[\w.-]+$/;
const LONGEST_SHOWN = 200;

/** Whether a value under this name is likely to let somebody in. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

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
        ? (redactedValue(contender, '') as ShownContender & Contender)
        : { ...contender },
    ]),
  );
}

/** Plain data without what looks like a secret in it. @param name that the value stands under */
export function redactedValue(value: unknown, name: string): unknown {
  if (typeof value === 'string') return SECRET.test(name) ? REDACTED : redactedText(value);
  if (Array.isArray(value)) return value.map((item, at) => redactedItem(item, value[at - 1], name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [redactedText(key), redactedValue(inner, key)]),
  );
}

function redactedItem(item: unknown, before: unknown, name: string): unknown {
  const isNamed = typeof before === 'string' && NAMED_NEXT.test(before) && SECRET.test(before);
  return isNamed && typeof item === 'string' && !item.startsWith('-') ? REDACTED : redactedValue(item, name);
}

/** A path, an address or another text of one line in a sentence: printable, and without what looks like a secret. */
export function shownText(text: string, longest = LONGEST_SHOWN): string {
  return redactedText(plainText(text, longest));
}

/** A command line in a sentence: printable, and without what looks like a secret. */
export function shownCommand(argv: readonly string[]): string {
  // What would vanish from a word must not hide its name.
  const words = redactedValue(
    argv.map((word) => plainText(word)),
    '',
  ) as readonly string[];
  return plainText(words.join(' '), LONGEST_SHOWN);
}

/** A text in which `name=value`, `"name": "value"` and `Name: value` may stand: queries, arguments, messages, fields. */
function redactedText(text: string): string {
  return text
    .replace(/([?&;#\s]|^)([\w.-]+)=([^&;#\s]+)/g, (whole, before: string, key: string) =>
      SECRET.test(key) ? `${before}${key}=${REDACTED}` : whole,
    )
    .replace(/"([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole, key: string, colon: string) =>
      SECRET.test(key) ? `"${key}"${colon}"${REDACTED}"` : whole,
    )
    .replace(/^([\w-]+):\s*[^\s/].*$/s, (whole, key: string) =>
      SECRET.test(key) ? `${key}: ${REDACTED}` : whole,
    );
}
