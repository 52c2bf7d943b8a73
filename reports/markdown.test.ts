import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeMarkdown, renderMarkdown } from './markdown.js';
import { type SampleOptions, sampleResult } from './testing/sample-result.js';

const render = (options?: SampleOptions): string =>
  renderMarkdown(sampleResult(options)).replaceAll('\u00a0', ' ');
const tableOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('|'));

test('an ordinary run has question, findings, table, doubts and the command', () => {
  expect(render({ scenarios: ['polling', 'websocket'], noise: 0, trials: 5 })).toMatchInlineSnapshot(`
    "# 1,000 clients, 10 messages a second, 10 bytes each: what does each transport cost?

    Messages come soonest with WebSocket, late by 4.62 ms (median); with Polling they are late by 496 ms. A delivered message takes 12 B with WebSocket, 83 % of it payload; with Polling it takes 30.3 B, 33 % of it payload. A client costs the server 9.57 KiB with WebSocket, and 11.1 KiB with Polling.

    | scenario | p50 (ms) | p99† (ms) | max (ms) | up (B/msg) | down (B/msg) | req (/msg) | CPU (µs/msg) | memory (KiB/client) | delivered (msg/s) | lost (msg) |
    | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | Polling | 496 | 990 | 1,000 | 4.4 | 25.9 | 0.1 | **5.20**\\* | 11.1 | 10,000 | 0 |
    | WebSocket | **4.62**\\* | 10.3 | 15.9 | **0**\\* | **12**\\* | **0**\\* | 6.30 | **9.57**\\* | 10,000 | 0 |

    - &#42; lower than all others beyond the noise (99 % intervals apart).
    - Latency is read on one clock (CLOCK&#95;MONOTONIC, to 50 µs between processes); an idle publisher was late by 410 µs (p50) and 1.3 ms (p99) at worst.
    - † tail not bounded: 100 publishes a trial; from 299 on, p99 is.
    - CPU is the server's. Loopback charges much of the receiver's TCP work to the sender.
    - polling: plain request/response ceiling (autocannon): 12,300/s over 100 connections.

    ## What went wrong?

    No message was lost, repeated or out of order.

    ## How do I repeat it?

    \`\`\`sh
    pushbench --scenario all --trials 5 --seed 42
    \`\`\`

    5 trials of 10 s after 1 s of warm-up, seed 42, started 2026-11-22T20:00:00.000Z, with pushbench 0.1.0.

    Machine: AMD EPYC 7763 64-Core Processor, 2 cores, 8 GiB, Linux 6.18.0, Node v20.20.2, server pinned apart from the generators.
    "
  `);
});

test('a sweep has a column of clients and a row for each', () => {
  const table = tableOf(render({ clients: [500, 2000], scenarios: ['sse'] }));
  expect(table[0]).toMatch(/^\| scenario \| clients \| /u);
  expect(table.slice(2).map((line) => line.split(' | ').slice(0, 2))).toEqual([
    ['| Server-sent events', '500'],
    ['| Server-sent events', '2,000'],
  ]);
});

test('void and failed trials are listed', () => {
  const text = render({ void: ['sse/1'], failed: ['iframe/2'] });
  expect(text).toContain('\n- Failed (iframe streaming, round 2): The server ended on SIGKILL.\n');
  expect(text).toContain('\n- Void (Server-sent events, round 1): ');
});

test('what the terminal says of marks and doubts stands here too', () => {
  const text = render({ clients: [80], trials: 1 });
  expect(text).toMatch(/\| ~9\.\d+ \|/u);
  expect(text).toMatch(/^- &#126; not resolved: below 500 clients/mu);
  expect(text).toContain('too few trials to rank them');
  expect(text).not.toContain('soonest');
});

test('a run without trials is still a document', () => {
  expect(render({ trials: 0 })).toMatch(/^# 1,000 clients[\s\S]*No trial has been completed\./u);
});

describe('hostile text', () => {
  test('opens no tag, no link, no mention and no cell', () => {
    const text = render({ hostile: true, void: ['sse/1'], failed: ['iframe/2'] });
    const outside = text.replace(/^```+sh\n[\s\S]*?\n```+$/mu, '');
    expect(outside.replaceAll('\n', '')).not.toMatch(/<\w|<\/|\]\(|\p{Cc}/u);
    const [head, ...rows] = tableOf(text);
    for (const row of rows) expect(row.split('|')).toHaveLength(head!.split('|').length);
  });

  test('cannot end the block of the command', () => {
    const command = ['pushbench', '--out', '```\n````\n# out', '<script>'];
    const text = render({ override: { command } });
    const fence = /^(`{3,})sh$/mu.exec(text)![1]!;
    const block = text.slice(text.indexOf(`${fence}sh`)).split('\n');
    expect(block[2]).toBe(fence);
    expect(block[1]).not.toContain(fence);
  });

  test('is shown as it is by a reader of character references', () => {
    const readable = (escaped: string): string =>
      escaped.replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
        expect(readable(escapeMarkdown(text))).toBe(text.trim());
        expect(escapeMarkdown(text)).not.toMatch(/[<>`|*_[\]~\\@$]|:\/\//u);
      }),
    );
  });
});
