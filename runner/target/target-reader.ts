import { resolve as resolvePath } from 'node:path';
import { RUN_DIGITS } from '../../protocol/marker.js';
import { plainText } from '../../reports/plain-text.js';
import { foreignMistakes } from '../../scenarios/foreign/check-spec.js';
import { FOREIGN_TRANSPORTS } from '../../scenarios/foreign/contract.js';
import { scenarioIds } from '../scenario-sets.js';
import type { Origin, PublishWay, ReadyCheck, TargetCommand, TargetSpec } from './contract.js';
import { CLIENT, CURSOR, MESSAGE, PORT } from './placeholders.js';
import { shownText } from './redact.js';
import { splitCommand, UnfinishedCommand } from './split-command.js';
import { MOST_AT_ONCE, type TargetSection } from './target-schema.js';

/** Where a started server is reached. */
const HERE = '127.0.0.1';
const NAME = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;
/** Words that mean something else wherever a name is given. */
const RESERVED: readonly string[] = ['all', 'every', ...scenarioIds];
const DEFAULT_READY_MS = 15_000;
/** A server that runs already. */
const DEFAULT_THERE_MS = 2_000;
const LONGEST_SHOWN = 80;

/** Reads one target of a file, fills in what it leaves out, and collects what is wrong with it. Pure. */
export class TargetReader {
  readonly mistakes: string[] = [];

  constructor(
    private readonly name: string,
    private readonly given: TargetSection,
    private readonly settings: { readonly folder: string; readonly file: string },
  ) {}

  /** Null with mistakes. Addresses are still names. */
  read(): TargetSpec | null {
    const { given, name } = this;
    this.checkName();
    const command = this.command();
    const origin = command === null ? this.origin(given.url, 'url') : { ...LOCAL, port: command.port };
    const { path = '/', headers = {}, hello = [], replies = {}, find = 'anywhere' } = given.subscribe ?? {};
    const target: TargetSpec = {
      name,
      title: given.title ?? name,
      origin,
      command,
      ready: this.ready(),
      pid: this.pid(),
      subscribe: {
        transport: given.transport,
        path: given.subscribe?.path ?? pathOf(given.url) ?? path,
        headers: ownFields(headers),
        hello: list(hello),
        replies: { ...replies },
        find: find === 'anywhere' ? { in: 'anywhere' } : { in: 'json', path: find.json },
        cursor: this.cursor(),
      },
      publish: this.publish(),
    };
    this.checkSubscription(target);
    this.checkClients(target);
    return this.mistakes.length === 0 ? target : null;
  }

  private wrong(place: string, sentence: string): void {
    const where = ['targets', shown(this.name), ...(place === '' ? [] : [place])].join('.');
    this.mistakes.push(`${where} in ${this.settings.file}: ${sentence}`);
  }

  private checkName(): void {
    if (RESERVED.includes(this.name)) {
      this.wrong('', 'this name is taken by a scenario of pushbench. Choose another.');
    } else if (!NAME.test(this.name)) {
      this.wrong('', 'a name has lower-case letters, digits and - only, at most 64, and no - at its ends.');
    }
  }

  private command(): TargetCommand | null {
    const { url, command, cwd, env, port, setup } = this.given;
    if ((url === undefined) === (command === undefined)) {
      this.wrong(
        '',
        url === undefined
          ? 'it needs a url, of a server that runs already, or a command that starts one.'
          : 'url and command exclude each other: a started server is reached on a port that it is told.',
      );
    }
    if (command === undefined) {
      for (const [key, value] of Object.entries({ cwd, env, port, setup })) {
        if (value !== undefined) this.wrong(key, 'it goes with command alone.');
      }
      return null;
    }
    return {
      argv: this.argv(command, 'command'),
      cwd: resolvePath(this.settings.folder, cwd ?? '.'),
      env: ownFields(env ?? {}),
      port: port ?? null,
      ...(setup === undefined ? {} : { setup: this.argv(setup, 'setup') }),
    };
  }

