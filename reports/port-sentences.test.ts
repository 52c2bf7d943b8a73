import { describe, expect, it } from 'vitest';
import { renderHtml } from './html.js';
import { renderMarkdown } from './markdown.js';
import { portLines, portRows } from './port-sentences.js';
import type { Measurements, Result } from './result.js';
import { summarise } from './summarise.js';
import { renderTable } from './terminal.js';
import { sampleResult } from './testing/sample-result.js';
import { viewOf } from './view.js';

type Ports = NonNullable<Measurements['ports']>;

const PORTS: Ports = {
  connections: 10_000,
  connectionsPerSecond: 1000,
  timeWaitPeak: 9000,
  timeWaitAtClients: 0,
  portsUsedPeak: 8123,
  ephemeralPorts: 28_232,
  serverPorts: 1,
  unread: null,
};

/** A run whose polling connects for each poll; what its second trial saw is changed. */
function closing(second: Partial<Ports> = {}, reuse: number | null = 2): Result {
  const result = sampleResult({ scenarios: ['polling', 'sse'], trials: 2 });
  result.environment.timeWait = { reuse, limit: 65_536 };
  for (const trial of result.trials) {
    if (trial.scenario !== 'polling' || trial.status !== 'completed') continue;
    trial.measurements.ports = { ...PORTS, ...(trial.trial === 2 ? second : {}) };
  }
  result.summary = summarise(result.trials);
  return result;
}

const linesOf = (result: Result): string[] => portLines(result, viewOf(result));

describe('what a connection for each poll leaves behind', () => {
  it('is not spoken of where every transport keeps its connection, nor in a run that verifies bytes', () => {
    expect(linesOf(sampleResult({}))).toEqual([]);
    const verified = closing();
    verified.plan.verifyWire = true;
    expect(linesOf(verified)).toEqual([]);
  });

  it('is told with the most of any trial, who holds it, the ports, and what many machines would leave', () => {
    const [first, polling, reuse, ...more] = linesOf(closing({ timeWaitPeak: 9500 }));
    expect(more).toEqual([]);
    expect(first).toContain('60 s (TIME_WAIT)');
    expect(polling).toBe(
      "Polling: 1,000 connections a second. At most 9,500 were seen in TIME_WAIT, all at the server's end, which closes " +
        "first, so that a client's port is free at once; they took 8,123 client ports of 28,232 (Linux gives out every " +
        'second one). A pair of ports that is used again is remembered once: clients on many machines would leave 60,000.',
    );
    expect(reuse).toContain('net.ipv4.tcp_tw_reuse is 2 here: on loopback, and only there,');
  });

  it('says how many the clients hold', () => {
    expect(linesOf(closing({ timeWaitAtClients: 12 }))[1]).toContain(
      "12 of them at the clients' ends, which keeps their ports",
    );
  });

  it('gives the reason where nothing could be read, and leaves an unknown setting out', () => {
    const unread = { timeWaitPeak: null, timeWaitAtClients: null, portsUsedPeak: null, unread: 'no table' };
    const result = closing({}, null);
    for (const trial of result.trials) {
      if (trial.status === 'completed' && trial.measurements.ports)
        trial.measurements.ports = { ...PORTS, ...unread, ephemeralPorts: null };
    }
    expect(linesOf(result)).toHaveLength(2);
    expect(linesOf(result)[1]).toContain('What they leave behind could not be read: no table.');
  });

  it('stands in every report', () => {
    const result = closing();
    expect(portRows(viewOf(result))).toHaveLength(1);
    expect(renderTable(result, { width: 400, color: false })).toContain('1,000 connections a second');
    expect(renderMarkdown(result)).toContain('## What does a connection for each poll leave behind?');
    const page = renderHtml(result, { script: '', style: '' });
    expect(page).toContain('What does a connection for each poll leave behind?');
    expect(page).toContain('client ports taken');
  });
});
