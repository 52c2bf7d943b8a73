import { createRandom } from '../../protocol/random.js';
import type { ClientContext, ClientEvents, ForeignEvents } from '../contract.js';
import { Ledger } from '../ledger.js';
import { TimerWheel } from '../timer-wheel.js';

/** Remembers what clients tell, one line each. */
export class RecordingEvents implements ClientEvents {
  readonly told: string[] = [];
  readonly foreign: ForeignEvents = {
    unmarked: (client) => this.told.push(`unmarked ${client}`),
    otherRun: (client) => this.told.push(`other run ${client}`),
    heard: (client, carriedMs) => this.told.push(`heard ${client} ${carriedMs}`),
  };

  woke(): void {}
  dialled(): void {}
  delivered(client: number, sequence: number, bytes: number): void {
    this.told.push(`delivered ${client} ${sequence} ${bytes}`);
  }
  connected(client: number): void {
    this.told.push(`connected ${client}`);
  }
  disconnected(client: number): void {
    this.told.push(`disconnected ${client}`);
  }
  failed(client: number, kind: string): void {
    this.told.push(`failed ${client} ${kind}`);
  }
  answered(messages: number, up: number, down: number): void {
    this.told.push(`answered ${messages} ${up} ${down}`);
  }
  posted(): void {
    this.told.push('posted');
  }
  postponed(): void {
    this.told.push('postponed');
  }
}

/** What the clients of a test share. `fire` stands for the shard, which hands the wheel's call on to the client. */
export function sharedContext(
  fire: (client: number) => void,
  changes: Partial<ClientContext> = {},
): ClientContext & { readonly events: RecordingEvents } {
  return {
    target: { address: '127.0.0.1', port: 40123, host: '127.0.0.1:40123', path: '/news' },
    ledger: new Ledger(),
    wheel: new TimerWheel(4, fire),
    random: createRandom(1, 'tests'),
    readBuffer: Buffer.alloc(65_536),
    pollIntervalMs: 1000,
    headers: 'minimal',
    reconnectMs: 100,
    ...changes,
    events: new RecordingEvents(),
  };
}
