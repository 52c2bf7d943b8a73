import type { ServerDefinition } from '../../../servers/contract.js';
import type { FeedListener } from '../../../servers/feed.js';

function usedMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function burn(micros: number): void {
  const end = usedMicros() + micros;
  while (usedMicros() < end);
}

/**
 * The same server with a slower broadcast loop: each fan-out takes so much more CPU. Half of it is spent before the
 * messages and half after them, so that the messages in the middle are late by the same part.
 * @param part 0.2 for 20 %
 */
export function slowed(server: ServerDefinition, part: number): ServerDefinition {
  return {
    ...server,
    start(feed, settings) {
      const subscribe = feed.subscribe.bind(feed);
      feed.subscribe = (listener: FeedListener) => {
        // What the fan-out before took: this one's is not known before it is over.
        let took = 0;
        return subscribe((message) => {
          burn((took * part) / 2);
          const began = usedMicros();
          listener(message);
          took = usedMicros() - began;
          burn((took * part) / 2);
        });
      };
      return server.start(feed, settings);
    },
  };
}

/** Every server of a registry, slowed. */
export function allSlowed(
  servers: Readonly<Record<string, ServerDefinition>>,
  part: number,
): Record<string, ServerDefinition> {
  return Object.fromEntries(Object.entries(servers).map(([id, server]) => [id, slowed(server, part)]));
}
