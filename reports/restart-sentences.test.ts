import { describe, expect, it } from 'vitest';
import { findingsOf } from './findings.js';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import { restartLines, restartLosses } from './restart-sentences.js';
import type { Measurements, Result } from './result.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

type Restart = NonNullable<Measurements['restarts']>['each'][number];

const RESTART: Restart = {
  log: 'broker',
  killedAtSeconds: 2,
  awayMs: 600,
  left: 10,
  back: 10,
  allBackAfterMs: 1200,
  clientAwayUs: { p50: 800_000, p99: 1_100_000, max: 1_150_000 },
  expected: 500,
  lost: 0,
  lostWhileAway: 0,
  neverPublished: 0,
  duplicated: 0,
  resumed: 60,
};

/** SSE and WebSocket, a trial each; WebSocket loses 50 with the log kept, both lose with the log gone. */
function restarted(changes: Partial<Restart> = {}): Result {
  const result = sampleResult({ scenarios: ['sse', 'websocket'], trials: 1 });
  for (const trial of result.trials) {
    if (trial.status !== 'completed') continue;
    const isSocket = trial.scenario === 'websocket';
    trial.measurements.restarts = {
      each: [
        { ...RESTART, ...(isSocket ? { lost: 50, lostWhileAway: 30, resumed: 0 } : {}), ...changes },
        { ...RESTART, log: 'memory', lost: isSocket ? 80 : 30, lostWhileAway: 30, neverPublished: 3 },
      ],
      herd: { everyMs: 100, left: [0, 10], failed: [0, 4], back: [0, 0, 3, 7] },
    };
  }
  return result;
}
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('what is said of a restart', () => {
  it('is who lost what with the log kept and with the log gone, and when everybody was back', () => {
    expect(restartLines(viewOf(restarted())).map(plain)).toEqual([
      'The server was killed twice and was away for 600 ms (median) each time.',
      'With its log kept by a broker: Server-sent events lost nothing; WebSocket lost 50 of 500 deliveries (10 %; 30 of them due while no server listened).',
      "With its log in the server's memory: Server-sent events lost 30 of 500 deliveries (6 %; 30 of them due while no server listened); WebSocket lost 80 of 500 deliveries (16 %; 30 of them due while no server listened).",
      'From the kill until everybody was back: Server-sent events 1.2 s and WebSocket 1.2 s.',
    ]);
  });

  it('has no time of return where not everybody came back', () => {
    const said = restartLines(viewOf(restarted({ back: 9, allBackAfterMs: null }))).join(' ');
    expect(said).not.toContain('until everybody was back');
  });

  it('is nothing for any other workload', () => {
    expect(restartLines(viewOf(sampleResult({})))).toEqual([]);
    expect(restartLosses(viewOf(sampleResult({})))).toBeNull();
  });

  it('stands on the first screen: a loss with the log gone is not taken for one of the transport', () => {
    const third = plain(findingsOf(viewOf(restarted())).headline[2]!);
    expect(third).toMatch(
      /^The server was killed twice\. With its log kept by a broker: Server-sent events lost nothing;/,
    );
    expect(third).toContain("With its log in the server's memory: Server-sent events lost 30");
  });

  it('gives way there to a trial that did not count', () => {
    const result = restarted();
    const [first, ...others] = result.trials;
    const trials = [{ ...first!, status: 'void' as const, reasons: [] }, ...others] as Result['trials'];
    expect(findingsOf(viewOf({ ...result, trials })).headline[2]).toContain('void');
  });

  it('is a table of both kinds with a picture of the herd, and lines in Markdown', () => {
    const page = renderHtml(restarted(), { script: '', style: '' });
    expect(page).toContain('What does a restart cost?');
    expect(page).toContain('When does the herd come back?');
    expect(page).toContain('A broker keeps what is published while no server listens');
    expect(page.match(/<t[dh][^>]*>(broker|memory)</g)).toHaveLength(4);
    expect(plain(renderMarkdown(restarted()))).toContain('WebSocket lost 50 of 500 deliveries');
  });
});
