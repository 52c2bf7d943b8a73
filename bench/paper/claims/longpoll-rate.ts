import { compare } from '../arithmetic.js';
import type { Claim, Comparison } from '../contract.js';

const CLIENTS = 50;

export const longpollRate: Claim = {
  id: 'longpoll-rate',
  title: 'Long polling holds a median of 2 to 4 ms up to 10,000 messages a second',
  async measure(lab) {
    const comparisons: Comparison[] = [];
    for (const ratePerSecond of lab.size([200, 100, 40, 20], [40, 20])) {
      const trial = await lab.run({
        scenario: 'longpoll',
        clients: CLIENTS,
        plan: { ratePerSecond, durationSeconds: lab.size(7, 2), warmupSeconds: 1 },
      });
      const name = `${(CLIENTS * ratePerSecond).toLocaleString('en-US')} messages a second`;
      const p50 = trial?.measurements.latencyUs.p50;
      comparisons.push(
        compare(`${name}, median`, 'ms', [2, 4], p50 == null ? null : p50 / 1000),
        compare(`${name}, messages in an answer`, '', null, trial?.measurements.messages.perResponse),
      );
    }
    return {
      source: {
        name: 'S. Bordet, "CometD 2.4.0 WebSocket Benchmarks", Webtide 2011',
        url: 'https://webtide.com/cometd-2-4-0-websocket-benchmarks/',
      },
      theirFigure: 'Median latency of 2 to 4 ms until 10,000 messages a second, around 50 ms at 20,000.',
      theirWorkload:
        "A chat over CometD's long polling between EC2 machines, up to 50,000 clients; a message goes to the members of one room.",
      ourWorkload: `${CLIENTS} clients that all get every message, ${lab.size('20 to 200', '20 and 40')} published a second at random instants. A message counts once for each client it is delivered to.`,
      comparisons,
      findings: [],
      why: [
        `Every message goes to ${CLIENTS} long polls one after another, so that the median contains half of that fan-out. Theirs goes to a room, one of many.`,
        'Theirs contains a network, the publishing client and a JSON protocol; ours neither, and has a single thread where they have several cores.',
        'At high rates a long poll gathers several messages into an answer, which is why it goes on longer than its cost of one exchange suggests; the rows with messages in an answer show it.',
      ],
    };
  },
};
