import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrialLab, TrialServer } from '../../trials/contract.js';
import { compare, percentile, quotient } from '../arithmetic.js';
import type { Claim } from '../contract.js';
import { PLAIN_SOCKET } from '../hosts/plain-socket.js';
import { NaiveClient } from '../naive-client.js';

const SERVER: TrialServer = {
  entry: fileURLToPath(new URL('../hosts/stall.js', import.meta.url)),
  description: 'the SSE server, stopped (SIGSTOP) for 1.4 s, which also answers plain requests',
};
const STOP_MS = 1400;
const RATE = 100;

export const stall: Claim = {
  id: 'stall',
  title: 'A naive measure hides a stall',
  async measure(lab) {
    const durationSeconds = lab.size(20, 4);
    const { trial, naiveMs } = await acrossStall(lab, durationSeconds);
    const p99Us = trial?.measurements.latencyUs.p99;
    const p99Ms = p99Us == null ? null : p99Us / 1000;
    const naiveP99Ms = trial === null ? null : percentile(naiveMs, 0.99);
    return {
      source: { name: 'G. Tene, wrk2, README, example 2', url: 'https://github.com/giltene/wrk2' },
      theirFigure:
        'With a stop of 1.4 s the p99 is 1.27 s, 200 times what the usual measure from the actual send shows.',
      theirWorkload:
        '2,000 requests a second over 100 connections to httpd, which is stopped once for 1.4 s (Ctrl-Z); 20 s are recorded.',
      ourWorkload: `10 SSE clients, ${RATE} messages a second at even distances for ${durationSeconds} s, the server stopped for 1.4 s a third into them. Beside it a naive client asks the same process ${RATE} times a second, each time after its last answer, and takes the time from when it sends.`,
      comparisons: [
        compare('p99 of ours / p99 of the naive measure', '', 200, quotient(p99Ms, naiveP99Ms)),
        compare('p99 from the intended instant', 's', 1.27, p99Ms === null ? null : p99Ms / 1000),
        compare('p99 of the naive measure', 'ms', null, naiveP99Ms),
        compare('its greatest sample', 'ms', null, trial === null ? null : percentile(naiveMs, 1)),
        compare('samples of the naive measure', '', null, trial === null ? null : naiveMs.length),
      ],
      findings: [],
      why: [
        `The p99 follows from the plan: of ${durationSeconds} s the messages of 1.4 wait for the rest of the stop, so a hundredth of all lies above 1.4 s - ${durationSeconds / 100} s = ${(1.4 - durationSeconds / 100).toFixed(2)} s.`,
        'Of the naive client a single request meets the stop: it asks no more until it is answered. One sample of over a hundred is beyond the p99, whatever its length.',
        'The ratio is the stop over the latency of a quiet server, so that a faster server makes the same mistake look larger.',
      ],
    };
  },
};

/** One trial in which the server stops a third into the window, and what a naive client measured in that window. */
async function acrossStall(lab: TrialLab, durationSeconds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-paper-'));
  const socket = join(folder, 'plain');
  process.env[PLAIN_SOCKET] = socket;
  const naive = new NaiveClient(socket, 1000 / RATE);
  let stopping: NodeJS.Timeout | undefined;
  let phase = '';
  try {
    const trial = await lab.run({
      scenario: 'sse',
      clients: 10,
      plan: { ratePerSecond: RATE, arrivals: 'constant', durationSeconds, warmupSeconds: 1 },
      server: SERVER,
      onReading: (reading) => {
        if (reading.phase === phase) return;
        phase = reading.phase;
        if (phase === 'measuring') {
          naive.start();
          stopping = setTimeout(() => stop(naive.serverPid), (durationSeconds / 3) * 1000);
        } else if (phase === 'draining') {
          naive.stop();
        }
      },
    });
    return { trial, naiveMs: naive.samplesMs };
  } finally {
    clearTimeout(stopping);
    naive.stop();
    delete process.env[PLAIN_SOCKET];
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param pid of the server, as it said itself; null when it never answered */
function stop(pid: number | null): void {
  if (pid === null) return;
  process.kill(pid, 'SIGSTOP');
  setTimeout(() => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It ended meanwhile, and the trial with it.
    }
  }, STOP_MS);
}
