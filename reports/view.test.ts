import { describe, expect, test } from 'vitest';
import { resultSchema } from './result.js';
import { type SampleOptions, sampleResult } from './testing/sample-result.js';
import { medianOf, metricOf, type ResultView, viewOf } from './view.js';

const view = (options?: SampleOptions): ResultView => viewOf(sampleResult(options));

describe('the question', () => {
  test.each<[SampleOptions, string]>([
    [{}, '1,000 clients, 10 messages a second, 10 bytes each: what does each transport cost?'],
    [
      { clients: [500, 1000, 2000] },
      '500, 1,000 and 2,000 clients, 10 messages a second, 10 bytes each: what does each transport cost?',
    ],
    [
      { clients: [1], ratePerSecond: 1, payloadBytes: 65_536, scenarios: ['sse'] },
      '1 client, 1 message a second, 65,536 bytes each: what is the cost of Server-sent events?',
    ],
    [
      { ratePerSecond: 0.1 },
      '1,000 clients, one message every 10 seconds, 10 bytes each: what does each transport cost?',
    ],
    [
      { workload: 'idle' },
      '1,000 clients that wait, one message of 10 bytes: what does each transport cost?',
    ],
  ])('of %j is asked in plain words', (options, question) => {
    expect(view(options).question).toBe(question);
  });

  test('of a run without any trial is still asked', () => {
    const { question, groups } = view({ trials: 0 });
    expect(question).toMatch(/^1,000 clients/u);
    expect(groups).toEqual([]);
  });
});

test('contestants stand in registry order, and their colours follow it, however trials were ordered', () => {
  const result = sampleResult();
  result.trials.reverse();
  result.summary.reverse();
  const [group] = viewOf(result).groups;
  expect(group?.contestants.map(({ id, colourIndex }) => [id, colourIndex])).toEqual([
    ['polling', 0],
    ['longpoll', 1],
    ['iframe', 2],
    ['sse', 3],
    ['websocket', 4],
  ]);
});

test('a scenario without trials keeps its colour from the others', () => {
  const result = sampleResult();
  result.trials = result.trials.filter(({ scenario }) => scenario === 'websocket');
  result.summary = result.summary.filter(({ scenario }) => scenario === 'websocket');
  const [group] = viewOf(result).groups;
  expect(group?.contestants).toMatchObject([{ id: 'websocket', colourIndex: 4 }]);
});

test('a colour is the place in the registry, whichever scenarios a run has', () => {
  const colours = (options: SampleOptions): unknown =>
    view(options).transports.map(({ id, colourIndex }) => [id, colourIndex]);
  expect(colours({ scenarios: ['sse', 'websocket'] })).toEqual([
    ['sse', 3],
    ['websocket', 4],
  ]);
  expect(colours({ scenarios: ['websocket'] })).toEqual([['websocket', 4]]);
});

test('without an order in the document the place in the run is the colour, and no two share one', () => {
  const result = sampleResult({ scenarios: ['polling', 'sse', 'websocket'] });
  const colours = (orders: (number | undefined)[]): number[] => {
    result.scenarioInfo = result.scenarioInfo.map(({ id, title, family }, at) => {
      const order = orders[at];
      return { id, title, family, ...(order === undefined ? {} : { order }) };
    });
    return viewOf(result).transports.map(({ colourIndex }) => colourIndex);
  };
  expect(colours([undefined, undefined, undefined])).toEqual([0, 1, 2]);
  expect(colours([1, 1, 1])).toEqual([1, 2, 3]);
  expect(colours([undefined, 0, undefined])).toEqual([1, 0, 2]);
});

test('a scenario that scenarioInfo does not name is shown under its id, after the others', () => {
  const result = sampleResult();
  result.scenarioInfo = result.scenarioInfo.filter(({ id }) => id !== 'sse');
  expect(viewOf(result).transports.at(-1)).toEqual({
    id: 'sse',
    title: 'sse',
    family: 'other',
    // Its own place, 3, is not known without its entry, and 4 is WebSocket's.
    colourIndex: 5,
  });
});

test('a sweep has one group for each number of clients, ascending', () => {
  const { isSweep, clients, groups } = view({ clients: [2000, 500] });
  expect(isSweep).toBe(true);
  expect(clients).toEqual([500, 2000]);
  expect(groups.map((group) => [group.clients, group.contestants.length])).toEqual([
    [500, 5],
    [2000, 5],
  ]);
});

test('medians come from the summary, with the number of trials they rest on', () => {
  const contestant = view({ trials: 4, void: ['polling/2'] }).groups[0]!.contestants[0]!;
  expect(metricOf(contestant, 'wire.exchange.hit.up')).toMatchObject({ median: 44, trials: 3 });
  expect(medianOf(contestant, 'wire.exchange.hit.up')).toBe(44);
  expect(medianOf(contestant, 'no.such.metric')).toBeNull();
  expect(medianOf(contestant, 'constructor')).toBeNull();
});

