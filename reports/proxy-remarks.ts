import { plainText } from './plain-text.js';
import type { Result } from './result.js';
import { formatBytes, formatCount } from './units.js';
import { metricOf, type ResultView } from './view.js';

/** Which proxy it was, what it cost, and how many connections it made; nothing for a run without one. */
export function proxySentences(result: Result, view: ResultView): string[] {
  const known = result.trials.flatMap((trial) =>
    trial.status === 'completed' || trial.status === 'void' ? (trial.measurements.proxy ?? []) : [],
  );
  const first = known[0];
  if (first === undefined) return [];
  const contestants = view.groups.flatMap((group) =>
    group.contestants.map((contestant) => ({ contestant, clients: group.clients })),
  );
  const each = (path: string, print: (value: number) => string): string =>
    contestants
      .flatMap(({ contestant, clients }) => {
        const median = metricOf(contestant, path)?.median;
        const at = view.isSweep ? ` at ${formatCount(clients)}` : '';
        return median === undefined ? [] : [`${contestant.title}${at} ${print(median)}`];
      })
      .join(', ');
  const connections = each('proxy.upstreamConnections', (count) => formatCount(Math.round(count)));
  const peak = Math.max(...known.map(({ memory }) => memory.peakBytes ?? 0));
  const memory = peak > 0 ? ` It held ${formatBytes(peak)} at most.` : '';
  const what = first.name === 'nginx-default' ? "nginx's defaults" : 'nginx, well configured';
  return [
    `Proxy in front of the server${result.environment.pinned ? ', on its core' : ''}: ${what} (${plainText(first.version, 40)}; ${plainText(first.config, 300)}). Bytes are counted at the clients, so its header fields are in them.${memory}`,
    ...(connections === '' ? [] : [`Connections it made to the server in a trial: ${connections}.`]),
  ];
}
