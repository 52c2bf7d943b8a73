import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodePayload } from '../protocol/payload.js';
import type { Scenario } from '../scenarios/contract.js';
import { type ScenarioId, scenarios } from '../scenarios/registry.js';
import { between, type Crowd } from './support/crowd.js';
import type { HostProcess } from './support/host-process.js';
import { Stage } from './support/stage.js';
import { FRAMING } from './support/wire-formulas.js';

const CLIENTS = 6;
/** Topics of a server that echoes: each test has some of its own, in which nothing was said before. */
const TOPICS = 20;
const ECHO = { topics: TOPICS, echo: { isBinary: false } } as const;
const SIZES = [10, 125, 126, 1000, 65_535, 65_536];

const stage = new Stage();
afterEach(() => stage.clear());

/** RFC 6455, 5.2: the header of a client's frame and its mask. */
const clientFrame = (n: number): number => (n <= 125 ? 6 : n <= 65_535 ? 8 : 14);
/** A message in a packet of Socket.IO: `42["message","` and `"]`. */
const PACKET = 14 + 2;

/** Bytes of framing up, for a message of n bytes that a client says; 0 where it is the body of a POST. */
const FRAMING_UP: Readonly<Partial<Record<ScenarioId, (n: number) => number>>> = {
  websocket: clientFrame,
  'websocket-raw': clientFrame,
  'socketio-polling': () => PACKET,
  'socketio-upgrade': (n) => PACKET + clientFrame(PACKET + n),
};

function expectBalanced(crowd: Crowd): void {
  crowd.audit();
  expect(crowd.imbalances).toEqual([]);
}

/** Says a message and waits until it has come back. */
async function exchange(crowd: Crowd, client: number, payload: Buffer): Promise<void> {
  const heard = crowd.sequences[client]!.length;
  crowd.clients[client]!.say(payload);
  await crowd.until(() => crowd.sequences[client]!.length > heard, `the echo of client ${client}`);
}

