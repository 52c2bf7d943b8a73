import { encodeMarked } from '../../protocol/marker.js';
import type { ForeignSpec } from '../foreign/contract.js';

/** The run of every test that does not say otherwise, and somebody else's. */
export const RUN = '0123abcd';
export const OTHER_RUN = 'ffff0000';

/** A specification in which nothing but what is given is out of the ordinary. */
export function foreignSpec(changes: Partial<ForeignSpec> = {}): ForeignSpec {
  return {
    id: 'chat',
    title: 'Chat',
    transport: 'websocket',
    path: '/feed',
    headers: {},
    hello: [],
    replies: {},
    find: { in: 'anywhere' },
    cursor: null,
    run: RUN,
    self: null,
    ...changes,
  };
}

/** A message of the run of the tests. */
export function ours(sequence: number, bytes = 40): string {
  return encodeMarked(RUN, sequence, bytes);
}

/** A message of another run. */
export function theirs(sequence: number, bytes = 40): string {
  return encodeMarked(OTHER_RUN, sequence, bytes);
}