  private argv(command: string | readonly string[], place: string): readonly string[] {
    const argv = typeof command === 'string' ? this.split(command, place) : command;
    if (argv.some((word) => word.includes('\0'))) this.wrong(place, 'it holds a zero byte.');
    if (argv[0] === undefined || argv[0] === '') this.wrong(place, 'it names no program.');
    return [...argv];
  }

  private split(command: string, place: string): readonly string[] {
    try {
      return splitCommand(command);
    } catch (error) {
      if (!(error instanceof UnfinishedCommand)) throw error;
      this.wrong(place, `"${shown(command)}" ${error.message}.`);
      return ['?'];
    }
  }

  private ready(): TargetSpec['ready'] {
    const { ready = {}, command } = this.given;
    if (ready.url !== undefined && ready.stdout !== undefined)
      this.wrong('ready', 'url and stdout exclude each other.');
    if (ready.status !== undefined && ready.url === undefined)
      this.wrong('ready.status', 'it goes with url.');
    if (ready.stdout === '') this.wrong('ready.stdout', 'an empty text is in every output.');
    if (ready.stdout !== undefined && command === undefined)
      this.wrong('ready.stdout', 'only a started server is read. Use ready.url.');
    const check: ReadyCheck =
      ready.url !== undefined
        ? {
            by: 'url',
            url: ready.url,
            address: HERE,
            ...(ready.status === undefined ? {} : { status: ready.status }),
          }
        : ready.stdout !== undefined
          ? { by: 'stdout', text: ready.stdout }
          : { by: 'port' };
    if (check.by === 'url') this.origin(check.url.replaceAll(PORT, '80'), 'ready.url');
    return {
      check,
      timeoutMs: ready.timeoutMs ?? (command === undefined ? DEFAULT_THERE_MS : DEFAULT_READY_MS),
    };
  }

  private pid(): number | null {
    const { pid, command } = this.given;
    if (pid !== undefined && command !== undefined)
      this.wrong('pid', 'the process of a started server is known.');
    return pid ?? null;
  }

  private cursor(): TargetSpec['subscribe']['cursor'] {
    const { cursor } = this.given.subscribe ?? {};
    if (cursor === undefined) return null;
    const { start = '', header, json } = cursor;
    if ((header === undefined) === (json === undefined))
      this.wrong(
        'subscribe.cursor',
        'it needs header or json, one of them: where an answer has the next cursor.',
      );
    return { start, from: header !== undefined ? { header } : { json: json ?? '' } };
  }

  private checkSubscription({ subscribe, publish }: TargetSpec): void {
    const asks = FOREIGN_TRANSPORTS[subscribe.transport] === 'polling';
    const isSocket = FOREIGN_TRANSPORTS[subscribe.transport] === 'socket';
    if (!isSocket && subscribe.hello.length > 0)
      this.wrong('subscribe.hello', `${subscribe.transport} clients have no socket to say it on.`);
    if (!isSocket && Object.keys(subscribe.replies).length > 0)
      this.wrong('subscribe.replies', `${subscribe.transport} clients have no socket to answer on.`);
    if (!asks && subscribe.cursor !== null)
      this.wrong('subscribe.cursor', `${subscribe.transport} clients ask once, not again and again.`);
    if (subscribe.cursor !== null && !subscribe.path.includes(CURSOR))
      this.wrong('subscribe.path', `it must hold ${CURSOR}, where the cursor goes.`);
    if (subscribe.cursor === null && subscribe.path.includes(CURSOR))
      this.wrong('subscribe.path', `${CURSOR} needs subscribe.cursor: where an answer has it.`);
    if (publish.by === 'self' && publish.time === null && asks && subscribe.transport === 'polling')
      this.wrong(
        'publish',
        'polling a server that publishes by itself, without a time in its messages, measures nothing but the poll interval.',
      );
  }

