import autocannon from 'autocannon';
import { monotonicNs } from '../protocol/clock.js';
import type { RequestCeiling } from '../reports/result.js';
import { within } from './deadline.js';
import type { Pinning } from './environment.js';
import type { Interrupt } from './interrupt.js';
import type { Plan } from './plan.js';
import { serverSettings } from './server-settings.js';
import { startHost } from './side.js';

const SECONDS = 2;
const CONNECTIONS = 32;
const ANSWER_MS = 10_000;

/**
 * How many requests a second the polling server answers when it is asked without pause: autocannon against a poll
 * that brings one message. What autocannon is made for; it is never the instrument for delivery latency.
 *
 * @returns null when the run was interrupted meanwhile
 * @throws ChildDied, TimedOut or autocannon's error
 */
export async function measureRequestCeiling(
  plan: Pick<Plan, 'pollIntervalMs' | 'payloadBytes' | 'seed'>,
  pinning: Pinning | null,
  interrupt: Interrupt,
): Promise<RequestCeiling | null> {
  const host = startHost(pinning?.server ?? null);
  try {
    const url = await within(
      (async () => {
        const listening = host.next('listening');
        host.send({ type: 'serve', scenario: 'polling', settings: serverSettings({ ...plan, port: 0 }) });
        const { url } = await listening;
        const published = host.next('published');
        host.send({
          type: 'publish',
          schedule: {
            seed: plan.seed,
            phase: 'ceiling',
            arrivals: 'constant',
            ratePerSecond: 0,
            durationSeconds: 0.001,
            single: 0,
          },
          startNs: String(monotonicNs()),
          firstSequence: 1,
          payloadBytes: plan.payloadBytes,
        });
        await published;
        return url;
      })(),
      ANSWER_MS,
      'the polling server did not start within 10 s',
    );
    const outcome = await Promise.race([fire(`${url}?since=0000000000`, interrupt), host.untilDeath()]);
    if (interrupt.requested !== null) return null;
    return {
      scenario: 'polling',
      tool: 'autocannon',
      connections: CONNECTIONS,
      seconds: outcome.duration,
      requestsPerSecond: outcome['2xx'] / outcome.duration,
      errors: outcome.errors + outcome.timeouts + outcome.non2xx,
    };
  } finally {
    await host.end({ type: 'abort' });
  }
}

function fire(url: string, interrupt: Interrupt): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const running = autocannon({ url, connections: CONNECTIONS, duration: SECONDS }, (error, outcome) => {
      forget();
      if (error) reject(error);
      else resolve(outcome);
    });
    const forget = interrupt.onRequest(() => (running as unknown as { stop(): void }).stop());
  });
}
