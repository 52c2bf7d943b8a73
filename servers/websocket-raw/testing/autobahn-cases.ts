import { binary, brief, clientFrame, close, more, OP, ping, pong, text } from './client-frames.js';

/**
 * A case of the Autobahn test suite's list, sections 1 to 7, for a server that echoes messages. Numbers and order are the
 * list's; what is sent and what must be answered is written here after RFC 6455.
 */
export interface Case {
  readonly id: string;
  readonly does: string;
  /** Frames in order. */
  readonly send: readonly Buffer[];
  /** What the server answers, to the end of the connection; see `spoken`. */
  readonly hears: readonly string[];
  /** How the bytes are cut on a real connection: all at once by default. */
  readonly cut?: 'frames' | 'octets' | number;
  /** The connection must fail with exactly this byte (counted from 1), not before and not later. */
  readonly failsWith?: number;
}

const NORMAL = 1000;
const PROTOCOL_ERROR = 'close 1002';
const INVALID_TEXT = 'close 1007';

/** Everything is in order: after the answers the client closes. */
function fine(
  id: string,
  does: string,
  send: readonly Buffer[],
  hears: readonly string[],
  cut?: Case['cut'],
): Case {
  return {
    id,
    does,
    send: [...send, close(NORMAL)],
    hears: [...hears, `close ${NORMAL}`],
    ...(cut === undefined ? {} : { cut }),
  };
}

/** The connection fails; whatever was in order before is answered. */
function fails(
  id: string,
  does: string,
  send: readonly Buffer[],
  hears: readonly string[] = [],
  cut?: Case['cut'],
): Case {
  return {
    id,
    does,
    send,
    hears: [...hears, PROTOCOL_ERROR],
    ...(cut === undefined ? {} : { cut }),
  };
}

const said = (payload: string): string => `text ${brief(payload)}`;
const saidBytes = (payload: Buffer): string => `binary ${brief(payload.toString('hex'))}`;
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
/** Every byte is a frame of its own. */
function byteFrames(payload: Buffer): Buffer[] {
  return [...payload].map((byte, at) =>
    clientFrame({
      opcode: at === 0 ? OP.text : OP.continuation,
      final: at === payload.length - 1,
      payload: Buffer.from([byte]),
    }),
  );
}

const SIZES = [0, 125, 126, 127, 128, 65_535, 65_536];

const framing: Case[] = [
  ...SIZES.map((size, at) => {
    const payload = '*'.repeat(size);
    return fine(`1.1.${at + 1}`, `text of ${size} bytes`, [text(payload)], [said(payload)]);
  }),
  fine(
    '1.1.8',
    'text of 65,536 bytes in pieces of 997',
    [text('*'.repeat(65_536))],
    [said('*'.repeat(65_536))],
    997,
  ),
  ...SIZES.map((size, at) => {
    const payload = Buffer.alloc(size, 0xfe);
    return fine(`1.2.${at + 1}`, `binary of ${size} bytes`, [binary(payload)], [saidBytes(payload)]);
  }),
  fine(
    '1.2.8',
    'binary of 65,536 bytes in pieces of 997',
    [binary(Buffer.alloc(65_536, 0xfe))],
    [saidBytes(Buffer.alloc(65_536, 0xfe))],
    997,
  ),
];

const NO_TEXT = hex('00ff fefd fcfb 00ff'.replaceAll(' ', ''));
const LONG = Buffer.alloc(125, 0xfe);
const TEN = Array.from({ length: 10 }, (_, at) => `payload-${at}`);
const ponged = (payload: string | Buffer): string => `pong ${Buffer.from(payload).toString('hex')}`;

