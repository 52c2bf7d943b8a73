import { plainText } from './plain-text.js';
import type { Measurements, Result } from './result.js';
import { formatCount, formatRatio, formatWireBytes } from './units.js';
import type { ContestantView, ResultView } from './view.js';

type Verification = NonNullable<Measurements['wire']['verification']>;

/**
 * What a run with --verify-wire found: that it has no times, then a sentence for each transport. Empty for other runs.
 * Disagreements stand among the reasons of void trials, not here.
 */
export function verificationLines(result: Result, view: ResultView): string[] {
  if (!result.plan.verifyWire) return [];
  const contestants = view.groups.flatMap((group) => group.contestants);
  return [
    'This run verified bytes (--verify-wire): every packet was captured and the clients were held still to be read, so no times are reported.',
    ...contestants.flatMap((contestant) => sentenceOf(contestant, view.isSweep)),
  ];
}

function sentenceOf(contestant: ContestantView, isSweep: boolean): string[] {
  const { title, clients, trials } = contestant;
  const all = trials.flatMap(({ measurements }) => measurements?.wire.verification ?? []);
  const agreeing = all.filter(({ agrees }) => agrees);
  const who = isSweep ? `${plainText(title)}, ${formatCount(clients)} clients` : plainText(title);
  const [first] = agreeing;
  if (first === undefined) return [];
  const rounds =
    all.length > 1 ? ` in ${formatCount(agreeing.length)} of ${formatCount(all.length)} trials` : '';
  const { connections, ledger } = first;
  return [
    `${who}: ledger, sockets, kernel, packet capture and server agree to the byte${rounds}: ` +
      `${formatWireBytes(ledger.up)} up and ${formatWireBytes(ledger.down)} down over ` +
      `${formatCount(connections)} ${connections === 1 ? 'connection' : 'connections'}.${withHeaders(first)}`,
  ];
}

function withHeaders({ perDelivery }: Verification): string {
  if (perDelivery === null) return '';
  const { ipBytes, segments } = perDelivery;
  return (
    ` With TCP and IP headers a message is ${formatWireBytes(ipBytes.up)} in ${formatRatio(segments.up)} ` +
    `${segments.up === 1 ? 'segment' : 'segments'} up and ${formatWireBytes(ipBytes.down)} in ` +
    `${formatRatio(segments.down)} down.`
  );
}
