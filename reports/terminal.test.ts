import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summarise } from './summarise.js';
import { renderTable } from './terminal.js';
import { type SampleOptions, sampleResult } from './testing/sample-result.js';
import { displayWidth } from './text-width.js';

const render = (options: SampleOptions = {}, width = 80): string =>
  renderTable(sampleResult(options), { width, color: false }).replaceAll('\u00a0', ' ');
const rowOf = (text: string, name: string): string =>
  text.split('\n').find((line) => line.startsWith(name)) ?? '';

test('an ordinary run is one aligned table with units, and the notes it needs', () => {
  expect(render({ noise: 0, trials: 5, durationSeconds: 30 })).toMatchInlineSnapshot(`
    "1,000 clients, 10 messages a second, 10 bytes each: what does each transport
      cost?

    scenario    p50    p99      up   down    req     CPU       memory   lost
                 ms     ms   B/msg  B/msg   /msg  µs/msg   KiB/client    msg
    polling     501    990     4.4   25.9    0.1    5.20*        11.1      0
    longpoll   20.9   61.4      44    159      1    38.0         13.6      0
    iframe     6.90   15.1       0     39      0    9.40         10.8      0
    sse        6.69   14.8       0     39      0    9.10         10.7      0
    websocket  4.62*  10.2*      0     12*     0    6.30         9.57*     0

    * lower than all others beyond the noise (99 % intervals apart).
    Latency is read on one clock (CLOCK_MONOTONIC, to 50 µs between processes); an
      idle publisher was late by 410 µs (p50) and 1.3 ms (p99) at worst.
    CPU is the server's. Loopback charges much of the receiver's TCP work to the
      sender.
    polling: plain request/response ceiling (autocannon): 12,300/s over 100
      connections.

    No message was lost, repeated or out of order.
    "
  `);
});

test('a sweep has a block of rows for each number of clients', () => {
  const lines = render({ clients: [500, 2000], scenarios: ['sse', 'websocket'] }).split('\n');
  const rows = lines
    .filter((line) => /^(?:sse|websocket) /u.test(line))
    .map((line) => line.split(/ +/u).slice(0, 2));
  expect(rows).toEqual([
    ['sse', '500'],
    ['websocket', '500'],
    ['sse', '2,000'],
    ['websocket', '2,000'],
  ]);
});

describe('the best value of a column', () => {
  test('is marked where it is better than all others beyond the noise', () => {
    const text = render({ trials: 5 });
    expect(rowOf(text, 'websocket')).toMatch(/ 12\* /u);
    expect(text).toContain('* lower than all others beyond the noise (99 % intervals apart).');
  });

  test('is not marked where trials overlap', () => {
    const result = sampleResult({ scenarios: ['sse', 'websocket'], trials: 3 });
    for (const trial of result.trials) {
      if (trial.status !== 'completed') continue;
      const step = trial.trial * 10;
      trial.measurements.latencyUs.p50 = trial.scenario === 'sse' ? 100 + step : 95 + step;
    }
    result.summary = summarise(result.trials);
    const text = renderTable(result, { width: 80, color: false });
    expect(rowOf(text, 'websocket')).toMatch(/^websocket +115 /u);
    expect(rowOf(text, 'sse')).toMatch(/^sse +120 /u);
  });

  test('is never marked with a single trial, and the reader is told why', () => {
    const text = render({ trials: 1 });
    expect(text).not.toContain('*');
    expect(text).toMatch(/one trial does not show the noise/u);
  });

  test('is not marked for a p99 that too few publishes bound', () => {
    const heads = (text: string): string => rowOf(text, 'scenario');
    const p99s = (text: string): string[] =>
      ['polling', 'websocket'].map((name) => rowOf(text, name).split(/ +/u)[2] ?? '');
    const few = render({ trials: 5 });
    expect(heads(few)).toContain('p99†');
    expect(few).toContain('† tail not bounded: 100 publishes a trial; from 299 on, p99 is.');
    expect(p99s(few).join('')).not.toContain('*');
    const many = render({ trials: 5, durationSeconds: 30 });
    expect(heads(many)).not.toContain('†');
    expect(p99s(many)[1]).toMatch(/\*$/u);
  });
});

test("polling's request ceiling stands below the table when it was measured", () => {
  expect(render()).toContain('plain request/response ceiling (autocannon): 12,300/s');
  expect(render({ ceiling: false })).not.toContain('ceiling');
});

test('void and failed trials are named, with what to do', () => {
  const text = render({ void: ['sse/1'], failed: ['iframe/2'] }, 200);
  expect(text).toContain('Failed (iframe streaming, round 2): The server ended on SIGKILL.');
  expect(text).toMatch(
    /Void \(Server-sent events, round 1\): The generator itself added .* Use fewer clients\./u,
  );
});

test('a trial that a person ended is called cut short, not void', () => {
  const result = sampleResult({ trials: 1, scenarios: ['sse'], void: ['sse/1'] });
  result.trials[0]!.reasons = [{ code: 'interrupted', message: 'The run was interrupted in its window.' }];
  const text = renderTable({ ...result, interrupted: true }, { width: 200, color: false });
  expect(text).toContain('Cut short (Server-sent events, round 1): The run was interrupted in its window.');
  expect(text).not.toMatch(/void|cannot be trusted/iu);
});

