/** Query parameter with which a poller says which message it saw last, in ten digits. */
export const CURSOR_PARAMETER = 'since';

/** Query parameter with which a client says which topic it listens to, or speaks in, in ten digits. Only in runs with topics. */
export const TOPIC_PARAMETER = 'topic';