  /** What no virtual client could do. */
  private checkClients({ name, title, subscribe, publish }: TargetSpec): void {
    const spec = { ...subscribe, id: name, title, run: '0'.repeat(RUN_DIGITS), self: null };
    for (const mistake of foreignMistakes(spec)) this.wrong('subscribe', plainText(mistake));
    if (publish.by === 'self') return;
    for (const mistake of foreignMistakes({ ...spec, path: publish.path, headers: publish.headers }))
      this.wrong(`publish.${publish.by}`, plainText(mistake));
  }

  private publish(): PublishWay {
    const { publish } = this.given;
    if (publish === 'self') return { by: 'self', time: null };
    const { http, websocket, self } = publish;
    const ways = Object.values({ http, websocket, self }).filter((way) => way !== undefined);
    if (ways.length !== 1) this.wrong('publish', 'it takes one of http, websocket and self.');
    if (self !== undefined) return { by: 'self', time: self.time ?? null };
    if (websocket !== undefined) {
      if (!websocket.message.includes(MESSAGE))
        this.wrong('publish.websocket.message', `it must hold ${MESSAGE}, where the message goes.`);
      return {
        by: 'websocket',
        origin: websocket.url === undefined ? null : this.origin(websocket.url, 'publish.websocket.url'),
        path: websocket.path ?? pathOf(websocket.url) ?? '/',
        headers: ownFields(websocket.headers ?? {}),
        hello: list(websocket.hello ?? []),
        readyAt: websocket.readyAt ?? null,
        replies: { ...websocket.replies },
        message: websocket.message,
      };
    }
    const { url, method = 'POST', path = '/', headers = {}, body = '', atOnce = MOST_AT_ONCE } = http ?? {};
    const isJson = typeof body !== 'string';
    const text = isJson ? this.json(body, 'publish.http.body') : body;
    const fields = ownFields(headers);
    const isNamed = Object.keys(fields).some((name) => name.toLowerCase() === 'content-type');
    if (http !== undefined && !path.includes(MESSAGE) && !text.includes(MESSAGE))
      this.wrong('publish.http', `path or body must hold ${MESSAGE}, where the message goes.`);
    const ignored = pathOf(url) ?? '/';
    if (ignored !== '/' && ignored !== path)
      this.wrong(
        'publish.http.url',
        `its path ${shown(ignored)} is not asked for, but publish.http.path. Leave it out here.`,
      );
    if (method === 'GET' && text !== '') this.wrong('publish.http.body', 'a GET request has none.');
    return {
      by: 'http',
      origin: url === undefined ? null : this.origin(url, 'publish.http.url'),
      method,
      path,
      headers:
        text === '' || isNamed
          ? fields
          : { ...fields, 'content-type': isJson ? 'application/json' : 'text/plain; charset=utf-8' },
      body: text,
      atOnce,
    };
  }

  private json(body: object, place: string): string {
    try {
      return JSON.stringify(body);
    } catch {
      this.wrong(place, 'it has no JSON: something in it holds itself, or is nested too deep.');
      return MESSAGE;
    }
  }

  private origin(url: string | undefined, place: string): Origin {
    if (url === undefined) return LOCAL;
    let parsed: URL;
    try {
      parsed = new URL(url);
    } catch {
      this.wrong(place, `"${shown(url)}" is not an address.`);
      return LOCAL;
    }
    if (parsed.username !== '' || parsed.password !== '')
      this.wrong(place, 'a name and password do not belong into an address. Use headers.');
    const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
    return { address: hostname, hostname: parsed.hostname, port: Number(parsed.port || 80) };
  }
}

const LOCAL: Origin = { address: HERE, hostname: HERE, port: null };

function pathOf(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  // Braces are encoded in the path of an address, and what stands for something would be sent as it is.
  return [CLIENT, CURSOR].reduce(
    (path, mark) => path.replaceAll(`%7B${mark.slice(1, -1)}%7D`, mark),
    `${pathname}${search}`,
  );
}

function list(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : [...texts];
}

function ownFields(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...fields };
}

/** A text of the file's in a sentence. */
export function shown(text: string): string {
  return shownText(text, LONGEST_SHOWN);
}
