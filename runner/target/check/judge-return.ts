/** What was seen of clients whose connections were cut, and of a message after they were to be back. */
export interface Return {
  readonly clients: number;
  /** How many had connected again when waiting for them ended. */
  readonly back: number;
  readonly waitedSeconds: number;
  /** Connections that clients tried again to make and did not get. */
  readonly refused: number;
  /** What went wrong with the message that was to reach them, as a sentence's end; null when it was taken. */
  readonly untaken: string | null;
  /** Whether all of them heard it. */
  readonly hasHeard: boolean;
}

/** Whether clients come back, null where it cannot be said, and the sentence when all is not well. Pure. */
export function judgeReturn(seen: Return): { ok: boolean | null; sentence: string } {
  const { clients, back, waitedSeconds, refused, untaken, hasHeard } = seen;
  if (hasHeard) return { ok: true, sentence: '' };
  if (back < clients) {
    const had = `Of ${clients} clients whose connection was cut, ${back} had come back ${waitedSeconds} s later`;
    return refused > 0
      ? { ok: false, sentence: `${had}: the server refused the others.` }
      : {
          ok: null,
          sentence: `${had}: the others had not tried, as when a server says that they should wait (retry).`,
        };
  }
  if (untaken !== null)
    return { ok: null, sentence: `The message that clients were to hear when they were back ${untaken}.` };
  return {
    ok: false,
    sentence: 'Clients whose connection was cut did not hear what was published after they came back.',
  };
}
