import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { LinkEnd, LinkResult, LinkSettings } from './contract.js';
import { LinkedConnection } from './linked-connection.js';
import { Meter } from './meter.js';
import { paceOf } from './pace.js';
import { ReleaseTimer } from './release-timer.js';
import type { LinkContext } from './way.js';

const READ_BUFFER_BYTES = 64 * 1024;
/** Clients come in a ramp that may bunch; the kernel caps it at somaxconn. */
const BACKLOG = 4096;
/** Only this address: a link is part of the run, not a service. */
const ADDRESS = '127.0.0.1';

/**
 * A user-space network between clients and servers: every connection made to one of its ends is made again to the
 * server behind it, and what passes takes its time.
 */
export class Link {
  private readonly meter = new Meter();
  private readonly context: LinkContext;
  private readonly servers: Server[] = [];
  private readonly connections = new Set<LinkedConnection>();

  constructor(settings: LinkSettings) {
    this.context = {
      pace: paceOf(settings),
      timer: new ReleaseTimer(),
      meter: this.meter,
      readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
    };
  }

  /** Opens an end in front of a server. @throws the listening socket's error */
  async to(target: LinkEnd): Promise<LinkEnd> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.connections.add(
        new LinkedConnection(this.context, client, target, (ended) => this.connections.delete(ended)),
      );
    });
    server.listen({ host: ADDRESS, port: 0, backlog: BACKLOG });
    await once(server, 'listening');
    this.servers.push(server);
    return { address: ADDRESS, port: (server.address() as { port: number }).port };
  }

  /** Another delay for all that is sent from now on, on the connections that stand, too. @param oneWayMs half a round trip */
  setDelay(oneWayMs: number): void {
    this.context.pace.delayMs = oneWayMs;
  }

  /** The measure window opens. */
  open(): void {
    this.meter.open();
  }

  /** What passed since the window opened. */
  result(): LinkResult {
    return this.meter.result();
  }

  /** Connections that stand or are being taken down. */
  get size(): number {
    return this.connections.size;
  }

  /** Drops every connection and listens no more. */
  stop(): void {
    for (const server of this.servers) server.close();
    for (const connection of [...this.connections]) connection.destroy();
    this.context.timer.stop();
  }
}