const pings: Case[] = [
  fine('2.1', 'a ping without payload', [ping()], [ponged('')]),
  fine('2.2', 'a ping with a text', [ping('Hello, world!')], [ponged('Hello, world!')]),
  fine('2.3', 'a ping with bytes that are no text', [ping(NO_TEXT)], [ponged(NO_TEXT)]),
  fine('2.4', 'a ping with 125 bytes', [ping(LONG)], [ponged(LONG)]),
  fails('2.5', 'a ping with 126 bytes', [ping(Buffer.alloc(126, 0xfe))]),
  fine('2.6', 'a ping with 125 bytes, octet by octet', [ping(LONG)], [ponged(LONG)], 'octets'),
  fine('2.7', 'a pong nobody asked for', [pong()], []),
  fine('2.8', 'a pong nobody asked for, with payload', [pong('unasked')], []),
  fine('2.9', 'an unasked pong, then a ping', [pong('unasked'), ping('asked')], [ponged('asked')]),
  fine(
    '2.10',
    'ten pings',
    TEN.map((each) => ping(each)),
    TEN.map(ponged),
  ),
  fine(
    '2.11',
    'ten pings, octet by octet',
    TEN.map((each) => ping(each)),
    TEN.map(ponged),
    'octets',
  ),
];

const HELLO = 'Hello, world!';
const odd = (reserved: number): Buffer => text(HELLO, { reserved });

const reservedBits: Case[] = [
  fails('3.1', 'reserved bits 1 on a text', [odd(1)]),
  fails('3.2', 'a text, one with reserved bits 2, a ping', [text(HELLO), odd(2), ping()], [said(HELLO)]),
  fails(
    '3.3',
    'a text, one with reserved bits 3, a ping, frame by frame',
    [text(HELLO), odd(3), ping()],
    [said(HELLO)],
    'frames',
  ),
  fails(
    '3.4',
    'a text, one with reserved bits 4, a ping, octet by octet',
    [text(HELLO), odd(4), ping()],
    [said(HELLO)],
    'octets',
  ),
  fails('3.5', 'reserved bits 5 on a binary', [binary(NO_TEXT, { reserved: 5 })]),
  fails('3.6', 'reserved bits 6 on a ping', [ping(HELLO, { reserved: 6 })]),
  fails('3.7', 'reserved bits 7 on a close', [clientFrame({ opcode: OP.close, reserved: 7 })]),
];

/** Five reserved opcodes, each sent in another manner. */
function opcodes(section: string, first: number): Case[] {
  const strange = (at: number, payload = ''): Buffer => clientFrame({ opcode: first + at, payload });
  return [
    fails(`${section}.1`, `opcode ${first}`, [strange(0)]),
    fails(`${section}.2`, `opcode ${first + 1} with payload`, [strange(1, 'reserved')]),
    fails(
      `${section}.3`,
      `a text, opcode ${first + 2}, a ping`,
      [text(HELLO), strange(2), ping()],
      [said(HELLO)],
    ),
    fails(
      `${section}.4`,
      `a text, opcode ${first + 3} with payload, a ping, frame by frame`,
      [text(HELLO), strange(3, 'reserved'), ping()],
      [said(HELLO)],
      'frames',
    ),
    fails(
      `${section}.5`,
      `a text, opcode ${first + 4} with payload, a ping, octet by octet`,
      [text(HELLO), strange(4, 'reserved'), ping()],
      [said(HELLO)],
      'octets',
    ),
  ];
}

const begin = (payload: string): Buffer => text(payload, { final: false });
const middle = (payload: string): Buffer => more(payload, { final: false });
const WAYS = [undefined, 'frames', 'octets'] as const;
const inWay = (way: Case['cut']): string =>
  way === undefined ? '' : `, ${String(way).slice(0, -1)} by ${String(way).slice(0, -1)}`;

