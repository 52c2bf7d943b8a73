import type { Scenario } from '../../scenarios/contract.js';

/**
 * Whether a client asks for what came after the last message it saw, as pollers do: then nothing has to be said before
 * the first request, and what was published before the client came is news as well. A session of Socket.IO asks, too, but
 * is opened by a handshake and knows no cursor.
 */
export function asksByCursor({ asks, resumes }: Scenario): boolean {
  return asks && resumes;
}

/** Connections of an open client at rest. Socket.IO posts on one of its own, and has closed both once it is upgraded. */
export function connectionsAtRest({ id }: Scenario): number {
  return id === 'socketio-polling' ? 2 : 1;
}

/** Requests of a handshake: to upgrade, Socket.IO asks three times by GET, posts once and asks for the WebSocket. */
export function handshakeRequests({ id }: Scenario): number {
  return id === 'socketio-upgrade' ? 5 : 1;
}