test('a run without a completed trial has no tail to speak of', () => {
  const text = render({ trials: 1, scenarios: ['sse'], failed: ['sse/1'] });
  expect(text).not.toMatch(/†|tail not bounded/u);
  const failed = render({ trials: 1, scenarios: ['sse', 'websocket'], failed: ['sse/1', 'websocket/1'] });
  expect(failed).not.toContain('No value is marked');
});

describe('memory that is within the noise of a process', () => {
  test('is marked and explained, and never the best', () => {
    const text = render({ clients: [80], trials: 5 }, 120);
    expect(rowOf(text, 'WebSocket')).toMatch(/ ~9\.\d+ /u);
    expect(text).toMatch(/^~ not resolved: below 500 clients/mu);
    expect(text).not.toMatch(/~[\d.]+\*/u);
  });

  test('is not said of enough clients', () => {
    expect(render({ trials: 5 })).not.toContain('~');
  });
});

test('deliveries are those of the planned window, also where the last message came after it', () => {
  const result = sampleResult({ scenarios: ['polling'], trials: 1 });
  const [trial] = result.trials;
  if (trial?.status !== 'completed') throw new Error('The sample has no completed trial.');
  trial.measurements.measuredSeconds = 12.44;
  trial.measurements.throughput.deliveriesPerSecond = 804;
  result.summary = summarise(result.trials);
  expect(renderTable(result, { width: 200, color: false })).toMatch(/^Polling .* 10,000 +0$/mu);
});

test('at 60 columns no name is cut', () => {
  for (const trials of [1, 5]) {
    for (const durationSeconds of [1, 30]) {
      const text = render({ trials, durationSeconds, noise: 0 }, 60);
      for (const id of ['polling', 'longpoll', 'iframe', 'sse', 'websocket'])
        expect(rowOf(text, id)).toMatch(/^[a-z]+ /u);
      expect(text).not.toContain('…');
    }
  }
});

test('a contestant without a valid trial keeps its row, without numbers', () => {
  const text = render({ trials: 1, failed: ['sse/1'] });
  expect(rowOf(text, 'sse')).toMatch(/^sse( +n\/a)+$/u);
});

test('a warning given by many trials is printed once, with the number of places left out', () => {
  const text = render({ trials: 6, warnings: { sse: [{ code: 'steal', message: 'Stolen: 7.1 %.' }] } }, 300);
  expect(text.match(/Stolen/gu)).toHaveLength(1);
  expect(text).toContain('round 3; and 3 more): Stolen: 7.1 %. Repeat it on a quieter host');
});

test('CPU is never compared without saying what loopback does to it', () => {
  expect(render({}, 200)).toContain("Loopback charges much of the receiver's TCP work to the sender.");
});

test('a run without trials still says what was asked and that nothing was completed', () => {
  expect(render({ trials: 0 })).toContain('No trial has been completed.');
});

test('bold type is used only where it is asked for', () => {
  const colored = renderTable(sampleResult(), { width: 80, color: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  const sequences = new Set(colored.match(/\u001b\[\d+m/gu));
  expect(sequences).toEqual(new Set(['\u001b[1m', '\u001b[22m']));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(colored.replace(/\u001b\[\d+m/gu, '')).toBe(
    renderTable(sampleResult(), { width: 80, color: false }),
  );
});

describe('laws', () => {
  const sizes = fc.record({
    clients: fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 3 }),
    trials: fc.integer({ min: 0, max: 2 }),
    durationSeconds: fc.constantFrom(0.1, 1, 5),
    payloadBytes: fc.constantFrom(10, 126, 16_777_216),
    hostile: fc.boolean(),
    workload: fc.constantFrom('broadcast' as const, 'idle' as const),
    void: fc.constantFrom([], ['sse/1']),
    failed: fc.constantFrom([], ['polling/1', 'websocket/2']),
  });

  test('no line is wider than the terminal, and no control character of a result reaches it', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 40, max: 200 }), fc.boolean(), (options, width, color) => {
        const text = renderTable(sampleResult(options), { width, color });
        for (const line of text.trimEnd().split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the only two sequences that may appear are taken out
        expect(text.replace(/\u001b\[(?:1|22)m/gu, color ? '' : '!').replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\u202e\u2028]/u,
        );
        expect(text).not.toMatch(/NaN|undefined|Infinity/u);
      }),
      { numRuns: 30 },
    );
  });

  test('numbers beyond reason do not break the width', () => {
    const result = sampleResult({ scenarios: ['sse', 'polling'], clients: [Number.MAX_SAFE_INTEGER - 1] });
    for (const { metrics } of result.summary) {
      for (const metric of Object.values(metrics)) metric.median = 1e300;
    }
    for (const width of [0, Number.NaN, 40, 80]) {
      for (const line of renderTable(result, { width, color: true }).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(40, width || 40));
      }
    }
  });
});
