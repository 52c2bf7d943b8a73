import { plainText } from './plain-text.js';
import type { Measurements, Result } from './result.js';
import { formatCount } from './units.js';
import type { ContestantView, ResultView } from './view.js';

type Ports = NonNullable<Measurements['ports']>;

/** How long Linux remembers a connection at the end that closed first. */
const TIME_WAIT_SECONDS = 60;

/** One transport's connections: rates as medians over its completed trials, what stood as the most of any. */
export interface PortRow {
  readonly contestant: ContestantView;
  readonly connectionsPerSecond: number;
  /** Null where it could not be read. */
  readonly timeWaitPeak: number | null;
  readonly timeWaitAtClients: number | null;
  readonly portsUsedPeak: number | null;
  readonly ephemeralPorts: number | null;
  readonly unread: string | null;
}

/** A row for each transport that connects for each poll. */
export function portRows(view: ResultView): PortRow[] {
  return view.groups.flatMap(({ contestants }) =>
    contestants.flatMap((contestant) => {
      const all = contestant.trials.flatMap(({ status, measurements }) =>
        status === 'completed' && measurements?.ports ? [measurements.ports] : [],
      );
      const [first] = all;
      if (first === undefined) return [];
      const most = (name: 'timeWaitPeak' | 'timeWaitAtClients' | 'portsUsedPeak'): number | null => {
        const known = all.map((ports: Ports) => ports[name]).filter((value) => value !== null);
        return known.length === 0 ? null : Math.max(...known);
      };
      const rates = all.map(({ connectionsPerSecond }) => connectionsPerSecond).sort((a, b) => a - b);
      return [
        {
          contestant,
          connectionsPerSecond: rates[rates.length >> 1]!,
          timeWaitPeak: most('timeWaitPeak'),
          timeWaitAtClients: most('timeWaitAtClients'),
          portsUsedPeak: most('portsUsedPeak'),
          ephemeralPorts: first.ephemeralPorts,
          unread: first.unread,
        },
      ];
    }),
  );
}

function sentenceOf(row: PortRow, isSweep: boolean): string {
  const { contestant, connectionsPerSecond, timeWaitPeak, timeWaitAtClients, portsUsedPeak } = row;
  const title = plainText(contestant.title);
  const who = isSweep ? `${title}, ${formatCount(contestant.clients)} clients` : title;
  const rate = Math.round(connectionsPerSecond);
  const made = `${who}: ${formatCount(rate)} connections a second.`;
  if (timeWaitPeak === null)
    return `${made} What they leave behind could not be read: ${row.unread ?? 'unknown'}.`;
  const holder =
    timeWaitAtClients === 0
      ? "all at the server's end, which closes first, so that a client's port is free at once"
      : `${formatCount(timeWaitAtClients ?? 0)} of them at the clients' ends, which keeps their ports`;
  const range =
    row.ephemeralPorts === null
      ? ''
      : ` of ${formatCount(row.ephemeralPorts)} (Linux gives out every second one)`;
  return (
    `${made} At most ${formatCount(timeWaitPeak)} were seen in TIME_WAIT, ${holder}; they took ` +
    `${formatCount(portsUsedPeak ?? 0)} client ports${range}. A pair of ports that is used again is remembered once: ` +
    `clients on many machines would leave ${formatCount(rate * TIME_WAIT_SECONDS)}.`
  );
}

/** What a connection for each poll takes, a sentence a transport; none for transports that keep theirs. */
export function portLines({ environment, plan }: Result, view: ResultView): string[] {
  // A run that verifies bytes holds its clients still, and reports nothing by the second.
  if (plan.verifyWire) return [];
  const rows = portRows(view);
  if (rows.length === 0) return [];
  const reuse = environment.timeWait?.reuse ?? null;
  return [
    `The end of a TCP connection that closes first remembers it for ${TIME_WAIT_SECONDS} s (TIME_WAIT).`,
    ...rows.map((row) => sentenceOf(row, view.isSweep)),
    ...(reuse === null ? [] : [reuseSentence(reuse)]),
  ];
}

function reuseSentence(reuse: number): string {
  const setting = `net.ipv4.tcp_tw_reuse is ${reuse} here`;
  if (reuse === 0)
    return `${setting}: a client's port in TIME_WAIT would stay taken, as in most of production.`;
  const where = reuse === 2 ? 'on loopback, and only there,' : 'everywhere';
  return (
    `${setting}: ${where} the kernel would take a client's port in TIME_WAIT again, which hides an exhaustion of ports ` +
    `that a proxy or client that closes first meets in production.`
  );
}
