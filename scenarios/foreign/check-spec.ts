import { RUN_DIGITS } from '../../protocol/marker.js';
import { FOREIGN_TRANSPORTS, type ForeignSpec } from './contract.js';

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What a field's value may hold (RFC 9110, 5.5), as latin1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** A path with query as it stands in a request's first line, placeholders contained. */
const PATH = /^\/[\x21-\x7e]*$/;
const RUN = new RegExp(`^[0-9a-f]{${RUN_DIGITS}}$`);
/** Fields that the clients write themselves. */
const OWN_FIELDS = new Set([
  'content-length',
  'transfer-encoding',
  'upgrade',
  'connection',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'last-event-id',
]);

/** What of a specification no client could do, a sentence each; empty when all is well. */
export function foreignMistakes(spec: ForeignSpec): string[] {
  const mistakes: string[] = [];
  if (!Object.hasOwn(FOREIGN_TRANSPORTS, spec.transport))
    mistakes.push(
      `The transport ${JSON.stringify(spec.transport)} is none of ${Object.keys(FOREIGN_TRANSPORTS).join(', ')}.`,
    );
  if (!PATH.test(spec.path))
    mistakes.push(
      `The path ${JSON.stringify(spec.path)} must begin with "/" and have printable ASCII characters without spaces only; encode others with %.`,
    );
  if (!RUN.test(spec.run))
    mistakes.push(`The run ${JSON.stringify(spec.run)} is not ${RUN_DIGITS} hex digits.`);
  for (const [name, value] of Object.entries(spec.headers)) {
    if (!TOKEN.test(name)) mistakes.push(`The header name ${JSON.stringify(name)} is not a name in HTTP.`);
    else if (OWN_FIELDS.has(name.toLowerCase()))
      mistakes.push(`The header ${name} cannot be set: the client writes it itself.`);
    if (!VALUE.test(value))
      mistakes.push(
        `The value of the header ${name} has a line end or another character that HTTP does not allow.`,
      );
  }
  return mistakes;
}
