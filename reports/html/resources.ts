import { barChart } from '../charts/bars.js';
import { isResolvedAt } from '../charts/rows.js';
import { sweepOf } from '../charts/sweep.js';
import { timelineChart, timelineOf } from '../charts/timeline.js';
import { LOOPBACK_NOTE } from '../findings.js';
import { lineKey } from './marks.js';
import { type Html, html } from './markup.js';
import { figure, type Report, section, warnings } from './report.js';
import { rowTable, type TableMetric, timelineTable } from './row-tables.js';
import { rangeSentence, steadinessSentence } from './sentences.js';
import { slopeTable } from './slope-table.js';
import { sweepFigures } from './sweep-figures.js';

const PER_CLIENT = 'memory.server.bytesPerClient';
const SERVER_CPU = 'cpu.serverMicrosPerDelivery';
const LINK_CPU = 'link.cpuMicrosPerDelivery';
const PROXY_CPU = 'proxy.cpuMicrosPerDelivery';
const PROXY_MEMORY = 'proxy.memory.bytesPerClient';
const GENERATOR_CPU = 'cpu.generatorMicrosPerDelivery';

/** Says what a hatched bar of a completed trial is. */
function hatchedNote(rows: Report['rows']): string {
  const isHatched = rows.some((row) => row.status === 'completed' && !isResolvedAt(row, PER_CLIENT));
  return isHatched ? ' Hatched bars show what was read, which is noise at this number of clients.' : '';
}

/** How much memory? */
export function memorySection(report: Report): Html {
  const { view, findings, focus, rows } = report;
  const seconds = focus ? timelineOf(focus, 'serverRssBytes') : [];
  return section(
    'memory',
    'How much memory?',
    findings.memory,
    warnings(report, ['memory']),
    figure(report, {
      title: 'What does the server hold for each client?',
      sentence: `${rangeSentence('Added by a connected client', rows, PER_CLIENT, 'bytes')} Resident memory after collection, less what the server took before its first client; the kernel's sockets are not in it.${hatchedNote(rows)}`,
      chart: barChart(rows, [{ name: 'server memory per client', path: PER_CLIENT }], 'bytes'),
      table: rowTable('memory of server and generator', rows, [
        { name: 'server, per client', path: PER_CLIENT, kind: 'bytes' },
        { name: 'server before clients', path: 'memory.server.baselineBytes', kind: 'bytes' },
        { name: 'server with all', path: 'memory.server.connectedBytes', kind: 'bytes' },
        { name: 'server, peak', path: 'memory.server.peakBytes', kind: 'bytes' },
        ...proxyMemory(rows),
        { name: 'generator, per client', path: 'memory.generator.bytesPerClient', kind: 'bytes' },
      ]),
    }),
    figure(report, {
      title: 'Does the server\u2019s memory hold over time?',
      sentence: `Resident memory of the server, all of its processes together. ${steadinessSentence(seconds, 'bytes')}`,
      chart: timelineChart(seconds, 'bytes'),
      key: lineKey(seconds),
      table: timelineTable('server memory, median over trials', seconds, 'bytes'),
    }),
    slopeTable(report),
    ...sweepFigures(report, sweepOf(view), [
      {
        title: 'Does a client cost the same among more?',
        name: 'server memory per client',
        path: PER_CLIENT,
        kind: 'bytes',
      },
      {
        title: 'What does the server take with all clients?',
        name: 'server memory with all clients',
        path: 'memory.server.connectedBytes',
        kind: 'bytes',
      },
    ]),
  );
}

/** The link's CPU and error, in a report of a run with one. */
function linkColumns(rows: Report['rows']): TableMetric[] {
  if (!rows.some(({ metrics }) => metrics.has(LINK_CPU))) return [];
  return [
    { name: 'link', path: LINK_CPU, kind: 'micros' },
    { name: 'link released late by, p99', path: 'link.errorUs.p99', kind: 'micros' },
  ];
}

/** The proxy's memory, in a report of a run with one. */
function proxyMemory(rows: Report['rows']): TableMetric[] {
  if (!rows.some(({ metrics }) => metrics.has('proxy.memory.peakBytes'))) return [];
  return [
    { name: 'proxy, per client', path: PROXY_MEMORY, kind: 'bytes' },
    { name: 'proxy, peak', path: 'proxy.memory.peakBytes', kind: 'bytes' },
  ];
}

/** The proxy's CPU and what it asked of the server, in a report of a run with one. */
function proxyColumns(rows: Report['rows']): TableMetric[] {
  const columns: TableMetric[] = [
    { name: 'proxy', path: PROXY_CPU, kind: 'micros' },
    { name: 'connections to the server', path: 'proxy.upstreamConnections', kind: 'count' },
  ];
  return columns.filter(({ path }) => rows.some(({ metrics }) => metrics.has(path)));
}

/** How much CPU? */
export function cpuSection(report: Report): Html {
  const { view, findings, focus, rows } = report;
  const seconds = focus ? timelineOf(focus, 'serverCpuPercent') : [];
  const generator = focus ? timelineOf(focus, 'generatorCpuPercent') : [];
  return section(
    'cpu',
    'How much CPU?',
    findings.cpu,
    warnings(report, ['cpu']),
    figure(report, {
      title: 'What does a delivered message cost the server, and what its receiver?',
      sentence: `${rangeSentence('Server, for each delivery', rows, SERVER_CPU, 'micros')} ${rangeSentence('Load generator, which plays the clients', rows, GENERATOR_CPU, 'micros')} ${LOOPBACK_NOTE}`,
      chart: barChart(
        rows,
        [
          { name: 'server', path: SERVER_CPU },
          { name: 'generator', path: GENERATOR_CPU, outlined: true },
        ],
        'micros',
      ),
      key: html`<ul class="key"><li><svg class="patch" viewBox="0 0 18 14" width="18" height="14" aria-hidden="true"><path d="M0 0H18V14H0z" fill="currentColor"/></svg>filled: server</li><li><svg class="patch" viewBox="0 0 18 14" width="18" height="14" aria-hidden="true"><path d="M1 1H17V13H1z" fill="none" stroke="currentColor" stroke-width="2"/></svg>outlined: generator</li></ul>`,
      table: rowTable('CPU per delivered message', rows, [
        { name: 'server', path: SERVER_CPU, kind: 'micros' },
        { name: 'generator', path: GENERATOR_CPU, kind: 'micros' },
        ...proxyColumns(rows),
        ...linkColumns(rows),
      ]),
    }),
    figure(report, {
      title: 'How busy is the server over time?',
      sentence: `100 % is one core. ${steadinessSentence(seconds, 'percent')}`,
      chart: timelineChart(seconds, 'percent'),
      key: lineKey(seconds),
      table: timelineTable('server CPU, median over trials', seconds, 'percent'),
    }),
    figure(report, {
      title: 'How busy is the generator over time?',
      sentence: `100 % is one core. ${steadinessSentence(generator, 'percent')}`,
      chart: timelineChart(generator, 'percent'),
      key: lineKey(generator),
      table: timelineTable('generator CPU, median over trials', generator, 'percent'),
    }),
    ...sweepFigures(report, sweepOf(view), [
      {
        title: 'Does a message cost more CPU among more clients?',
        name: 'server CPU per delivered message',
        path: SERVER_CPU,
        kind: 'micros',
      },
    ]),
  );
}
