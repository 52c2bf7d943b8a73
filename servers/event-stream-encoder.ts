/** Fields of an event of a `text/event-stream` (WHATWG HTML, 9.2). Only those given are written. */
export interface EventFields {
  /** Event type; a client sees `message` without one. */
  readonly event?: string;
  /** Becomes the client's last event id. */
  readonly id?: string;
  /** Reconnection delay, whole milliseconds. */
  readonly retry?: number;
  /** UTF-8. Each line of it becomes a data line; CR and CRLF reach the client as LF. */
  readonly data?: Buffer | string;
}

const LF = 0x0a;
const CR = 0x0d;
const DATA = Buffer.from('data: ', 'latin1');
const END_OF_EVENT = Buffer.from('\n\n', 'latin1');

/** A comment: keeps proxies and dead-peer detection awake, dispatches nothing. */
export const COMMENT = Buffer.from(':\n\n', 'latin1');

/**
 * An event in wire format. Beside the data it costs 8 bytes, 5 + length for an id, 6 for each line end in the data.
 *
 * @throws RangeError when a name or id cannot be carried (line ends; NUL in an id), or retry is not a whole number
 */
export function encodeEvent(fields: EventFields): Buffer {
  let head = '';
  if (fields.retry !== undefined) {
    if (!Number.isInteger(fields.retry) || fields.retry < 0) {
      throw new RangeError(`retry must be a whole number of milliseconds, not ${fields.retry}`);
    }
    head += `retry: ${fields.retry}\n`;
  }
  if (fields.event !== undefined) head += `event: ${singleLine('event', fields.event)}\n`;
  if (fields.id !== undefined) head += `id: ${singleLine('id', fields.id)}\n`;
  if (fields.data === undefined) return Buffer.from(`${head}\n`, 'utf8');
  const data = typeof fields.data === 'string' ? Buffer.from(fields.data, 'utf8') : fields.data;
  const parts: Buffer[] = [Buffer.from(head, 'utf8'), DATA];
  // Two memchr passes are all an ordinary payload costs.
  if (data.indexOf(LF) === -1 && data.indexOf(CR) === -1) parts.push(data);
  else pushLines(parts, data);
  parts.push(END_OF_EVENT);
  return Buffer.concat(parts);
}

function pushLines(parts: Buffer[], data: Buffer): void {
  const lines = data.toString('utf8').split(/\r\n|\n|\r/);
  parts.push(Buffer.from(lines.join('\ndata: '), 'utf8'));
}

function singleLine(field: 'event' | 'id', value: string): string {
  const forbidden = value.includes('\n') || value.includes('\r') || (field === 'id' && value.includes('\0'));
  if (forbidden) throw new RangeError(`${field} cannot hold ${JSON.stringify(value)}: it must be one line`);
  return value;
}
