/** Environment variable with the Unix socket on which the stalled server also answers plain requests, with its id. */
export const PLAIN_SOCKET = 'PUSHBENCH_PAPER_SOCKET';
