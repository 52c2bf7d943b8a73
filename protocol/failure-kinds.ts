/** Why a client's connection or exchange went wrong: the names under which a result counts it. */
export const FAILURE_KINDS = [
  'refused',
  'reset',
  'timeout',
  'no-ports',
  'no-descriptors',
  'closed',
  'http-4xx',
  'http-503',
  'http-5xx',
  /** The server named another place, which is never asked. */
  'redirected',
  'protocol',
  'payload',
  /** A client had something to say and no connection; it says it when it is connected again. */
  'not-connected',
  'other',
] as const;
