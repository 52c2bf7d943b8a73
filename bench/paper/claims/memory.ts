import type { MeasuredTrial, MemorySlope } from '../../../reports/result.js';
import { memorySlopes } from '../../../reports/slopes.js';
import { compare } from '../arithmetic.js';
import type { Claim } from '../contract.js';

const KB = 1000;
/** In an order that no drift of the machine follows. */
const FULL = [2000, 8000, 500, 4000, 1000];
const QUICK = [200, 800, 400];

export const memory: Claim = {
  id: 'memory',
  title: 'Kilobytes a connection',
  async measure(lab) {
    const counts = lab.size(FULL, QUICK);
    const trials: MeasuredTrial[] = [];
    for (const scenario of ['websocket', 'sse']) {
      for (const clients of counts) {
        const trial = await lab.run({
          scenario,
          clients,
          plan: { workload: 'idle', durationSeconds: 1, warmupSeconds: 0 },
        });
        if (trial !== null) trials.push(trial);
      }
    }
    const slopes = memorySlopes(trials);
    const kernelSource = trials
      .map(({ measurements }) => measurements.memory.server.kernel?.source)
      .find((source) => source !== undefined);
    const slope = (scenario: string, metric: MemorySlope['metric']) => {
      // Without the slab the kernel's counter says nothing of a socket that lies still.
      if (metric === 'kernel' && kernelSource !== 'slabinfo') return undefined;
      return slopes.find((each) => each.scenario === scenario && each.metric === metric);
    };
    const kB = (scenario: string, metric: MemorySlope['metric']): number | null => {
      const found = slope(scenario, metric);
      return found === undefined ? null : found.bytesPerClient / KB;
    };
    const socket = { process: kB('websocket', 'process'), kernel: kB('websocket', 'kernel') };
    const both = socket.process !== null && socket.kernel !== null ? socket.process + socket.kernel : null;
    return {
      source: {
        name: 'Centrifugo, "Million connections with Centrifugo", 2020; MigratoryData, "Scaling to 12 Million Concurrent Connections", 2013; Evil Martians, nodejs-websocket-bench, 2026',
        url: 'https://centrifugal.dev/blog/2020/02/10/million-connections-with-centrifugo',
      },
      theirFigure:
        '27 to 30 kB a connection (Centrifugo); 3.0 kB of kernel memory a socket (MigratoryData); 5.4 kB with uWebSockets.js and 33 kB with anycable-go, idle (nodejs-websocket-bench).',
      theirWorkload:
        'A million connections with traffic over 20 servers; 12 million connections on one; a million idle connections.',
      ourWorkload: `${[...counts]
        .sort((a, b) => a - b)
        .map((count) => count.toLocaleString('en-US'))
        .join(
          ', ',
        )} idle connections that have each heard one message, a fresh server for each count. The figure is the slope over them (Theil-Sen): resident set after collection, and the kernel's slab, server's side only.`,
      comparisons: [
        compare('WebSocket (ws), process and kernel; theirs Centrifugo', 'kB', [27, 30], both),
        compare('WebSocket (ws), process; theirs uWebSockets.js', 'kB', 5.4, socket.process),
        compare('WebSocket (ws), process; theirs anycable-go', 'kB', 33, socket.process),
        compare('WebSocket (ws), kernel; theirs MigratoryData', 'kB', 3, socket.kernel),
        compare('WebSocket (ws), JavaScript heap', 'kB', null, kB('websocket', 'heap')),
        compare('SSE (node:http), process', 'kB', null, kB('sse', 'process')),
        compare('SSE (node:http), kernel', 'kB', null, kB('sse', 'kernel')),
      ],
      findings: [
        ...slopes
          .filter(({ metric, low }) => metric === 'process' && low !== null)
          .map(
            ({ scenario, low, high }) =>
              `${scenario}, process: 99 % interval ${((low ?? 0) / KB).toFixed(1)} to ${((high ?? 0) / KB).toFixed(1)} kB.`,
          ),
        ...(kernelSource === 'slabinfo'
          ? []
          : ["The kernel's slab could not be read (it takes root): no figure for it."]),
      ],
      why: [
        'Theirs are total memory by connections, so that what a server takes without any is spread over them; a slope leaves that out.',
        "Centrifugo and anycable-go keep a goroutine or two with their stacks, subscriptions and buffers a connection, and Centrifugo's were under load; ours are idle, in Node, with one shared feed.",
        'uWebSockets.js keeps the connection outside of the JavaScript heap; ws makes several JavaScript objects of each.',
        "Kernel memory of an idle socket is a matter of the kernel's version; queued data is not in it.",
      ],
    };
  },
};
