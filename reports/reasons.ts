/** The charts a doubt can touch. */
export type MetricArea = 'latency' | 'bytes' | 'memory' | 'cpu';

/** All of them: what a reason of unknown meaning touches. */
export const METRIC_AREAS: readonly MetricArea[] = ['latency', 'bytes', 'memory', 'cpu'];

interface Meaning {
  readonly areas: readonly MetricArea[];
  /** A sentence; null where the message itself says what to do. */
  readonly nextStep: string | null;
}

const LATE: readonly MetricArea[] = ['latency'];
const LATE_AND_CPU: readonly MetricArea[] = ['latency', 'cpu'];
const LATE_AND_BYTES: readonly MetricArea[] = ['latency', 'bytes'];

/**
 * What the codes of reasons mean for a reader. Codes are open: one that is not listed casts doubt on everything and has
 * no advice but its own message.
 */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['ledger', { areas: ['bytes'], nextStep: null }],
  ['wire-disagrees', { areas: ['bytes'], nextStep: null }],
  [
    'clock-backwards',
    { areas: LATE, nextStep: 'Repeat the run; if it stays, the machine has no steady clock.' },
  ],
  [
    'clock-ahead',
    {
      areas: LATE,
      nextStep: 'Set both clocks by the same server of time, or run the target on this machine.',
    },
  ],
  ['generator-share', { areas: LATE, nextStep: null }],
  [
    'generator-cpu',
    { areas: LATE_AND_CPU, nextStep: 'Use fewer clients or a lower rate, or give it more cores.' },
  ],
  ['publisher-lag', { areas: LATE, nextStep: 'Close other programs, or use a machine with more cores.' }],
  [
    'generator-cores',
    { areas: LATE_AND_CPU, nextStep: 'Use fewer clients or a lower rate, or give it more cores.' },
  ],
  ['generator-held', { areas: LATE, nextStep: 'Close other programs, or use a machine with more cores.' }],
  [
    'near-ceiling',
    { areas: LATE_AND_CPU, nextStep: 'Use fewer clients or a lower rate, or give the generator more cores.' },
  ],
  ['not-judged', { areas: [], nextStep: null }],
  ['steal', { areas: LATE_AND_CPU, nextStep: 'Repeat it on a quieter host, or with more trials.' }],
  ['foreign-cpu', { areas: LATE_AND_CPU, nextStep: null }],
  [
    'lost',
    {
      areas: LATE_AND_BYTES,
      nextStep: 'Use a lower rate or fewer clients to see the transport without losses.',
    },
  ],
  ['not-once-in-order', { areas: LATE_AND_BYTES, nextStep: null }],
  [
    'cut-off',
    {
      areas: LATE_AND_BYTES,
      nextStep: 'Use a lower rate or a smaller payload, or give the generator more cores.',
    },
  ],
  [
    'no-steady-state',
    {
      areas: LATE_AND_CPU,
      nextStep:
        'Use a longer --warmup and --duration; a latency that keeps rising means a rate beyond capacity.',
    },
  ],
  ['restarts-overlap', { areas: LATE_AND_BYTES, nextStep: 'Use a longer --duration or a shorter --down.' }],
  ['warmup-lost', { areas: LATE_AND_BYTES, nextStep: 'Use a longer --warmup or a lower rate.' }],
  [
    'not-all-connected',
    { areas: METRIC_AREAS, nextStep: 'Try fewer clients, or see --dry-run for ports and descriptors.' },
  ],
  ['not-all-held', { areas: METRIC_AREAS, nextStep: 'Try fewer clients.' }],
  [
    'no-client-connected',
    { areas: METRIC_AREAS, nextStep: 'See --dry-run for the ports and descriptors a run needs.' },
  ],
  [
    'proxy-blocked',
    { areas: METRIC_AREAS, nextStep: 'Use --proxy nginx, which is configured for streams and upgrades.' },
  ],
  [
    'proxy-fallback',
    {
      areas: METRIC_AREAS,
      nextStep:
        'These are numbers of polling. Use --proxy nginx, which is configured for streams and upgrades.',
    },
  ],
  // Nothing is wrong with such a trial but that a person or a signal ended it.
  ['interrupted', { areas: METRIC_AREAS, nextStep: null }],
  ['timed-out', { areas: METRIC_AREAS, nextStep: 'Try fewer clients or a lower rate.' }],
]);

/** What a reason casts doubt on. */
export function areasOf(code: string): readonly MetricArea[] {
  return MEANINGS.get(code)?.areas ?? METRIC_AREAS;
}

/** What the reader can do about a reason, as a sentence; null where nothing is known beyond the message. */
export function nextStepOf(code: string): string | null {
  return MEANINGS.get(code)?.nextStep ?? null;
}
