import { compare, crossing, quotient } from '../arithmetic.js';
import type { Claim } from '../contract.js';

const FULL = [250, 500, 1000, 2000, 4000];
const QUICK = [100, 400, 1600];

export const bozdag: Claim = {
  id: 'bozdag',
  title: 'Push costs the server seven times the CPU of pull',
  async measure(lab) {
    const clients = lab.size(2000, 50);
    const ratePerSecond = lab.size(5, 10);
    const plan = { ratePerSecond, durationSeconds: lab.size(8, 2), warmupSeconds: lab.size(2, 1) };
    const cost = async (scenario: string, pollIntervalMs = 1000) =>
      (await lab.run({ scenario, clients, plan: { ...plan, pollIntervalMs } }))?.measurements.cpu
        .serverMicrosPerDelivery ?? null;
    const push = await cost('sse');
    const pull: { readonly ms: number; readonly micros: number | null }[] = [];
    for (const ms of lab.size(FULL, QUICK)) pull.push({ ms, micros: await cost('polling', ms) });
    const known = pull.flatMap(({ ms, micros }) =>
      micros === null || push === null ? [] : [[ms, micros / push] as const],
    );
    const even = crossing(known, 1);
    const absent = known.length < 2 ? 'no valid trial' : 'none of these';
    const slowest = pull.at(-1)!;
    return {
      source: {
        name: 'E. Bozdag, A. Mesbah and A. van Deursen, "A Comparison of Push and Pull Techniques for AJAX", 2007',
        url: 'https://arxiv.org/abs/0706.3984',
      },
      theirFigure:
        'The server uses 7 times as much CPU with push as with pull, and saturates at 350 to 500 users.',
      theirWorkload:
        'A stock ticker of its time: push by Bayeux over long polling against pull at an interval, for several publish intervals and numbers of users.',
      ourWorkload: `${clients} clients, ${ratePerSecond} messages a second at random instants; SSE against polling at intervals of ${pull.map(({ ms }) => `${ms} ms`).join(', ')}. Server CPU per delivered message.`,
      comparisons: [
        compare(`CPU of push / of pull each ${slowest.ms} ms`, '', 7, quotient(push, slowest.micros)),
        ...pull
          .slice(0, -1)
          .reverse()
          .map(({ ms, micros }) => compare(`the same, pull each ${ms} ms`, '', 7, quotient(push, micros))),
        compare('interval at which both cost the same', 'ms', null, even, { absent }),
        compare('messages in an interval there', '', null, even && (even / 1000) * ratePerSecond, { absent }),
        compare('SSE, server CPU a message', 'µs', null, push),
        ...pull.map(({ ms, micros }) =>
          compare(`polling each ${ms} ms, server CPU a message`, 'µs', null, micros),
        ),
      ],
      findings: [
        even === null
          ? 'Within these intervals neither overtook the other.'
          : `Polling more often than every ${even.toFixed(0)} ms cost the server more than push, polling less often cost it less: the sign depends on the interval.`,
      ],
      why: [
        'The cost of polling goes with the number of polls, that of push with the number of messages. A ratio of the two is a statement about the interval, and has either sign.',
        'Their pull misses what is published between two polls and counts as cheap for it; ours gets every message, several in an answer, so that both have the same work.',
        'Their push is a long poll, one exchange a message, on a Java server of 2007; ours is one write to an open stream.',
        'What pull saves is paid in latency: half an interval on average.',
      ],
    };
  },
};
