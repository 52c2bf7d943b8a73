import { describe, expect, test } from 'vitest';
import { type Findings, findingsOf } from './findings.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { type SampleOptions, sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');
const find = (result: Result): Findings => findingsOf(viewOf(result));
const findings = (options?: SampleOptions): Findings => find(sampleResult(options));

/** A sample in which a number of each completed trial is set by hand: scenario, round -> value. */
function withMeasurements(
  options: SampleOptions,
  set: (measurements: Measurements, scenario: string, round: number) => void,
): Findings {
  const result = sampleResult(options);
  for (const trial of result.trials) {
    if (trial.status === 'completed') set(trial.measurements, trial.scenario, trial.trial);
  }
  return find({ ...result, summary: summarise(result.trials) });
}

describe('lateness', () => {
  const three: SampleOptions = { scenarios: ['polling', 'sse', 'websocket'], trials: 5 };
  const late = (options: SampleOptions, values: Record<string, number[]>): string =>
    spaced(
      withMeasurements(options, (measurements, scenario, round) => {
        measurements.latencyUs.p50 = values[scenario]![round - 1]!;
      }).late,
    );

  test('names the soonest, and polling beside it', () => {
    const polling = [500_000, 501_000, 502_000, 503_000, 504_000];
    expect(
      late(three, { polling, sse: [900, 901, 902, 903, 904], websocket: [400, 401, 402, 403, 404] }),
    ).toBe(
      'Messages come soonest with WebSocket, late by 402 µs (median); with Polling they are late by 502 ms.',
    );
  });

  test('calls those the same whose intervals overlap, however far their medians lie apart', () => {
    const polling = [500_000, 501_000, 502_000, 503_000, 504_000];
    expect(
      late(three, { polling, sse: [300, 301, 902, 903, 904], websocket: [100, 101, 402, 403, 404] }),
    ).toBe(
      'WebSocket and Server-sent events are about as late as each other, by 402 µs to 902 µs (median); with Polling they are late by 502 ms.',
    );
  });

  test('calls all the same where none stands out', () => {
    const same = [400, 401, 402, 403, 404];
    expect(late(three, { polling: same, sse: same, websocket: same })).toBe(
      'All transports are about as late as each other: by 402 µs (median).',
    );
  });

  test('of a single trial is a range without a winner, however far its ends lie apart', () => {
    const one = { ...three, trials: 1 };
    expect(late(one, { polling: [2_000], sse: [1_090], websocket: [1_220] })).toBe(
      'Messages are late by 1.09 ms to 2 ms (median; too few trials to rank them).',
    );
  });

  test('of a single trial names both sides of a tenfold gap, as plain values', () => {
    const one = { ...three, trials: 1 };
    expect(late(one, { polling: [252_000], sse: [1_400], websocket: [1_600] })).toBe(
      'Messages are late by 252 ms with Polling, 1.4 ms to 1.6 ms with the others (median; too few trials to rank them).',
    );
    expect(late({ ...one, scenarios: ['polling', 'sse'] }, { polling: [252_000], sse: [1_400] })).toContain(
      '252 ms with Polling, 1.4 ms with Server-sent events',
    );
  });

  test('is not ranked where any of the transports rests on a single trial', () => {
    const text = late(
      { ...three, trials: 2, void: ['sse/1'] },
      { polling: [900, 901], sse: [800, 800], websocket: [100, 101] },
    );
    expect(text).toBe('Messages are late by 101 µs to 901 µs (median; too few trials to rank them).');
  });

  test('of three trials needs both: no overlap and 10 %', () => {
    const few = { ...three, trials: 3 };
    const apart = { polling: [105, 106, 107], sse: [100, 101, 102], websocket: [105, 106, 107] };
    expect(late(few, apart)).toMatch(/^All transports/u);
    const overlapping = { polling: [90, 200, 210], sse: [90, 91, 92], websocket: [91, 200, 210] };
    expect(late(few, overlapping)).toMatch(/^All transports/u);
  });

  test('speaks only of transports that were measured', () => {
    const text = late(
      { ...three, failed: [1, 2, 3, 4, 5].map((round) => `polling/${round}`) },
      {
        sse: [9, 9, 9, 9, 9],
        websocket: [9, 9, 9, 9, 9],
      },
    );
    expect(text).toBe(
      'All transports that could be measured are about as late as each other: by 9 µs (median).',
    );
  });
});

test('bytes are given with the part that is payload', () => {
  expect(spaced(findings().bytes)).toBe(
    'A delivered message takes 12 B with WebSocket, 83 % of it payload; with Long polling it takes 203 B, 4.9 % of it payload.',
  );
});

test('equal bytes are called the same', () => {
  expect(spaced(findings({ scenarios: ['iframe', 'sse'] }).bytes)).toBe(
    'A delivered message takes about the same, 39 B, with iframe streaming and Server-sent events.',
  );
});

test('a single trial ranks neither memory nor CPU, but bytes, which are counted', () => {
  const { memory, cpu, bytes, late, headline } = findings({ trials: 1 });
  for (const text of [memory, cpu, late]) expect(text).toContain('too few trials to rank them');
  for (const text of headline) expect(text).not.toMatch(/soonest|least/u);
  expect(bytes).toMatch(/^A delivered message takes 12.B with WebSocket/u);
});

test('memory of few clients is not given as a number, nor as a headline', () => {
  const { memory, headline } = findings({ clients: [80], scenarios: ['sse', 'websocket'] });
  expect(memory).toBe(
    "Server memory for each client is not resolved at 80 clients: what they add is within the noise of a process's resident set; more clients would show it.",
  );
  expect(headline.join(' ')).not.toMatch(/KiB/u);
});