describe.each(Object.values(scenarios) as Scenario[])('$id', (scenario) => {
  const id = scenario.id as ScenarioId;
  const isPosted = FRAMING_UP[id] === undefined || id === 'socketio-polling';

  it('brings each message to the clients of its topic, in order, and to nobody else', async () => {
    const topics = 3;
    const { host, crowd } = await stage.play(scenario, { clients: CLIENTS, topics }, { topics });
    await host.publish({ count: 60, topics });
    await crowd.until(
      () => crowd.sequences.reduce((sum, own) => sum + own.length, 0) >= 120,
      '120 deliveries',
    );
    const [first, second, third, ...others] = crowd.sequences;
    expect(others).toEqual([first, second, third]);
    expect([...first!, ...second!, ...third!].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, at) => at + 1),
    );
    for (const own of crowd.sequences) {
      expect(own.length).toBeGreaterThan(5);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    expectBalanced(crowd);
    expect(crowd.failures).toEqual([]);

    // Of a topic that there is not it refuses to tell anything.
    const lost = { clients: 1, topics: 4, firstClient: 3, reconnectMs: 3_600_000 };
    const strangers = stage.crowd(scenario, host.url, lost);
    strangers.clients[0]!.open();
    await strangers.until(() => strangers.failures.length > 0, 'a failure');
    expect(strangers.kinds).toEqual(['http-4xx']);
    expectBalanced(strangers);
  });

  describe('with a server that echoes', () => {
    const house = new Stage();
    let host: HostProcess;
    beforeAll(async () => {
      host = await house.host(scenario, ECHO);
    });
    afterAll(() => house.clear());

    /** Clients whose topics are `first + 1` and up, connected. */
    async function opened(first: number, clients: number): Promise<Crowd> {
      const crowd = stage.crowd(scenario, host.url, { clients, topics: TOPICS, firstClient: first });
      await crowd.open();
      return crowd;
    }

    it('says what its client has to say, and hears its own answer only', async () => {
      const crowd = await opened(0, CLIENTS);
      for (let round = 0; round < 5; round++) {
        for (let client = 0; client < CLIENTS; client++)
          crowd.clients[client]!.say(encodePayload(1 + round * CLIENTS + client, 20));
      }
      await crowd.received(5);
      crowd.sequences.forEach((own, client) => {
        expect(own).toEqual([0, 1, 2, 3, 4].map((round) => 1 + round * CLIENTS + client));
      });
      expect(crowd.sizes).toEqual(new Set([20]));
      await crowd.until(() => crowd.posts === (isPosted ? 5 * CLIENTS : 0), 'answers to what was posted');
      expectBalanced(crowd);
      expect(crowd.failures).toEqual([]);
      expect((await host.sample()).misheard).toBe(0);
    });

    it('takes for an exchange just the bytes of its formats, both ways', async () => {
      const crowd = await opened(CLIENTS, 1);
      let sequence = 0;
      // The first message ends what counts as handshake.
      await exchange(crowd, 0, encodePayload(++sequence, 10));
      await crowd.until(() => crowd.posts === (isPosted ? 1 : 0), 'its answer');
      for (const size of SIZES) {
        const before = crowd.audit();
        await exchange(crowd, 0, encodePayload(++sequence, size));
        await crowd.until(() => crowd.posts === (isPosted ? sequence : 0), 'its answer');
        const { up, down } = between(before, crowd.audit());
        const found = {
          up: up.payload,
          upFraming: up.framing,
          down: down.payload,
          downFraming: down.framing,
        };
        expect(found, `${size} bytes`).toEqual({
          up: size,
          upFraming: FRAMING_UP[id]?.(size) ?? 0,
          down: size,
          downFraming: FRAMING[id](size),
        });
        expect([up.handshake, down.handshake]).toEqual([0, 0]);
        if (!isPosted) expect([up.header, down.header, up.idle, down.idle]).toEqual([0, 0, 0, 0]);
      }
      expectBalanced(crowd);
      expect(crowd.failures).toEqual([]);
    });

    it('says what came up before it was connected as soon as it is', async () => {
      const crowd = stage.crowd(scenario, host.url, { clients: 1, topics: TOPICS, firstClient: CLIENTS + 1 });
      crowd.clients[0]!.say(encodePayload(1, 10));
      await crowd.open();
      await crowd.received(1);
      expect(crowd.kinds).toEqual(['not-connected']);
      expect(crowd.sequences).toEqual([[1]]);
      expectBalanced(crowd);
    });

    it('leaves nothing behind when its client goes in the middle of saying something', async () => {
      const crowd = await opened(CLIENTS + 2, CLIENTS);
      crowd.clients.forEach((client, at) => {
        client.say(encodePayload(1 + at, 60_000));
        client.close();
        client.say(encodePayload(100 + at, 10));
      });
      await host.holds(0);
      expectBalanced(crowd);
      expect(crowd.failures).toEqual([]);
    });
  });
});

describe('a POST beside a stream', () => {
  const { sse } = scenarios;

  it('is made again when its connection was lost, and published once', async () => {
    const host = await stage.host(sse, ECHO);
    const relay = await stage.relay(host.url);
    const crowd = stage.crowd(sse, relay.url, { clients: 2, topics: TOPICS, reconnectMs: 5 });
    await crowd.open();
    for (let sequence = 1; sequence <= 40; sequence++) {
      crowd.clients[sequence % 2]!.say(encodePayload(sequence, 2000));
      if (sequence % 8 === 0) relay.cut(sequence % 16 === 0 ? 'FIN' : 'RST');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await crowd.received(20);
    for (const own of crowd.sequences) {
      expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(own.length).toBe(20);
    }
    expect(crowd.failures.length).toBeGreaterThan(0);
    expectBalanced(crowd);
  });
});
