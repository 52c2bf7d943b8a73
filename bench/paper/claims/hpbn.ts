import { fileURLToPath } from 'node:url';
import type { TrialServer } from '../../trials/contract.js';
import { compare, megabits, SEGMENT_BYTES } from '../arithmetic.js';
import type { Claim } from '../contract.js';

const SERVER: TrialServer = {
  entry: fileURLToPath(new URL('../hosts/hpbn.js', import.meta.url)),
  description: 'a polling server with 850 bytes of headers an exchange',
};
const MBIT = 'Mbit/s';
const POLL_SEGMENTS = 3;

export const hpbn: Claim = {
  id: 'hpbn',
  title: 'Polling without news',
  async measure(lab) {
    // A quick run has the same load from fewer clients that poll more often.
    const seconds = lab.size(60, 2);
    const trial = await lab.run({
      scenario: 'polling',
      clients: lab.size(10_000, 333),
      plan: {
        ratePerSecond: 0,
        durationSeconds: seconds,
        warmupSeconds: 0,
        pollIntervalMs: seconds * 1000,
      },
      server: SERVER,
      bytesOnly: true,
    });
    const { requests, wire, messages } = trial?.measurements ?? {};
    const perSecond = requests && requests.total / seconds;
    // Of whole exchanges: one that straddles the window's edge would be counted by half.
    const exchange = wire?.exchange?.empty;
    const bytes = exchange && exchange.up + exchange.down;
    const rate = (extra: number) =>
      bytes == null || perSecond == null ? null : megabits(bytes + extra, perSecond);
    return {
      source: {
        name: 'I. Grigorik, High Performance Browser Networking, 2013, chapter 15, "Polling with XHR"',
        url: 'https://hpbn.co/xmlhttprequest/#polling-with-xhr',
      },
      theirFigure: '167 requests a second and 1.13 Mbit/s of HTTP headers, though no message is delivered.',
      theirWorkload: 'A calculation: 10,000 clients that poll every 60 s, 850 bytes of headers an exchange.',
      ourWorkload: `${lab.size('10,000', '333')} clients that poll every ${seconds} s at phases drawn by lot, exactly 850 bytes an exchange, nothing published, counted over ${seconds} s.`,
      comparisons: [
        compare('requests a second', '/s', 167, perSecond),
        compare('headers', MBIT, 1.13, rate(0)),
        compare('with IP', MBIT, null, rate(POLL_SEGMENTS * SEGMENT_BYTES)),
        compare('messages delivered', '', 0, messages?.delivered),
      ],
      findings: [],
      why: [
        'Nothing differs but what is counted: 52 bytes of IP and TCP for each of the three segments of an exchange come on top.',
        'The book divides the 850 bytes no further; here 650 are the request and 200 the answer.',
      ],
    };
  },
};