test('every trial is shown with its status, and measurements only where there are any', () => {
  const contestant = view({ trials: 4, void: ['sse/1'], failed: ['sse/2'], skipped: ['sse/4'] }).groups[0]!
    .contestants[3]!;
  expect(
    contestant.trials.map(({ trial, status, measurements }) => [trial, status, measurements !== null]),
  ).toEqual([
    [1, 'void', true],
    [2, 'failed', false],
    [3, 'completed', true],
    [4, 'skipped', false],
  ]);
});

describe('warnings', () => {
  const lost = (count: number) => ({
    code: 'lost',
    message: `${count} of 1,000 deliveries had not arrived.`,
  });

  test('that differ only in their numbers are one, with a count and the trials that gave it', () => {
    const { warnings } = view({ trials: 2, warnings: { sse: [lost(3)], polling: [lost(12)] } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      code: 'lost',
      message: '12 of 1,000 deliveries had not arrived.',
      status: 'completed',
      count: 4,
      transports: ['Polling', 'Server-sent events'],
      where: [
        'Polling, round 1',
        'Polling, round 2',
        'Server-sent events, round 1',
        'Server-sent events, round 2',
      ],
      areas: ['latency', 'bytes'],
    });
    expect(warnings[0]?.nextStep).toMatch(/^Use .*\.$/u);
  });

  test('of failed and void trials come first, and name the load in a sweep', () => {
    const { warnings } = view({
      clients: [5, 10],
      warnings: { polling: [lost(1)] },
      void: ['sse/1'],
      failed: ['iframe/2'],
    });
    expect(warnings.map(({ status }) => status)).toEqual(['failed', 'void', 'completed']);
    expect(warnings[1]?.where).toEqual([
      'Server-sent events, 5 clients, round 1',
      'Server-sent events, 10 clients, round 1',
    ]);
  });

  test('of void and of completed trials are two, each under what became of its trials', () => {
    const result = sampleResult({ trials: 2, scenarios: ['polling'], void: ['polling/1'] });
    for (const trial of result.trials) {
      trial.reasons = [{ code: 'foreign-cpu', message: `Other programs used ${trial.trial}0 %.` }];
    }
    expect(viewOf(result).warnings.map(({ status, where }) => [status, where])).toEqual([
      ['void', ['Polling, round 1']],
      ['completed', ['Polling, round 2']],
    ]);
  });

  test('of a code nobody knows touch everything and give no advice', () => {
    const [warning] = view({ warnings: { sse: [{ code: 'moon-phase', message: 'Full.' }] } }).warnings;
    expect(warning).toMatchObject({ areas: ['latency', 'bytes', 'memory', 'cpu'], nextStep: null });
  });

  test('stand for a trial that failed without a reason, too', () => {
    const result = sampleResult({ failed: ['sse/1'] });
    for (const trial of result.trials) trial.reasons = [];
    expect(viewOf(result).warnings).toMatchObject([
      { code: 'unexplained', where: ['Server-sent events, round 1'] },
    ]);
  });
});

test('the tail is bounded from 299 publishes in each completed trial', () => {
  expect(view({ durationSeconds: 29.8, trials: 1, scenarios: ['sse'] }).tail).toEqual({
    publishes: 298,
    needed: 299,
    bounded: false,
  });
  expect(view({ durationSeconds: 29.9, trials: 1, scenarios: ['sse'] }).tail.bounded).toBe(true);
});

test('the command is quoted so that a shell passes the same arguments', () => {
  const command = ['pushbench', '--out', "it's here", '--config', '$(rm -rf ~)', '', '--clients', '500,1000'];
  expect(viewOf(sampleResult({ override: { command } })).command).toBe(
    "pushbench --out 'it'\\''s here' --config '$(rm -rf ~)' '' --clients 500,1000",
  );
});

test('a run that was interrupted, or still goes on, is not complete', () => {
  expect(view().complete).toBe(true);
  expect(view({ override: { interrupted: true } }).complete).toBe(false);
  expect(view({ override: { finishedAt: null } }).complete).toBe(false);
});

test('the view is plain data, and making it leaves the result as it was', () => {
  const result = sampleResult({ hostile: true, void: ['sse/1'], failed: ['polling/2'] });
  const before = JSON.stringify(result);
  const made = viewOf(result);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(JSON.stringify(result)).toBe(before);
  expect(resultSchema.safeParse(result).success).toBe(true);
});

test('no name, reason or command of the view has a control character', () => {
  const { question, command, transports, warnings } = view({ hostile: true, void: ['sse/1'] });
  expect(question + command + JSON.stringify([transports, warnings])).not.toMatch(
    /[\p{Cc}\u202e\u2028]|\\u00/u,
  );
});

test('a loss behind a proxy that passes nothing on has the advice of that, and no other', () => {
  const lost = { code: 'lost', message: '5 of 5 deliveries (100 %) had not arrived when the drain ended.' };
  const blocked = { code: 'proxy-blocked', message: 'None of 5 clients could connect.' };
  const stepOf = (...reasons: (typeof lost)[]): string | null | undefined =>
    view({ scenarios: ['sse'], trials: 1, warnings: { sse: reasons } }).warnings.find(
      ({ code }) => code === 'lost',
    )?.nextStep;
  expect(stepOf(lost)).toContain('Use a lower rate');
  expect(stepOf(blocked, lost)).toBeNull();
});
