import { listed } from './listed.js';
import { plainText } from './plain-text.js';
import type { Result } from './result.js';
import { formatCount, formatPercent, formatWireBytes } from './units.js';
import { type ContestantView, medianOf, type ResultView } from './view.js';

/** `Cookie: ` and a line end. */
const COOKIE_LINE_BYTES = 10;

/**
 * Bytes that are told apart from the layers they stand in, a sentence each: what identity costs (--cookie), and what
 * base64 adds to binary payloads (--content binary). Empty for other runs.
 */
export function byteLines(result: Result, view: ResultView): string[] {
  return [...identityLines(result, view), ...growthLines(result, view)];
}

function nameOf(contestant: ContestantView, isSweep: boolean): string {
  const title = plainText(contestant.title);
  return isSweep ? `${title}, ${formatCount(contestant.clients)} clients` : title;
}

function identityLines({ plan }: Result, view: ResultView): string[] {
  if (!plan.cookieBytes) return [];
  const contestants = view.groups.flatMap((group) => group.contestants);
  return [
    `Identity: every request carries a cookie of ${formatCount(plan.cookieBytes)} bytes, with its name and line end ` +
      `${formatWireBytes(plan.cookieBytes + COOKIE_LINE_BYTES)}.`,
    ...contestants.flatMap((contestant) => {
      const each = medianOf(contestant, 'wire.identity.perDelivery');
      const once = medianOf(contestant, 'wire.identity.handshakePerClient');
      if (each === null || once === null) return [];
      const parts = [
        ...(each > 0 ? [`${formatWireBytes(each)} of it for each delivered message`] : []),
        ...(once > 0 ? [`${formatWireBytes(once)} once a client, before its first message`] : []),
      ];
      return [`${nameOf(contestant, view.isSweep)}: ${parts.join(', and ') || 'none of it in the window'}.`];
    }),
  ];
}

function growthLines({ plan }: Result, view: ResultView): string[] {
  if (plan.content !== 'binary') return [];
  const grown = new Map<number, string[]>();
  for (const { contestants } of view.groups) {
    for (const contestant of contestants) {
      const bytes = medianOf(contestant, 'wire.growth.perDelivery');
      const title = plainText(contestant.title);
      if (bytes === null || grown.get(bytes)?.includes(title)) continue;
      grown.set(bytes, [...(grown.get(bytes) ?? []), title]);
    }
  }
  return [...grown].map(([bytes, titles]) =>
    bytes === 0
      ? `Binary payloads travel as they are with ${listed(titles)}.`
      : `Base64 adds ${formatPercent((100 * bytes) / plan.payloadBytes)} to binary payloads on transports that have only ` +
        `text: ${formatWireBytes(bytes)} of framing a message with ${listed(titles)}.`,
  );
}
