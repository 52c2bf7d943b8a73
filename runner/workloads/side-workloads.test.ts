import { describe, expect, it } from 'vitest';
import { intendedInstants, messageCount } from '../../protocol/schedule.js';
import type { Plan } from '../plan.js';
import { lingeringMistakes } from '../side-crowd/port-check.js';
import { PLAN } from '../testing/hand-made-evidence.js';
import { churn } from './churn.js';
import type { Workload } from './contract.js';
import { admissionOf, overload } from './overload.js';
import { slowReaders } from './slow-readers.js';
import { withWorkloadOptions } from './workload-options.js';

const plan = (workload: 'churn' | 'slow-readers' | 'overload', changes: Partial<Plan> = {}): Plan =>
  withWorkloadOptions(
    { ...PLAN, clients: [1000], ratePerSecond: 10, durationSeconds: 10, ...changes, workload },
    changes.workloadOptions ?? {},
  );

describe('churn', () => {
  it('brings a tenth of the clients a second unless it is told otherwise', () => {
    expect(churn.crowd!(plan('churn'), 1000, 1).side).toMatchObject({
      kind: 'visitors',
      arrivals: { ratePerSecond: 100 },
    });
    const told = plan('churn', { workloadOptions: { churn: 3 } });
    expect(churn.crowd!(told, 1000, 1)).toMatchObject({
      main: 1000,
      side: { arrivals: { ratePerSecond: 3 } },
    });
  });

  it('has arrivals of its own in every round', () => {
    const instants = [1, 2].map((trial) => {
      const { side } = churn.crowd!(plan('churn', { arrivals: 'poisson' }), 1000, trial);
      return side.kind === 'visitors' ? intendedInstants(side.arrivals) : null;
    });
    expect(instants[0]).not.toEqual(instants[1]);
  });

  it.each([
    [
      'a churn that brings nobody',
      { workloadOptions: { churn: 0.1 }, durationSeconds: 1 },
      /brings no visitor/,
    ],
    [
      'more visitors than can be planned',
      { workloadOptions: { churn: 10_000 }, durationSeconds: 1000 },
      /10000000 visitors/,
    ],
    ['a comparison of bytes', { verifyWire: true }, /--verify-wire/],
  ])('refuses %s', (_name, changes, sentence) => {
    expect(churn.mistakes(plan('churn', changes)).join(' ')).toMatch(sentence);
  });

  it('refuses what would use up the client ports, with the arithmetic', () => {
    const machine = { ephemeralPorts: { first: 32_768, last: 60_999 }, allowedCores: 2, cores: 2 };
    const fits = plan('churn', { workloadOptions: { churn: 100 }, durationSeconds: 60 });
    expect(lingeringMistakes(fits, machine)).toEqual([]);
    const many = plan('churn', { workloadOptions: { churn: 1000 }, durationSeconds: 60 });
    expect(lingeringMistakes(many, machine)).toEqual([
      '--churn 1000 for --duration 60: 60,000 ports of visitors who have left linger in TIME_WAIT, and with 5,010 people ' +
        'there 65,010 client ports are needed, of 28,232. Use a lower --churn or --duration, or widen the range ' +
        '(sysctl net.ipv4.ip_local_port_range).',
    ]);
    expect(lingeringMistakes(many, { ...machine, ephemeralPorts: null })).toEqual([]);
    expect(lingeringMistakes(plan('overload'), machine)).toEqual([]);
  });
});

describe('slow-readers', () => {
  it.each([
    [10, 1000, 100],
    [0.1, 20, 1],
    [90, 2, 1],
    [33, 10, 3],
  ])('lets %d %% of %d clients read slowly: %d', (slow, clients, expected) => {
    const { main, side } = slowReaders.crowd!(
      plan('slow-readers', { clients: [clients], workloadOptions: { slow } }),
      clients,
      1,
    );
    expect([main, side]).toEqual([clients - expected, expect.objectContaining({ clients: expected })]);
  });

  it('says when nothing will be seen, and which payload would be enough', () => {
    expect(slowReaders.notes!(plan('slow-readers'))[0]).toMatch(
      /^a slow reader takes 40,000 bytes a second, 100 of payload/,
    );
    const enough = Number(/--payload (\d+)/.exec(slowReaders.notes!(plan('slow-readers'))[0]!)![1]);
    expect(slowReaders.notes!(plan('slow-readers', { payloadBytes: enough + 1 }))).toEqual([]);
    expect(slowReaders.notes!(plan('slow-readers', { payloadBytes: enough - 1 }))).toHaveLength(1);
  });

  it.each([
    ['a single client', { clients: [1] }, /two clients at least/],
    ['a link, which would read for them', { rttMs: 40 }, /--rtt/],
    ['a comparison of bytes', { verifyWire: true }, /--verify-wire/],
  ])('refuses %s', (_name, changes, sentence) => {
    expect(slowReaders.mistakes(plan('slow-readers', changes)).join(' ')).toMatch(sentence);
  });
});

describe('overload', () => {
  it('admits half of the clients unless it is told otherwise, and half of those are there from the start', () => {
    expect(admissionOf(plan('overload'), 1)).toBe(500);
    expect(overload.crowd!(plan('overload'), 1000, 1)).toEqual({
      main: 250,
      atOnce: 1000,
      side: { kind: 'newcomers', clients: 750 },
    });
  });

  it('divides the limit among the servers, and has none in any other workload', () => {
    expect(admissionOf(plan('overload', { workloadOptions: { admit: 100 } }), 3)).toBe(34);
    expect(admissionOf(plan('churn'), 1)).toBeUndefined();
  });

  it('publishes as much as any other workload, ever faster', () => {
    const { warmup, measure } = overload.schedules(plan('overload', { warmupSeconds: 1 }), 1, 1000);
    expect(messageCount(measure)).toBe(100);
    const instants = intendedInstants(measure);
    expect(instants.filter((instant) => instant < 5000)).toHaveLength(25);
    expect(warmup).not.toHaveProperty('ramp');
  });

  it.each([
    ['a limit that nobody meets', { workloadOptions: { admit: 1000 } }, /nobody is turned away/],
    [
      'a sweep of which a part would not meet it',
      { clients: [100, 1000], workloadOptions: { admit: 200 } },
      /--clients 100:/,
    ],
    ['a comparison of bytes', { verifyWire: true }, /--verify-wire/],
  ])('refuses %s', (_name, changes, sentence) => {
    expect(overload.mistakes(plan('overload', changes)).join(' ')).toMatch(sentence);
  });
});

it.each<Workload>([churn, slowReaders, overload])('$id has nothing against a plain plan', (workload) => {
  expect(workload.mistakes(plan(workload.id as 'churn'))).toEqual([]);
});
