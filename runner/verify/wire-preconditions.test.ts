import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Plan } from '../plan.js';
import { refusalSentence } from './packet-capture.js';
import { verifyMistakes } from './verify-limits.js';
import { findWirePrograms } from './wire-programs.js';

const plan: Plan = {
  scenarios: ['sse', 'polling'],
  workload: 'broadcast',
  clients: [10, 1000],
  ratePerSecond: 10,
  arrivals: 'poisson',
  payloadBytes: 10,
  durationSeconds: 10,
  warmupSeconds: 1,
  trials: 3,
  pollIntervalMs: 1000,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: true,
  limits: DEFAULT_LIMITS,
  overridden: [],
  verifyWire: true,
};

describe('a plan that is to be verified', () => {
  it('may be the default one', () => {
    expect(verifyMistakes(plan)).toEqual([]);
  });

  it.each<[Partial<Plan>, string]>([
    [{ clients: [10, 1001] }, '--clients 1,001 is more than 1,000.'],
    [{ durationSeconds: 31 }, '--duration 31 is more than 30 s.'],
    [{ warmupSeconds: 60 }, '--warmup 60 is more than 30 s.'],
    [{ pollIntervalMs: 60_000 }, '--poll-interval 60,000 is more than 10,000 ms.'],
    [{ ratePerSecond: 1000 }, 'about 11,011,000 packets'],
    [
      { payloadBytes: 16 * 2 ** 20 },
      'Use fewer clients, a lower rate, a smaller payload or a shorter window.',
    ],
    [{ pollIntervalMs: 10 }, 'about 1,210,000 packets'],
    [{ aa: true }, 'so --aa has nothing to go by'],
    [{ slopes: true }, 'so --slopes has nothing to go by'],
    [
      { auto: { precisionPercent: 5, budgetSeconds: 60, leastRounds: 5 } },
      'so --trials auto has nothing to go by',
    ],
    [{ rttMs: 20 }, 'a link (--rtt, --bandwidth) makes it two'],
    [{ bandwidthBitsPerSecond: 1e6 }, 'a link (--rtt, --bandwidth) makes it two'],
  ])('is refused when it is too large: %j', (change, sentence) => {
    const mistakes = verifyMistakes({ ...plan, ...change });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain('--verify-wire');
    expect(mistakes[0]).toContain(sentence);
  });

  it('may have any poll interval where nobody polls', () => {
    expect(verifyMistakes({ ...plan, scenarios: ['sse'], pollIntervalMs: 60_000 })).toEqual([]);
  });
});

describe('the programs that watch the wire', () => {
  let folder = '';
  afterEach(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
    folder = '';
  });
  const having = (...names: string[]): string => {
    folder = mkdtempSync(join(tmpdir(), 'pushbench-path-'));
    for (const name of names) {
      writeFileSync(join(folder, name), '#!/bin/sh\n');
      chmodSync(join(folder, name), 0o755);
    }
    return `/nonexistent::${folder}`;
  };

  it('are found along the path', () => {
    const { programs, mistakes } = findWirePrograms(having('ss', 'dumpcap', 'tshark'), 'linux');
    expect(mistakes).toEqual([]);
    expect(programs?.ss).toBe(join(folder, 'ss'));
  });

  it('are named with their package when they are missing', () => {
    expect(findWirePrograms(having('dumpcap', 'tshark'), 'linux')).toEqual({
      programs: null,
      mistakes: [
        '--verify-wire needs ss, which is not on the PATH: install the package iproute2 (as root: apt-get install iproute2).',
      ],
    });
  });

  it('are one sentence when they come in one package', () => {
    expect(findWirePrograms(having('ss'), 'linux').mistakes).toEqual([
      '--verify-wire needs dumpcap and tshark, which are not on the PATH: install the package tshark (as root: apt-get install tshark).',
    ]);
  });

  it('exist on Linux only', () => {
    expect(findWirePrograms(having('ss', 'dumpcap', 'tshark'), 'darwin').mistakes[0]).toContain(
      'run it on Linux',
    );
  });
});

describe('what dumpcap complains of', () => {
  it.each([
    [
      'dumpcap: You do not have permission to capture on device "lo".\n(socket: Operation not permitted)\n',
      'run as root, join the group wireshark',
    ],
    ['dumpcap: Device "lo" is not up.\n(That device is not up)\n', 'ip link set lo up'],
    [
      'Capturing on \'lo\'\ndumpcap: There is no device named "lo".\n(No such device exists)\n',
      'no device named',
    ],
    ['', 'it gave no reason'],
  ])('becomes a sentence that says what to do: %j', (stderr, sentence) => {
    expect(refusalSentence(stderr)).toContain(sentence);
  });

  it('is not a lack of permission where only a capability could not be dropped', () => {
    const stderr =
      'dumpcap: cap_set_proc() fail return: Operation not permitted\ndumpcap: Device "lo" is not up.\n';
    expect(refusalSentence(stderr)).toContain('is down');
  });
});