test('memory below the noise of the process is not given as a number', () => {
  const { memory } = withMeasurements(
    { scenarios: ['sse', 'websocket'] },
    (measurements, scenario, round) => {
      if (scenario === 'sse') measurements.memory.server.bytesPerClient = round === 1 ? -300 : 900;
    },
  );
  expect(memory).toMatch(
    /^Server memory for each client is not resolved at 1,000 clients with Server-sent events: what they add is within the noise/u,
  );
});

test('a transport that cannot be told from the best is not also named as the worst', () => {
  const values: Record<string, number[]> = { polling: [5, 6, 7], sse: [20, 21, 22], websocket: [4, 30, 31] };
  const { cpu } = withMeasurements({ scenarios: Object.keys(values) }, (measurements, scenario, round) => {
    measurements.cpu.serverMicrosPerDelivery = values[scenario]![round - 1]!;
  });
  expect(spaced(cpu)).toMatch(
    /with Polling and WebSocket, about the same at 6 µs to 30 µs, and 21 µs with Server-sent/u,
  );
});

test('memory and CPU that could not be read are said to be so', () => {
  const { memory, cpu } = withMeasurements({}, (measurements) => {
    measurements.memory.server.bytesPerClient = null;
    measurements.cpu.serverMicrosPerDelivery = null;
  });
  expect(memory).toBe('Server memory could not be read.');
  expect(cpu).toBe('Server CPU per delivered message is not known.');
});

test('a comparison of CPU says what loopback does to it', () => {
  expect(findings().cpu).toContain("Loopback charges much of the receiver's TCP work to the sender.");
});

describe('what went wrong', () => {
  test('is nothing when nothing did', () => {
    expect(findings().wrong).toBe('No message was lost, repeated or out of order.');
  });

  test('counts losses over all completed trials, by transport', () => {
    expect(findings({ lost: { polling: 10 } }).wrong).toBe(
      'Polling lost 30 of 300,000 messages and had 3 failed connections or exchanges (reset).',
    );
  });

  test('counts void, failed and skipped trials', () => {
    expect(
      findings({ void: ['sse/1'], failed: ['iframe/1', 'iframe/2'], skipped: ['polling/3'] }).wrong,
    ).toBe(
      'No message was lost, repeated or out of order. 1 trial of 15 is void: the measuring cannot be trusted, so summaries leave it out. 2 trials of 15 failed. 1 trial of 15 was skipped.',
    );
  });

  test('tells a trial that was cut short from one whose measuring failed', () => {
    const result = sampleResult({ trials: 1, void: ['sse/1', 'polling/1'] });
    const cut = result.trials.find(({ scenario }) => scenario === 'sse')!;
    cut.reasons = [{ code: 'interrupted', message: 'The run was interrupted in its window.' }];
    expect(find(result).wrong).toContain(
      '1 trial of 5 was cut short by an interrupt (Ctrl-C), so the summary leaves it out. 1 trial of 5 is void: the measuring',
    );
  });

  test('is on the first screen whenever anything did', () => {
    expect(findings({ failed: ['sse/1'] }).headline).toContain(findings({ failed: ['sse/1'] }).wrong);
    expect(findings().headline.join(' ')).not.toContain('lost');
  });
});

test('a sweep speaks of its largest load, by name', () => {
  const { late, bytes } = findings({ clients: [500, 2000] });
  expect(late).toMatch(/^At 2,000 clients, messages come soonest with WebSocket/u);
  expect(bytes).toMatch(/^At 2,000 clients, a delivered message/u);
});

test('a sweep whose largest load failed speaks of the largest that did not', () => {
  const result = sampleResult({ clients: [500, 2000] });
  result.summary = result.summary.filter(({ clients }) => clients === 500);
  expect(find(result).late).toMatch(/^At 500 clients, /u);
});

test('an idle run speaks of memory first', () => {
  expect(findings({ workload: 'idle' }).headline[0]).toMatch(/^A client costs the server/u);
});

test('a run without a completed trial has nothing to compare, and says so', () => {
  const { headline, late, caution } = findings({ trials: 1, scenarios: ['sse'], failed: ['sse/1'] });
  expect(late).toBe('No trial was completed, so there is nothing to compare.');
  expect(headline.join(' ')).toContain('1 trial of 1 failed.');
  expect(caution).toBeNull();
  expect(findings({ trials: 0 }).wrong).toBe('No trial has been completed.');
});

test.each<[SampleOptions, RegExp | null]>([
  [{ trials: 1 }, /^With a single trial the noise is not known/u],
  [{ trials: 3 }, /^With 3 trials there is no interval/u],
  [{ trials: 5, scenarios: ['sse'], durationSeconds: 30 }, null],
  [{ trials: 5, scenarios: ['sse'] }, /^A p99 is not bounded by 100 publishes a trial; 299 would do\.$/u],
])('the caution of %j', (options, expected) => {
  const { caution } = findings(options);
  if (expected === null) expect(caution).toBeNull();
  else expect(caution).toMatch(expected);
});

test('no sentence holds a broken number, whatever was not measured', () => {
  const broken = withMeasurements({ lost: { sse: 1e9 }, warnings: {} }, (measurements, scenario) => {
    if (scenario === 'polling') measurements.latencyUs.p50 = null;
    if (scenario === 'iframe') measurements.wire.perDelivery = null;
  });
  const texts = [
    findings({ lost: { polling: 1e9, longpoll: 1e9, iframe: 1e9, sse: 1e9, websocket: 1e9 } }),
    broken,
  ];
  for (const text of texts.map((each) => JSON.stringify(each))) {
    expect(text).not.toMatch(/NaN|undefined|Infinity|\bnull\b/u);
  }
});
