import { z } from 'zod';
import { FOREIGN_TRANSPORTS, type ForeignTransport } from '../../scenarios/foreign/contract.js';

/** The longest text a target may be given: a head or a first message, not a payload. */
const MOST_TEXT = 16_384;
const MOST_FIELDS = 100;

const TEXT = `must be a text of at most ${MOST_TEXT} characters`;
const text = (describe: string) => z.string(TEXT).max(MOST_TEXT, TEXT).describe(describe);

const PATH = 'must be a path that begins with / and has no spaces, such as /events?room=1';
const path = (describe: string) =>
  z
    .string(PATH)
    .regex(/^\/[!-~]*$/, PATH)
    .max(MOST_TEXT, PATH)
    .describe(describe);

const HEADERS = 'must be an object of header fields: names of letters, digits and -, values of one line';
const FIELD = `must be a text of one line, of at most ${MOST_TEXT} characters`;
const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/),
    z
      .string(FIELD)
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/, FIELD)
      .max(MOST_TEXT, FIELD),
    HEADERS,
  )
  .refine((fields) => Object.keys(fields).length <= MOST_FIELDS, HEADERS)
  .describe('Header fields, added in this order.');

const TEXTS = 'must be a text or a list of texts';
const texts = (describe: string) =>
  z
    .union([z.string(TEXTS).max(MOST_TEXT, TEXTS), z.array(z.string(TEXTS).max(MOST_TEXT, TEXTS), TEXTS)])
    .describe(describe);

const REPLIES = 'must be an object of texts: what the server says, and what is answered';
const replies = z
  .record(z.string().max(MOST_TEXT), z.string(TEXT).max(MOST_TEXT, TEXT), REPLIES)
  .describe('Text messages of the server that are answered, word for word.');

const JSON_PATH = 'must be a path into JSON: names and indices joined by dots, such as data.items.0.text';
const jsonPath = z
  .string(JSON_PATH)
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, JSON_PATH)
  .max(256, JSON_PATH)
  .describe('Names and indices joined by dots, such as data.items.0.text.');

const whole = (min: number, max: number, describe: string) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message).describe(describe);
};

const URL_TEXT = 'must be an address that begins with http:// or ws://, such as http://127.0.0.1:8080';
const address = (describe: string) =>
  z
    .string(URL_TEXT)
    .regex(/^(http|ws):\/\/\S+$/, URL_TEXT)
    .max(MOST_TEXT, URL_TEXT)
    .describe(describe);

const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape, 'must be an object');

const subscribe = object({
  path: path(
    'Path with query of requests and upgrades; of clients that ask it may hold {cursor}.',
  ).optional(),
  headers: headers.optional(),
  hello: texts('Said as text messages, one by one, once a socket is open.').optional(),
  replies: replies.optional(),
  find: z
    .union(
      [z.literal('anywhere'), object({ json: jsonPath })],
      'must be "anywhere", or an object such as { "json": "data.text" }',
    )
    .describe("Where pushbench's marker is looked for in a message.")
    .optional(),
  cursor: object({
    start: text('The cursor of the first request.').optional(),
    header: text('The field of an answer that holds the next cursor.').optional(),
    json: jsonPath.optional(),
  })
    .describe('What the next request of a client that asks depends on: a value of the answer before.')
    .optional(),
}).describe('How a virtual client subscribes. Texts may hold {client}, its number.');

/** Requests under way at once: past this the next one waits for an answer, and the publisher is no longer open loop. */
export const MOST_AT_ONCE = 256;

const METHODS = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const;

