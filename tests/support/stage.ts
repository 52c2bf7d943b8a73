import type { Scenario } from '../../scenarios/contract.js';
import type { ServerSettings } from '../../servers/contract.js';
import { Crowd, type CrowdOptions } from './crowd.js';
import { HostProcess } from './host-process.js';
import { Relay } from './relay.js';

/** Everything a test has started. `clear` takes it away again, whatever became of the test. */
export class Stage {
  readonly #closers: (() => unknown)[] = [];

  async host(scenario: Scenario, settings: Partial<ServerSettings> = {}, firstSequence = 1) {
    const host = await HostProcess.serve(scenario.id, settings, firstSequence);
    this.later(() => host.kill());
    return host;
  }

  crowd(scenario: Scenario, url: string, options: CrowdOptions = {}): Crowd {
    const crowd = new Crowd(scenario, url, options);
    this.later(() => crowd.close());
    return crowd;
  }

  async relay(url: string): Promise<Relay> {
    const relay = await Relay.to(url);
    this.later(() => relay.close());
    return relay;
  }

  /** A server, clients that visit it directly, all of them connected and held. */
  async play(scenario: Scenario, options: CrowdOptions = {}, settings: Partial<ServerSettings> = {}) {
    const host = await this.host(scenario, settings);
    const crowd = this.crowd(scenario, host.url, options);
    await crowd.open();
    // Its first poll was answered, so the server has seen every client that stands; between polls it holds none.
    if (!scenario.reconnectsEachPoll) await host.holds(crowd.clients.length);
    return { host, crowd };
  }

  later(closer: () => unknown): void {
    this.#closers.push(closer);
  }

  async clear(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}
