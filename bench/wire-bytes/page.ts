import { BROWSER_VERSION } from '../../scenarios/browser-headers.js';
import type { WireCase, WireTransport } from './measure.js';
import { visible } from './visible.js';

/** Between these lines stands what the kernel's timing may change: the rest of the page is the same in every run. */
export const TCP_BEGIN = '<!-- segments: -->';
export const TCP_END = '<!-- :segments -->';
const SEGMENT_BYTES = 52;
const SYN_BYTES = 8;
const COOKIE_BYTES = 36;

/** docs/wire-bytes.md. Pure. */
export function wireBytesPage(transports: readonly WireTransport[], payloadBytes: number): string {
  return `${[
    '# Bytes on the wire',
    `What one message of ${payloadBytes} bytes costs each transport, per client, in bytes. Written by \`npm run wire-bytes\` from a
run of one client under a packet capture, one message at a time; a test runs it again and compares. Ledger, sockets,
kernel and capture agreed to the byte on all of it. What the layers are: [metrics](metrics.md#bytes). Browser headers are
those of Chromium ${BROWSER_VERSION}, captured once and frozen.`,
    '*up* is from client to server. *handshake* comes once a connection, before the first message.',
    table(
      [
        'transport',
        'headers',
        '',
        'up',
        'down',
        'header',
        'framing',
        'payload',
        'handshake up',
        'handshake down',
      ],
      3,
      rows(transports, (each, { name, up, down, header, framing, payload }) => [
        ...nameCells(each, name),
        ...[up, down, header, framing, payload, each.handshake.up, each.handshake.down].map(number),
      ]),
    ),
    `A poll is asked whether or not there is news, so polling pays *no news* as often as it asks in vain. The other
transports send nothing between messages within 15 s of connecting.`,
    '## With TCP and IP',
    `IP bytes = the bytes above + ${SEGMENT_BYTES} a segment (20 IPv4, 32 TCP with timestamps), acknowledgements contained; 8 more on a
SYN. A connection costs 172 bytes in three segments to open; where every poll has one of its own, that and its end are
contained. These are messages that come alone, the most common number of segments: messages that come together share
them. The kernel decides when it acknowledges, so this table, unlike the rest of the page, may differ between machines.`,
    TCP_BEGIN,
    table(
      [
        'transport',
        'headers',
        '',
        'segments up',
        'segments down',
        'IP bytes up',
        'IP bytes down',
        'IP bytes',
      ],
      3,
      rows(transports, (each, { name, up, down, segments, syn }) => {
        const ip = {
          up: up + SEGMENT_BYTES * segments.up + SYN_BYTES * syn.up,
          down: down + SEGMENT_BYTES * segments.down + SYN_BYTES * syn.down,
        };
        return [
          ...nameCells(each, name),
          ...[segments.up, segments.down, ip.up, ip.down, ip.up + ip.down].map(number),
        ];
      }),
    ),
    TCP_END,
    '## With a cookie, and with other content',
    additions(transports),
    '## The bytes themselves',
    `As captured. \`\\r\` and \`\\n\` are the line ends; bytes that are no printable ASCII are written \`\\x81\`. The value of \`Date\`, the
port and the ids of sessions are masked; none of them ever changes its length.`,
    ...groups(transports).flatMap(section),
  ].join('\n\n')}\n`;
}

/** What options add to the bytes above: by formula, to which other tests hold every transport. */
function additions(transports: readonly WireTransport[]): string {
  const poll = transports.find(({ id, headers }) => id === 'polling' && headers === 'browser')?.cases[0];
  const example =
    poll === undefined
      ? ''
      : ` With n = ${COOKIE_BYTES} a poll of
  ${number(poll.up)} bytes with a browser's headers is one of ${number(poll.up + COOKIE_BYTES + 10)}.`;
  return `- \`--cookie <n>\` adds n + 10 bytes to each request: \`Cookie: \`, n bytes and the line end.${example} Polling
  pays them with each poll, streams and sockets once, in their handshake.
- \`--content unicode\` changes no length.
- \`--content binary\` changes none on WebSocket, whose frames are then binary. Transports that have only text carry
  4 x ceil(n / 3) bytes of base64 for n, 16 for 10: their framing is that of a message of this length, and 4 x ceil(n / 3) - n more.`;
}

/** The page without the part that timing may change. */
export function withoutSegments(page: string): string {
  return page.slice(0, page.indexOf(TCP_BEGIN)) + page.slice(page.indexOf(TCP_END));
}

function groups(transports: readonly WireTransport[]): WireTransport[][] {
  const ids = [...new Set(transports.map(({ id }) => id))];
  return ids.map((id) => transports.filter((each) => each.id === id));
}

function section(styles: readonly WireTransport[]): string[] {
  const [first] = styles;
  const parts = [`### ${first!.title}`];
  const show = (what: string, read: (each: WireTransport) => string): void => {
    const texts = new Map<string, string[]>();
    for (const each of styles) {
      const text = read(each);
      if (text !== '') texts.set(visible(text), [...(texts.get(visible(text)) ?? []), each.headers]);
    }
    for (const [text, headers] of texts) {
      const size = read(styles.find((each) => visible(read(each)) === text)!).length;
      const which = headers.length < styles.length ? `, ${headers.join(' and ')} headers` : '';
      parts.push(`${what}${which} (${number(size)} bytes):`, fence(text));
    }
  };
  show('Request that opens it', ({ opening }) => opening.request);
  show('What comes before the first message', ({ opening }) => opening.answer);
  const isHeld = first!.cases[0]!.request === '';
  show('Request', ({ cases }) => cases[0]!.request);
  show(isHeld ? 'A message' : 'Answer with a message', ({ cases }) => cases[0]!.answer);
  // The request in vain is the same one.
  show('Answer without news', ({ cases }) => cases[1]?.answer ?? '');
  return parts;
}

function rows(
  transports: readonly WireTransport[],
  cells: (each: WireTransport, one: WireCase) => string[],
): string[][] {
  return transports.flatMap((each) => each.cases.map((one) => cells(each, one)));
}

function nameCells({ title, headers }: WireTransport, name: string): string[] {
  return [title, headers, name];
}

/** @param texts how many columns, from the left, hold words */
function table(heads: readonly string[], texts: number, body: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, at) => (at < texts ? ':---' : '---:'));
  return [line(heads), line(rule), ...body.map(line)].join('\n');
}

function fence(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