const publish = z
  .union(
    [
      z.literal('self'),
      object({
        http: object({
          url: address('Where, when it is not the target itself.').optional(),
          method: z.enum(METHODS, `must be one of ${METHODS.join(', ')}`).optional(),
          path: path('Path with query; it may hold {message}.'),
          headers: headers.optional(),
          body: z
            .union(
              [z.string().max(MOST_TEXT), z.record(z.string(), z.json('must be JSON'))],
              'must be a text or an object',
            )
            .describe('What is sent, with {message} in it; an object is sent as JSON.')
            .optional(),
          atOnce: whole(
            1,
            MOST_AT_ONCE,
            'Requests under way at once, at most; with 1 messages keep their order, and each waits for the answer before it.',
          ).optional(),
        })
          .describe('One HTTP request a message.')
          .optional(),
        websocket: object({
          url: address('Where, when it is not the target itself.').optional(),
          path: path('Path with query of the upgrade.').optional(),
          headers: headers.optional(),
          hello: texts('Said as text messages, one by one, once the socket is open.').optional(),
          readyAt: text(
            'Publishing begins with the first message that begins like this; at once when left out.',
          ).optional(),
          replies: replies.optional(),
          message: text('What is said, with {message} in it.'),
        })
          .describe('One text message on a socket a message.')
          .optional(),
        self: object({
          time: object({
            json: jsonPath,
            unit: z.enum(['s', 'ms', 'us', 'iso'], 'must be one of s, ms, us, iso'),
          })
            .describe('The time that each message carries; without one gaps are reported and no latency.')
            .optional(),
        })
          .describe('The server publishes by itself.')
          .optional(),
      }),
    ],
    'must be "self", or an object with http, websocket or self',
  )
  .describe('How a message gets into the server. Texts may hold {message}.');

const ready = object({
  url: address('Ready when this address answers; it may hold {port}.').optional(),
  status: whole(100, 599, 'With url: the status of that answer; any below 400 when left out.').optional(),
  stdout: text('Ready when the program has printed this.').optional(),
  timeoutMs: whole(100, 600_000, 'How long it may take.').optional(),
}).describe('How the server says that it is ready; when left out, by taking connections.');

const transports = Object.keys(FOREIGN_TRANSPORTS) as ForeignTransport[];
const COMMAND = 'must be a list of texts, or one text that is cut at spaces';

const target = object({
  title: text('For people; the name when left out.').optional(),
  url: address('Of a server that runs already.').optional(),
  command: z
    .union([
      z.string(COMMAND).max(MOST_TEXT, COMMAND),
      z.array(z.string(COMMAND).max(MOST_TEXT, COMMAND), COMMAND).min(1, COMMAND),
    ])
    .describe(
      'Starts the server, without a shell; texts may hold {port}, which is also in the environment as PORT.',
    )
    .optional(),
  cwd: text('Where the command runs, from the folder of this file; that folder when left out.').optional(),
  setup: z
    .union([
      z.string(COMMAND).max(MOST_TEXT, COMMAND),
      z.array(z.string(COMMAND).max(MOST_TEXT, COMMAND), COMMAND).min(1, COMMAND),
    ])
    .describe(
      'Run once, without a shell, in the fresh tree of a commit that "pushbench compare" checks out: npm ci.',
    )
    .optional(),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
      z.string(TEXT).max(MOST_TEXT, TEXT),
      'must be an object of texts',
    )
    .describe('Environment variables of the command; values may hold {port}.')
    .optional(),
  port: whole(
    1,
    65_535,
    'Where the started server listens on 127.0.0.1; a free port when left out.',
  ).optional(),
  ready: ready.optional(),
  pid: whole(1, 2 ** 31 - 1, 'Of a server that runs already, for its CPU and memory.').optional(),
  transport: z
    .enum(transports, `must be one of ${transports.join(', ')}`)
    .describe('How its messages get to clients.'),
  subscribe: subscribe.optional(),
  publish,
});

/** The key `targets` of a configuration file: servers of the user's by name. */
export const targetsSchema = z
  .record(z.string(), target, 'must be an object of targets by name')
  .describe('Servers of your own by name, for --target.');

export type TargetsSection = z.infer<typeof targetsSchema>;
export type TargetSection = TargetsSection[string];