const fragmentation: Case[] = [
  fails('5.1', 'a ping in two fragments', [ping('frag', { final: false }), more('ment')]),
  fails('5.2', 'a pong in two fragments', [pong('frag', { final: false }), more('ment')]),
  ...WAYS.map((way, at) =>
    fine(
      `5.${3 + at}`,
      `a text in two fragments${inWay(way)}`,
      [begin('frag'), more('ment')],
      [said('fragment')],
      way,
    ),
  ),
  ...WAYS.map((way, at) =>
    fine(
      `5.${6 + at}`,
      `a ping between two fragments${inWay(way)}`,
      [begin('frag'), ping('between'), more('ment')],
      [ponged('between'), said('fragment')],
      way,
    ),
  ),
  ...WAYS.map((way, at) =>
    fails(
      `5.${9 + at}`,
      `a last continuation of nothing, then a text${inWay(way)}`,
      [more('nothing'), text(HELLO)],
      [],
      way,
    ),
  ),
  ...WAYS.map((way, at) =>
    fails(
      `5.${12 + at}`,
      `a continuation of nothing, then a text${inWay(way)}`,
      [middle('nothing'), text(HELLO)],
      [],
      way,
    ),
  ),
  fails(
    '5.15',
    'a text in two fragments, a continuation of nothing, a text',
    [begin('frag'), more('ment'), middle('nothing'), text(HELLO)],
    [said('fragment')],
  ),
  fails('5.16', 'twice a continuation of nothing and a text in two fragments', [
    middle('a'),
    begin('b'),
    more('c'),
    middle('a'),
    begin('b'),
    more('c'),
  ]),
  fails('5.17', 'twice a last continuation of nothing and a text in two fragments', [
    more('a'),
    begin('b'),
    more('c'),
    more('a'),
    begin('b'),
    more('c'),
  ]),
  fails('5.18', 'a text that begins inside another', [begin('frag'), text('ment')]),
  ...(['5.19', '5.20'] as const).map((id, at) =>
    fine(
      id,
      `a text in five fragments with two pings between${inWay(WAYS[at])}`,
      [begin('f'), middle('r'), ping('first'), middle('a'), middle('g'), ping('second'), more('s')],
      [ponged('first'), ponged('second'), said('frags')],
      WAYS[at],
    ),
  ),
];

const SOME_TEXT = 'Hello-µ@ßöäüàá-UTF-8!!';
/** Greek with the accent of its own block, so that one letter takes three bytes: 11 bytes in all. */
const KOSME = hex('cebae1bdb9cf83cebcceb5');
const EDITED = Buffer.from('edited');
/** U+110000, which does not exist: the second byte shows it. */
const ABOVE = hex('f4908080');
const broken = Buffer.concat([KOSME, hex('eda080'), EDITED]);
const part = (payload: Buffer, opcode: number, final: boolean): Buffer =>
  clientFrame({ opcode, final, payload });
const HEADER = 6;

const utf8: Case[] = [
  fine('6.1.1', 'an empty text', [text('')], [said('')]),
  fine('6.1.2', 'three empty fragments', [begin(''), middle(''), more('')], [said('')]),
  fine(
    '6.1.3',
    'three fragments, the first and last of them empty',
    [begin(''), middle('middle frame payload'), more('')],
    [said('middle frame payload')],
  ),
  fine('6.2.1', 'a text with several bytes a character', [text(SOME_TEXT)], [said(SOME_TEXT)]),
  fine(
    '6.2.2',
    'the same in two fragments, cut between characters',
    [begin(SOME_TEXT.slice(0, 9)), more(SOME_TEXT.slice(9))],
    [said(SOME_TEXT)],
  ),
  fine('6.2.3', 'the same in fragments of a byte', byteFrames(Buffer.from(SOME_TEXT)), [said(SOME_TEXT)]),
  fine('6.2.4', 'Greek in fragments of a byte', byteFrames(KOSME), [said(KOSME.toString())]),
  {
    id: '6.3.1',
    does: 'a surrogate inside a text',
    send: [text(broken)],
    hears: [INVALID_TEXT],
    failsWith: HEADER + 13,
  },
  {
    id: '6.3.2',
    does: 'a surrogate in fragments of a byte',
    send: byteFrames(broken),
    hears: [INVALID_TEXT],
    failsWith: 13 * (HEADER + 1),
  },
  {
    id: '6.4.1',
    does: 'a second of three fragments that is wrong from its second byte on',
    send: [
      part(KOSME, OP.text, false),
      part(ABOVE, OP.continuation, false),
      part(EDITED, OP.continuation, true),
    ],
    hears: [INVALID_TEXT],
    failsWith: HEADER + 11 + HEADER + 2,
  },
  {
    id: '6.4.2',
    does: 'a second fragment that ends with the wrong byte',
    send: [
      part(KOSME, OP.text, false),
      part(ABOVE.subarray(0, 2), OP.continuation, false),
      part(Buffer.concat([ABOVE.subarray(2), EDITED]), OP.continuation, true),
    ],
    hears: [INVALID_TEXT],
    failsWith: HEADER + 11 + HEADER + 2,
  },
  ...(['6.4.3', '6.4.4'] as const).map((id, at) => ({
    id,
    does: `one frame whose thirteenth byte is wrong, in pieces that end ${at === 0 ? 'beyond' : 'with'} it`,
    send: [text(Buffer.concat([KOSME, ABOVE, EDITED]))],
    hears: [INVALID_TEXT],
    cut: at === 0 ? 21 : 19,
    failsWith: HEADER + 13,
  })),
];

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const lonely = (first: number, last: number): string =>
  range(first, last)
    .map((byte) => `${byte.toString(16)}20`)
    .join('');
