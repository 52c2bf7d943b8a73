import { describe, expect, it } from 'vitest';
import { peopleChart } from './charts/people.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import type { Result, SideCrowdMeasurements } from './result.js';
import { sideCrowdLines } from './side-crowd-sentences.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

const NOBODY = {
  coming: 0,
  onTime: 0,
  late: 0,
  http503: 0,
  http5xx: 0,
  refused: 0,
  reset: 0,
  timeout: 0,
  other: 0,
};
const NOTHING = {
  dials: 0,
  connects: 0,
  delivered: 0,
  deliveredLate: 0,
  http503: 0,
  http5xx: 0,
  refused: 0,
  reset: 0,
  timeout: 0,
  other: 0,
};

const CROWD: SideCrowdMeasurements = {
  kind: 'visitors',
  clients: 100,
  connects: 100,
  dials: 100,
  connectsPerSecond: 10,
  askedPerSecond: 10,
  connectUs: { p50: 2000, p99: 9000, max: 9500 },
  latencyUs: { p50: 1000, p99: 4000, max: 5000 },
  handshakePerDial: { up: 163, down: 129 },
  delivered: 2000,
  late: 0,
  missed: 0,
  unread: null,
  neverIn: 0,
  failures: {},
  cutOff: 0,
  bytes: { up: 100, down: 200 },
  sockets: { up: 100, down: 200 },
  slow: null,
  seconds: [],
};

/** Two transports, a trial each, with these people beside their clients. */
function having(
  changes: Partial<SideCrowdMeasurements>,
  second: Partial<SideCrowdMeasurements> = changes,
): Result {
  const result = sampleResult({ scenarios: ['sse', 'websocket'], trials: 1 });
  for (const trial of result.trials) {
    if (trial.status !== 'completed') continue;
    trial.measurements.sideCrowd = { ...CROWD, ...(trial.scenario === 'sse' ? changes : second) };
    trial.measurements.connect.serverMicrosPerClient = 250;
  }
  return result;
}
const lines = (result: Result): string => sideCrowdLines(viewOf(result)).join('\n').replaceAll('\u00a0', ' ');

describe('the sentences about visitors', () => {
  it('tell the rates, how long a connect took, and that nothing went wrong', () => {
    expect(lines(having({}, { connectUs: { p50: 3000, p99: 1, max: 1 } }))).toBe(
      [
        'Visitors came and went beside the clients that stayed, 10/s asked for and 10/s connected (median); all other numbers are those of the clients that stayed.',
        'A visitor was connected after 2 ms with Server-sent events and 3 ms with WebSocket (median).',
        'In CPU time a connect cost the server 250 µs with Server-sent events and 250 µs with WebSocket (median; in the connect phase before the window).',
        'None of their connections failed.',
        'Between the first message one of them heard and the last, none was missing.',
      ].join('\n'),
    );
  });

  it('name the transport of each failure and loss', () => {
    const said = lines(having({ failures: { reset: 3, timeout: 1 }, missed: 7, neverIn: 2 }, {}));
    expect(said).toContain('Connections that failed: reset 3, timeout 1 with Server-sent events.');
    expect(said).toContain('visitors missed 7 with Server-sent events.');
    expect(said).toContain('Some left before they had heard anything: 2 of 100 with Server-sent events.');
  });
});

describe('the sentences about slow readers', () => {
  const slow = {
    readBytesPerSecond: 40_000,
    sentBytesPerSecond: 100,
    kernelBytesPerConnection: 4_325_376,
    kernelGrowthBytes: 0,
    serverGrowthBytesPerClient: 2_000_000,
  };

  it('say that nothing is to be seen when nobody fell behind', () => {
    const said = lines(having({ kind: 'slow readers', slow, unread: 0 }));
    expect(said).toMatch(/nobody fell behind, and there is nothing to be seen of slow reading/);
    expect(said).not.toMatch(/memory/);
  });

  it('say who was cut off, what memory it took, and what was left unread', () => {
    const said = lines(
      having(
        { kind: 'slow readers', slow, unread: 40, cutOff: 3 },
        { kind: 'slow readers', slow, unread: 0 },
      ),
    );
    expect(said).toContain('The server cut off 3 with Server-sent events.');
    expect(said).toMatch(/Its memory grew over the window by at most .+ for each slow reader/);
    expect(said).toContain('slow readers had not read 40 deliveries with Server-sent events.');
  });
});

describe('the sentences about slow readers of a server that is not ours', () => {
  const slow = {
    readBytesPerSecond: 40_000,
    sentBytesPerSecond: 100,
    kernelBytesPerConnection: 4_325_376,
    kernelGrowthBytes: 0,
    serverGrowthBytesPerClient: null,
  };
  const unasked = { kind: 'slow readers', slow, unread: 40, cutOff: null } as const;

  it('claim neither that it cut nobody off nor what memory it took', () => {
    const said = lines(having(unasked));
    expect(said).toContain('Whether Server-sent events and WebSocket cut anybody off is not known');
    expect(said).not.toMatch(/cut nobody off|memory grew/);
  });

  it('leave it beside what is known of one of ours', () => {
    const said = lines(
      having(unasked, {
        ...unasked,
        cutOff: 0,
        slow: { ...slow, serverGrowthBytesPerClient: 2_000_000 },
      }),
    );
    expect(said).toContain('The server cut nobody off with WebSocket: ');
    expect(said).toContain('Whether Server-sent events cut anybody off is not known');
    expect(said).toMatch(/Its memory grew over the window by at most [^,]+ with WebSocket for each/);
  });
});

