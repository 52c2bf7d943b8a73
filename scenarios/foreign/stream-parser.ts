import type { StreamParser } from '../wire/streaming-client.js';

/** What reads an endless answer in which pushbench knows no messages but its own. */
export interface ForeignStreamParser extends StreamParser {
  /** What has been read since it was last cleared is to be counted as a message without a marker. */
  readonly isUnmarked: boolean;
}