const INCOMPLETE = 'c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf'.split(' ');
const NON_CHARACTERS = [
  'efbfbe',
  'efbfbf',
  ...range(1, 16).flatMap((plane) =>
    [0xfffe, 0xffff].map((last) => Buffer.from(String.fromCodePoint(plane * 0x10000 + last)).toString('hex')),
  ),
];

/** Sections 6.5 to 6.23: a whole text in one frame. */
const TEXTS: readonly (readonly [
  section: string,
  about: string,
  valid: readonly string[],
  invalid?: readonly string[],
])[] = [
  [
    '6.5',
    'valid text',
    ['', 'c2a2', 'e282ac', 'f0a4ada2']
      .map((each, at) => `68656c6c6f${at === 0 ? '24' : each}776f726c64`)
      .concat(KOSME.toString('hex')),
  ],
  ['6.7', 'first sequence of a length', ['00', 'c280', 'e0a080', 'f0908080']],
  ['6.8', 'first sequence of five and six bytes', [], ['f888808080', 'fc8480808080']],
  ['6.9', 'last sequence of a length', ['7f', 'dfbf', 'efbfbf', 'f48fbfbf']],
  ['6.10', 'last sequence of four, five and six bytes', [], ['f7bfbfbf', 'fbbfbfbfbf', 'fdbfbfbfbfbf']],
  ['6.11', 'boundaries', ['ed9fbf', 'ee8080', 'efbfbd', 'f48fbfbf'], ['f4908080']],
  [
    '6.12',
    'continuation bytes without a beginning',
    [],
    [
      ...['80', 'bf', '80bf', '80bf80', '80bf80bf', '80bf80bf80', '80bf80bf80bf'],
      Buffer.from(range(0x80, 0xbe)).toString('hex'),
    ],
  ],
  [
    '6.13',
    'beginnings alone',
    [],
    [lonely(0xc0, 0xde), lonely(0xe0, 0xee), lonely(0xf0, 0xf6), lonely(0xf8, 0xfa), lonely(0xfc, 0xfc)],
  ],
  ['6.14', 'last byte missing', [], INCOMPLETE],
  ['6.15', 'incomplete sequences joined', [], [INCOMPLETE.join('')]],
  ['6.16', 'impossible bytes', [], ['fe', 'ff', 'fefeffff']],
  ['6.17', 'overlong slash', [], ['c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af']],
  ['6.18', 'longest overlong sequences', [], ['c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf']],
  ['6.19', 'overlong NUL', [], ['c080', 'e08080', 'f0808080', 'f880808080', 'fc8080808080']],
  ['6.20', 'single surrogates', [], ['eda080', 'edadbf', 'edae80', 'edafbf', 'edb080', 'edbe80', 'edbfbf']],
  [
    '6.21',
    'paired surrogates',
    [],
    ['eda080', 'edadbf', 'edae80', 'edafbf'].flatMap((high) => ['edb080', 'edbfbf'].map((low) => high + low)),
  ],
  ['6.22', 'code points that are no characters', NON_CHARACTERS],
  ['6.23', 'specials', range(0xb9, 0xbf).map((last) => `efbf${last.toString(16)}`)],
];

