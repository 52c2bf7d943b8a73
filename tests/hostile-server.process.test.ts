import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FailureKind, Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import { Changes } from './support/changes.js';
import type { HostProcess } from './support/host-process.js';
import type { Stranger } from './support/relay.js';
import { Stage } from './support/stage.js';
import { asksByCursor } from './support/traits.js';

const CLIENTS = 3;
const RECONNECT_MS = 40;

/** What lasts for all tests of a scenario, and for one. */
const house = new Stage();
const stage = new Stage();
afterEach(() => stage.clear());

/** Says this after each request. */
function says(answer: string, then: (socket: Socket) => void = () => {}): Stranger {
  return (socket) =>
    socket.on('data', () => {
      socket.write(answer, 'latin1', () => then(socket));
    });
}

const status = (line: string, ...fields: string[]): string =>
  [`HTTP/1.1 ${line}`, 'Content-Length: 5', ...fields, '', 'sorry'].join('\r\n');

/** What a server may do to a client instead of its work, and what the client must call it. */
const STRANGERS: readonly [what: string, stranger: Stranger, kind: FailureKind][] = [
  ['talks garbage', says('\x00\xff\x16\x03\x01 garbage\r\n\r\n'), 'protocol'],
  ['speaks another protocol', says('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol'],
  ['answers 404', says(status('404 Not Found')), 'http-4xx'],
  ['answers 429 and closes', says(status('429 Too Many', 'Connection: close'), (s) => s.end()), 'http-4xx'],
  ['answers 500', says(status('500 Internal Server Error')), 'http-5xx'],
  ['answers 502 and closes', says(status('502 Bad', 'Connection: close'), (s) => s.end()), 'http-5xx'],
  ['answers 503', says(status('503 Service Unavailable', 'Retry-After: 1')), 'http-503'],
  ['answers 503 until it closes', says('HTTP/1.1 503 Busy\r\n\r\nsorry', (s) => s.end()), 'http-503'],
  ['sends it elsewhere', says(status('302 Found', 'Location: /')), 'redirected'],
  ['closes before it answers', (socket) => socket.on('data', () => socket.end()), 'closed'],
  ['resets before it answers', (socket) => socket.on('data', () => socket.resetAndDestroy()), 'reset'],
  ['dies in the middle of a head', says('HTTP/1.1 200 OK\r\nContent-Le', (s) => s.end()), 'closed'],
  ['never ends a head', says(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`), 'protocol'],
];

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await house.host(scenario);
  });
  afterAll(() => house.clear());

  it.each(STRANGERS)('survives a server that %s', async (_what, stranger, kind) => {
    const relay = await stage.relay(host.url);
    relay.stranger = stranger;
    const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS, reconnectMs: RECONNECT_MS });
    for (const client of crowd.clients) client.open();
    const ofClient = (client: number) => crowd.failures.filter((failure) => failure.client === client);
    await crowd.until(() => crowd.clients.every((_, n) => ofClient(n).length >= 2), 'two failures each');
    expect(crowd.kinds).toEqual([kind]);
    for (const n of crowd.clients.keys()) {
      const [first, second] = ofClient(n);
      // Half the back-off is drawn by lot; a poller comes no sooner than its interval allows.
      const leastMs = scenario.waitsForInterval ? 15 : RECONNECT_MS / 2 - 1;
      expect(second!.atMs - first!.atMs, 'a pause between two attempts').toBeGreaterThanOrEqual(leastMs);
    }

    // The server comes to its senses.
    relay.stranger = null;
    relay.cut('FIN');
    await relay.down('RST');
    await relay.up();
    await crowd.stands();
    if (!scenario.reconnectsEachPoll) await host.holds(CLIENTS);
    const sequences = await host.publish({ count: 3, bytes: 50 });
    await crowd.until(() => crowd.sequences.every((own) => own.at(-1) === sequences[2]), 'the messages');
    // Who asks by a cursor gets what was published before, too.
    const all = asksByCursor(scenario) ? count(sequences[2]!) : sequences;
    for (const own of crowd.sequences) expect(own).toEqual(all);
    crowd.audit();
    expect(crowd.imbalances).toEqual([]);
  });

  it('gives up on a server that accepts and never speaks, unless it may be waiting for news', async () => {
    const relay = await stage.relay(host.url);
    const heard = new Changes();
    let requests = 0;
    relay.stranger = (socket) =>
      socket.on('data', () => {
        requests++;
        heard.changed();
      });
    const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS });
    for (const client of crowd.clients) client.open();
    await heard.until(() => requests === CLIENTS, 'the requests');
    crowd.aheadMs = 11_000;
    crowd.wheel.turn();
    // Who connects for each poll is connected by its first answer, and gets none.
    const waits = asksByCursor(scenario) && !scenario.reconnectsEachPoll;
    expect(crowd.failures.map(({ kind }) => kind)).toEqual(waits ? [] : crowd.clients.map(() => 'timeout'));
    expect(crowd.standing).toEqual(crowd.clients.map(() => waits));
    crowd.audit();
    expect(crowd.imbalances).toEqual([]);
  });

  it('is not confused by the body of a refusal that looks like its own format', async () => {
    const relay = await stage.relay(host.url);
    const body = [
      'id: 0000000007\ndata: 0000000007\n\n',
      '<script>parent.m("0000000007")</script>\n',
      '0000000007\n',
    ];
    relay.stranger = says(
      `HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n${[...body, ''].map(chunk).join('')}`,
    );
    const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS, reconnectMs: RECONNECT_MS });
    for (const client of crowd.clients) client.open();
    await crowd.until(() => crowd.failures.length >= 2 * CLIENTS, 'failures');
    crowd.audit();
    expect(crowd.imbalances).toEqual([]);
    expect(crowd.kinds).toEqual(['http-5xx']);
    expect(crowd.sequences.flat()).toEqual([]);
  });

  if (asksByCursor(scenario)) {
    it('takes one answer to one request, and no other', async () => {
      const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n';
      const relay = await stage.relay(host.url);
      relay.stranger = says(`${answer}0000000001${answer}0000000002`, (socket) => socket.end());
      const crowd = stage.crowd(scenario, relay.url, { clients: CLIENTS, reconnectMs: RECONNECT_MS });
      for (const client of crowd.clients) client.open();
      // To some clients the end of a connection is a loss, to others the end of a poll.
      if (scenario.reconnectsEachPoll) await crowd.until(() => crowd.dials >= 4 * CLIENTS, 'connections');
      else
        await crowd.until(() => crowd.connects.every((connects) => connects >= 3), 'three connections each');
      expect(crowd.exchanges.length).toBeGreaterThanOrEqual(2 * CLIENTS);
      expect(crowd.exchanges.length).toBeLessThanOrEqual(relay.accepted);
      expect(new Set(crowd.exchanges.map(({ messages }) => messages))).toEqual(new Set([1]));
      crowd.audit();
      expect(crowd.imbalances).toEqual([]);
      expect(crowd.failures).toEqual([]);
    });
  }
});

function chunk(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

function count(length: number): number[] {
  return Array.from({ length }, (_, at) => 1 + at);
}
