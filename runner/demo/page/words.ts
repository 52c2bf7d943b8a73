import type { TransportId } from '../contract.js';

/** What a transport is and how it comes back, for people. */
export interface Words {
  readonly how: (pollIntervalMs: number) => string;
  /** Continues "Back after 3.4 s: ...". */
  readonly back: string;
}

export const WORDS: Readonly<Record<TransportId, Words>> = {
  polling: {
    how: (pollIntervalMs) =>
      `Asks every ${pollIntervalMs.toLocaleString('en-US')} ms. Answers often say that there is nothing new.`,
    back: 'the script went on asking, with the last number it had.',
  },
  longpoll: {
    how: () => 'Asks and is held until there is news, then asks again.',
    back: 'the script asked again, with the last number it had.',
  },
  iframe: {
    how: () => 'A hidden page that never ends. Each message is a script that calls this page.',
    back: 'no event told the break, only silence; the script put in a new frame, which cannot say what was seen.',
  },
  sse: {
    how: () =>
      'One answer that never ends. After a drop the browser itself asks again and sends the last id.',
    back: 'the browser reconnected by itself and sent the last id.',
  },
  websocket: {
    how: () => 'One upgraded connection. Nothing in it says what was missed.',
    back: 'the script opened a new connection, which does not say what was seen.',
  },
};

/** What a restart cost one transport, in a sentence. */
export function backSentence(id: TransportId, awayMs: number, lost: number): string {
  const seconds = (awayMs / 1000).toFixed(1);
  return `Back after ${seconds} s: ${WORDS[id].back} ${lostPhrase(lost)}`;
}

function lostPhrase(lost: number): string {
  if (lost === 0) return 'Nothing was lost.';
  return lost === 1 ? '1 message was lost.' : `${lost.toLocaleString('en-US')} messages were lost.`;
}