function oneText(id: string, about: string, digits: string, isValid: boolean): Case {
  const payload = hex(digits);
  const does = `${about}: ${digits.length > 40 ? `${digits.slice(0, 40)}...` : digits}`;
  if (isValid) return fine(id, does, [text(payload)], [said(payload.toString())]);
  return { id, does, send: [text(payload)], hears: [INVALID_TEXT] };
}

/** A prefix is whole where a character ends: after 2, 5, 7, 9 and 11 bytes. */
const prefixes = range(1, KOSME.length).map((length) =>
  oneText(
    `6.6.${length}`,
    `the first ${length} bytes of a text`,
    KOSME.toString('hex', 0, length),
    [2, 5, 7, 9, 11].includes(length),
  ),
);

const texts = TEXTS.flatMap(([section, about, valid, invalid = []]) => [
  ...valid.map((digits, at) => oneText(`${section}.${at + 1}`, about, digits, true)),
  ...invalid.map((digits, at) => oneText(`${section}.${valid.length + at + 1}`, about, digits, false)),
]);

const LARGE = 'BAsd7&jh23'.repeat(6553);
const clean = (id: string, does: string, closing: Buffer, answer: string): Case => ({
  id,
  does,
  send: [closing],
  hears: [answer],
});

const closing: Case[] = [
  fine('7.1.1', 'a text, then a close', [text(HELLO)], [said(HELLO)]),
  { id: '7.1.2', does: 'two closes', send: [close(NORMAL), close(NORMAL)], hears: ['close 1000'] },
  { id: '7.1.3', does: 'a ping after the close', send: [close(NORMAL), ping()], hears: ['close 1000'] },
  { id: '7.1.4', does: 'a text after the close', send: [close(NORMAL), text(HELLO)], hears: ['close 1000'] },
  {
    id: '7.1.5',
    does: 'a close between two fragments',
    send: [begin('frag'), close(NORMAL), more('ment')],
    hears: ['close 1000'],
  },
  {
    id: '7.1.6',
    does: 'a large text (here as large as may be), a text, a close and a ping at once',
    send: [text(LARGE), text(HELLO), close(NORMAL), ping()],
    hears: [said(LARGE), said(HELLO), 'close 1000'],
  },
  clean('7.3.1', 'a close without payload', close(), 'close'),
  clean('7.3.2', 'a close with one byte', clientFrame({ opcode: OP.close, payload: 'a' }), PROTOCOL_ERROR),
  clean('7.3.3', 'a close with a code', close(NORMAL), 'close 1000'),
  clean('7.3.4', 'a close with a code and a reason', close(NORMAL, 'Hello World!'), 'close 1000'),
  clean('7.3.5', 'a close with the longest reason', close(NORMAL, '*'.repeat(123)), 'close 1000'),
  clean('7.3.6', 'a close that is too long', close(NORMAL, '*'.repeat(124)), PROTOCOL_ERROR),
  clean('7.5.1', 'a close whose reason is not UTF-8', close(NORMAL, broken), INVALID_TEXT),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code, at) =>
    clean(`7.7.${at + 1}`, `a close with code ${code}`, close(code), `close ${code}`),
  ),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map((code, at) =>
    clean(`7.9.${at + 1}`, `a close with code ${code}, which may not be sent`, close(code), PROTOCOL_ERROR),
  ),
  clean('7.13.1', 'a close with code 5000, which nobody has defined', close(5000), PROTOCOL_ERROR),
  clean('7.13.2', 'a close with code 65535, which nobody has defined', close(65_535), PROTOCOL_ERROR),
];

/** All of them: 1 framing, 2 pings and pongs, 3 reserved bits, 4 opcodes, 5 fragmentation, 6 UTF-8, 7 closing. */
export const CASES: readonly Case[] = [
  ...framing,
  ...pings,
  ...reservedBits,
  ...opcodes('4.1', 3),
  ...opcodes('4.2', 11),
  ...fragmentation,
  ...utf8,
  ...texts.slice(0, 5),
  ...prefixes,
  ...texts.slice(5),
  ...closing,
];