const SECONDS: SideCrowdMeasurements['seconds'] = [
  { second: 0, people: { ...NOBODY, onTime: 5, coming: 1 }, events: { ...NOTHING, dials: 6, connects: 5 } },
  {
    second: 1,
    people: { ...NOBODY, onTime: 4, late: 1, http503: 4, reset: 1 },
    events: { ...NOTHING, http503: 5 },
  },
];
const NEWCOMERS = {
  kind: 'newcomers',
  clients: 10,
  neverIn: 5,
  failures: { 'http-503': 9, reset: 1 },
  seconds: SECONDS,
} as const;

describe('the sentences about newcomers', () => {
  it('say who was not let in, and what else they met', () => {
    const said = lines(having(NEWCOMERS, { kind: 'newcomers', clients: 10, neverIn: 0, late: 4 }));
    expect(said).toContain(
      'never let in were 5 of 10 with Server-sent events; 503 was the answer 9 times with Server-sent events',
    );
    expect(said).toContain('Everybody was let in with WebSocket');
    expect(said).toContain('Beside 503 they met reset 1 with Server-sent events.');
    expect(said).toContain('4 of 2,000 deliveries with WebSocket.');
  });

  it('say that everybody was let in', () => {
    const said = lines(having({ kind: 'newcomers' }));
    expect(said).toMatch(/^Everybody who came was let in\.\nNobody met an error/);
  });

  it('say that 503 was the answer to those who were let in later', () => {
    expect(lines(having({ kind: 'newcomers', failures: { 'http-503': 3 } }, { kind: 'newcomers' }))).toMatch(
      /^Everybody who came was let in, but first 503 was the answer 3 times with Server-sent events\.\nNobody met another error/,
    );
  });

  it('blame no 503 for those who met something else', () => {
    const said = lines(having({ kind: 'newcomers', clients: 10, neverIn: 5, failures: { timeout: 5 } }));
    expect(said).not.toContain('503 was the answer');
  });

  it('say whose all other numbers are: those who were in before, not all clients of the plan', () => {
    const result = having(NEWCOMERS);
    for (const trial of result.trials)
      if (trial.status === 'completed') trial.measurements.clients = { requested: 250, connected: 250 };
    expect(lines(result)).toContain(
      'All other numbers are those of the 250 clients that were in when the window opened.',
    );
    const page = renderHtml(result, { script: '', style: '' }).replace(/[\u00a0\u202f]/g, ' ');
    expect(page).toContain('The schedule asks for 2,500/s on average.');
  });
});

describe('the picture of who is in', () => {
  it('stacks everybody who has come, second by second', () => {
    const chart = peopleChart({ seconds: SECONDS })!;
    expect(
      chart.series.map(({ label, data }) => [label, data.map((point) => (point as { y: number }).y)]),
    ).toEqual([
      ['in, on time', [5, 4]],
      ['in, but late', [0, 1]],
      ['just come', [1, 0]],
      ['told 503', [0, 4]],
      ['another error, refused, reset or timed out', [0, 1]],
    ]);
    expect(chart.series.every(({ stack }) => stack === 'people')).toBe(true);
  });

  it('is none where nobody came', () => {
    expect(peopleChart({ seconds: [] })).toBeNull();
    expect(peopleChart({ seconds: [{ second: 0, people: NOBODY, events: NOTHING }] })).toBeNull();
  });
});

it('a report asks the question of its workload, with a table, and a picture for each transport under overload', () => {
  const assets = { script: '', style: '' };
  const page = renderHtml(having(NEWCOMERS), assets);
  expect(page).toContain('What do people see past the limit?');
  expect(page.match(/Who is in, and what do the others meet/g)!.length).toBeGreaterThanOrEqual(2);
  expect(renderHtml(having({}), assets)).toContain('What do comings and goings cost?');
  expect(renderHtml(sampleResult({}), assets)).not.toContain('id="side-crowd"');
  expect(renderMarkdown(having({}))).toContain('## What became of the people beside the clients?');
  expect(sideCrowdLines(viewOf(sampleResult({})))).toEqual([]);
});

it('a name out of a result does not leave its place in the page', () => {
  const page = renderHtml(having({ failures: { '<script>x</script>': 1 } }), { script: '', style: '' });
  expect(page).not.toContain('<script>x</script>');
});

it('the handshake of a visitor is that of all the connections it takes', () => {
  const page = renderHtml(having({ dials: 300, connects: 100, handshakePerDial: { up: 225, down: 388 } }), {
    script: '',
    style: '',
  }).replace(/[\u00a0\u202f]/g, ' ');
  expect(page).toContain('675 B');
  expect(page).toContain('1,164 B');
});
