import { afterEach, expect, it } from 'vitest';
import { Runs } from './support/cli-run.js';
import { measurementsOf } from './support/consistent.js';

const runs = new Runs();
afterEach(() => runs.clear());

it('two slow handlers hold up whoever asks, and nobody whose connection is open', async () => {
  // 20 clients that poll five times a second want 100 answers a second; the handlers give 50.
  const run = runs.start(
    '--scenario polling,websocket --clients 20 --rate 20 --duration 1.5 --warmup 0 --trials 1 --poll-interval 200 ' +
      '--handler-delay 40 --handlers 2 --no-color',
  );
  expect(await run.ends(), run.stderr).toBe(0);
  const result = run.result();
  expect(result.plan.handlers).toEqual({ count: 2, delayMs: 40 });
  expect(result.command.join(' ')).toContain('--handler-delay 40 --handlers 2');
  const [polling, websocket] = ['polling', 'websocket'].map((id) =>
    measurementsOf(result.trials.find(({ scenario }) => scenario === id)),
  );

  expect(polling!.handlers).toMatchObject({ count: 2, delayMs: 40 });
  expect(polling!.handlers!.served).toBeGreaterThan(40);
  // The queue grows to nearly everybody: the last of 20 waits for 9 turns of 40 ms.
  expect(polling!.handlers!.longestQueue).toBeGreaterThan(10);
  expect(polling!.handlers!.waitedUs.max).toBeGreaterThan(200_000);
  // Without handlers the median is half of the interval.
  expect(polling!.latencyUs.p50).toBeGreaterThan(150_000);

  expect(websocket!.handlers).toEqual({
    count: 2,
    delayMs: 40,
    served: 0,
    waitedUs: { p50: null, p99: null, max: null },
    longestQueue: 0,
  });
  // They connected one after another, two every 40 ms, before the window opened.
  expect(websocket!.clients.connected).toBe(20);
  expect(websocket!.connect.p99Us).toBeGreaterThan(300_000);
  expect(websocket!.latencyUs.p50!).toBeLessThan(polling!.latencyUs.p50! / 2);

  for (const { messages, failures } of [polling!, websocket!]) {
    expect(messages).toMatchObject({ lost: 0, duplicated: 0 });
    expect(failures).toEqual({});
  }
  const said = run.stdout.replace(/\s+/g, ' ');
  expect(said).toContain('2 handlers of 40 ms: what does each transport cost?');
  expect(said).toMatch(
    /Who is held up by 2 handlers of 40 ms.*with Polling \d.*with WebSocket none after connecting/,
  );
});
