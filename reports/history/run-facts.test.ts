import { describe, expect, it } from 'vitest';
import { median } from '../statistics.js';
import { HOSTILE, sampleResult } from '../testing/sample-result.js';
import { runFacts, whyNot } from './run-facts.js';

const METRICS = ['latencyUs.p50', 'messages.lost'];
const result = sampleResult({ trials: 3, scenarios: ['sse'] });

describe('runFacts', () => {
  it('keeps the median over completed trials of the metrics asked for', () => {
    const withVoid = sampleResult({ trials: 3, scenarios: ['sse'], void: ['sse/2'] });
    const [sse] = runFacts(withVoid, 'a.json', METRICS).contestants;
    const values = withVoid.trials.flatMap((trial) =>
      trial.status === 'completed' ? [trial.measurements.latencyUs.p50!] : [],
    );
    expect(sse).toMatchObject({ scenario: 'sse', title: 'Server-sent events', clients: 1000, trials: 2 });
    expect([...sse!.values.keys()]).toEqual(METRICS);
    expect(sse!.values.get('latencyUs.p50')).toBe(median(values));
  });

  it('takes the head of a comparison, not its base', () => {
    const [base, head] = result.trials;
    const compared = {
      ...result,
      trials: [
        { ...base!, arm: 'base' as const },
        { ...base!, arm: "base'" as const },
        { ...head!, arm: 'head' as const },
      ],
    };
    const [sse] = runFacts(compared, 'a.json', METRICS).contestants;
    expect(sse!.trials).toBe(1);
    expect(head!.status === 'completed' && head!.measurements.latencyUs.p50).toBe(
      sse!.values.get('latencyUs.p50'),
    );
  });

  it('knows another load or machine, but not another seed, choice of transports, Node or kernel', () => {
    const facts = (over: object, plan: object = {}) =>
      runFacts(
        { ...result, environment: { ...result.environment, ...over }, plan: { ...result.plan, ...plan } },
        'a.json',
        METRICS,
      ).likeness;
    const own = facts({});
    expect(facts({ node: 'v99.0.0', kernel: '9.9.9' }, { seed: 5, trials: 9, scenarios: ['longpoll'] })).toBe(
      own,
    );
    // Earlier documents lack fields that later ones write with their default.
    expect(facts({}, { rttMs: undefined, content: undefined })).toBe(
      facts({}, { rttMs: 0, content: 'text' }),
    );
    expect(facts({ cpuModel: 'another' })).not.toBe(own);
    expect(facts({ cores: 99 })).not.toBe(own);
    expect(facts({}, { ratePerSecond: 11 })).not.toBe(own);
    expect(facts({}, { rttMs: 50 })).not.toBe(own);
  });

  it('makes hostile texts printable', () => {
    const hostile = sampleResult({ trials: 1, hostile: true, scenarios: ['sse'] });
    const facts = runFacts({ ...hostile, startedAt: result.startedAt }, HOSTILE, METRICS);
    const texts = [facts.file, facts.load, facts.machine, facts.version, facts.contestants[0]!.title];
    for (const text of texts) expect(text).not.toMatch(/\p{Cc}/u);
  });
});

describe('whyNot', () => {
  it('is null for a run that was finished', () => {
    expect(whyNot(result)).toBeNull();
  });

  it.each([
    ['instant', { startedAt: 'yesterday' }],
    ['instant', { startedAt: '2026-13-45T00:00:00Z' }],
    ['interrupted', { interrupted: true }],
    ['interrupted', { finishedAt: null }],
    ['correctness', { plan: { ...result.plan, verifyWire: true } }],
    ['completed', { trials: [] }],
  ])('says %s of what is no point in time', (word, over) => {
    expect(whyNot({ ...result, ...over })).toContain(word);
  });
});
