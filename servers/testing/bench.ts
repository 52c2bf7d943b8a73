import { encodePayload } from '../../protocol/payload.js';
import type { ReferenceServer, ServerDefinition, ServerSettings } from '../contract.js';
import { Feed } from '../feed.js';
import { RawClient } from './raw-client.js';

export const SETTINGS: ServerSettings = {
  address: '127.0.0.1',
  port: 0,
  keepAliveTimeoutMs: 60_000,
  holdMs: 20_000,
  heartbeatMs: 15_000,
  maxQueuedBytes: 4 * 1024 * 1024,
};

/** A server under test with its feed and the clients that visit it; `close` takes all of them away. */
export class Bench {
  readonly feed = new Feed();
  readonly server: ReferenceServer;
  readonly #clients: RawClient[] = [];

  private constructor(feed: Feed, server: ReferenceServer) {
    this.feed = feed;
    this.server = server;
  }

  static async start(definition: ServerDefinition, settings: Partial<ServerSettings> = {}): Promise<Bench> {
    const feed = new Feed();
    if (settings.topics !== undefined) feed.open(settings.topics);
    return new Bench(feed, await definition.start(feed, { ...SETTINGS, ...settings }));
  }

  async visit(paused = false): Promise<RawClient> {
    const client = await RawClient.open(this.server.url, paused);
    this.#clients.push(client);
    return client;
  }

  /** Connects and asks for the server's path with `query`, such as `?since=0000000001`. */
  async get(query = '', ...headers: string[]): Promise<RawClient> {
    const client = await this.visit();
    this.ask(client, query, ...headers);
    return client;
  }

  ask(client: RawClient, query = '', ...headers: string[]): void {
    client.send(`GET ${new URL(this.server.url).pathname}${query} HTTP/1.1`, 'Host: x', ...headers);
  }

  /** @param topic in a feed with topics */
  publish(bytes = 10, topic?: number): void {
    const sequence = this.feed.lastSequence + 1;
    this.feed.append(sequence, encodePayload(sequence, bytes), false, topic);
  }

  /** Resolves once the server holds this many; the test's time-out is the limit. */
  async holds(count: number): Promise<void> {
    while (this.server.held() !== count) await turn();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.server.close();
  }
}

/** A turn of the loop, so that sockets move. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
