import type { MeasuredTrial } from '../../../reports/result.js';
import { compare, percentile, rightBehind } from '../arithmetic.js';
import type { Claim } from '../contract.js';

const RTT_MS = 100;
/** A message this soon after an answer left is right behind it. */
const BEHIND_MS = 10;
const RATE = 30;

export const transits: Claim = {
  id: 'transits',
  title: 'Long polling: 150 ms against 50 ms',
  async measure(lab) {
    const common = { rttMs: RTT_MS, warmupSeconds: 1 };
    const clients = 10;
    const isolated = await lab.run({
      scenario: 'longpoll',
      clients,
      plan: { ...common, ratePerSecond: 3, arrivals: 'constant', durationSeconds: lab.size(8, 2) },
    });
    const busy = await lab.run({
      scenario: 'longpoll',
      clients,
      plan: { ...common, ratePerSecond: RATE, durationSeconds: lab.size(15, 3) },
    });
    const stream = await lab.run({
      scenario: 'sse',
      clients,
      plan: { ...common, ratePerSecond: RATE, durationSeconds: lab.size(8, 2) },
    });
    const behind = busy && behindMs(busy);
    const count = behind?.length ?? 0;
    return {
      source: {
        name: 'Ian Hickson, quoted by Kaazing 2010; RFC 6202 (S. Loreto and others, 2011), section 2.2',
        url: 'https://www.rfc-editor.org/rfc/rfc6202',
      },
      theirFigure:
        '"Reducing latency from 150 ms to 50 ms"; by the RFC a long poll takes close to one transit on average and over three at worst.',
      theirWorkload: 'None was run: a transit is taken to be 50 ms.',
      ourWorkload: `A link of 50 ms each way, ${clients} clients. Isolated: a message each 333 ms. Right behind: of ${RATE} a second at random instants those within ${BEHIND_MS} ms after an answer left, of which there were ${count}.`,
      comparisons: [
        compare(
          'long poll, right behind another message, median',
          'ms',
          150,
          behind && percentile(behind, 0.5),
        ),
        compare('long poll, isolated message, median', 'ms', 50, p50(isolated)),
        compare(`long poll, all of ${RATE} messages a second, median`, 'ms', null, p50(busy)),
        compare('long poll, all of them, p99', 'ms', [100, 150], ms(busy, 'p99')),
        compare(`SSE, ${RATE} messages a second, median`, 'ms', 50, p50(stream)),
      ],
      findings: [],
      why: [
        'One to three transits both are right, for different messages: a parked poll is answered in one; what is published just after an answer left waits until that answer has arrived and the next poll has come back, and then travels itself.',
        'The figure of 150 ms is therefore the worst case of a client that is at once busy and unlucky, not what long polling costs; messages at random instants spread from one to three transits.',
        `Ours is below 150 ms right behind another message by as much as the message came later than it, up to ${BEHIND_MS} ms.`,
        'The link delays in user space: late by about 1 ms, never early, and it loses nothing.',
      ],
    };
  },
};

function p50(trial: MeasuredTrial | null): number | null {
  return ms(trial, 'p50');
}

function ms(trial: MeasuredTrial | null, name: 'p50' | 'p99'): number | null {
  const us = trial?.measurements.latencyUs[name];
  return us == null ? null : us / 1000;
}

/** Latency, the median over the clients, of each publish right behind an answer. */
function behindMs({ measurements }: MeasuredTrial): number[] {
  const { intendedUs, p50Us } = measurements.publishes;
  const messages = intendedUs.flatMap((us, at) => {
    const latencyUs = p50Us[at];
    return latencyUs == null ? [] : [{ intendedMs: us / 1000, latencyMs: latencyUs / 1000 }];
  });
  return rightBehind(messages, RTT_MS / 2, BEHIND_MS).map(({ latencyMs }) => latencyMs);
}
