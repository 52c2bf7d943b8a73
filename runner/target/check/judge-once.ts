/**
 * Whether no message came twice, null where it cannot be said, and the sentence when all is not well. Pure.
 *
 * @param repeated messages that a client heard more than once
 * @param publishedAgain messages that went out twice, for the first was lost before it was answered
 */
export function judgeOnce(
  repeated: number,
  publishedAgain: number,
): { ok: boolean | null; sentence: string } {
  if (repeated === 0) return { ok: true, sentence: '' };
  if (publishedAgain === 0) return { ok: false, sentence: `${repeated} messages came more than once.` };
  return {
    ok: null,
    sentence:
      `${repeated} messages came more than once, and pushbench had published ${publishedAgain} again, whose connection was ` +
      `lost before the answer.`,
  };
}
