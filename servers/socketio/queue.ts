import type { Socket } from 'socket.io';

/** What a socket.io server keeps beside each of its sockets (`socket.data`). */
export interface Account {
  /** Packets of the queue that are counted, and their bytes. */
  packets: number;
  bytes: number;
}

/** The part of an Engine.IO session that tells what is queued in it. */
interface Session {
  readonly writeBuffer: readonly { readonly data?: string | Buffer }[];
  readonly transport: { readonly name: string; readonly writable: boolean; readonly socket?: Wire };
  close(discard: boolean): void;
}

/** A WebSocket of `ws`, of a session that goes over one. */
interface Wire {
  readonly bufferedAmount: number;
  terminate(): void;
}

export type Visitor = Socket<Record<string, never>, { message: (text: string) => void }, object, Account>;

const sessionOf = (visitor: Visitor): Session => visitor.conn as unknown as Session;

/** Whether the server can send at once, or is just sending: a poll is held, or there is a WebSocket. */
export function isHeld(visitor: Visitor): boolean {
  const { transport } = sessionOf(visitor);
  return transport.writable || transport.name === 'websocket';
}

/**
 * Bytes that wait for a client: packets that Engine.IO keeps until the next poll comes or the WebSocket takes more, and
 * what the WebSocket has taken and not sent. An answer to a poll that its client does not read is not among them: what
 * comes after it is.
 *
 * Each packet is looked at once, however often this is called: counting begins anew when the queue was emptied.
 */
export function queuedBytes(visitor: Visitor): number {
  const { writeBuffer, transport } = sessionOf(visitor);
  const account = visitor.data;
  if (writeBuffer.length < account.packets || writeBuffer.length === 0) {
    account.packets = 0;
    account.bytes = 0;
  }
  for (; account.packets < writeBuffer.length; account.packets++)
    account.bytes += writeBuffer[account.packets]!.data?.length ?? 0;
  return account.bytes + (transport.socket?.bufferedAmount ?? 0);
}

/**
 * To be called when a session is closed. One that did not answer a ping will not answer a goodbye either, for which its
 * WebSocket would wait half a minute.
 */
export function hangUp(this: unknown, reason: string): void {
  if (reason === 'ping timeout') (this as Session).transport.socket?.terminate();
}

/** Ends the session at once; what was queued is dropped. */
export function drop(visitor: Visitor): void {
  const session = sessionOf(visitor);
  const wire = session.transport.socket;
  session.close(true);
  // Closing alone would let the WebSocket send what it has taken first.
  wire?.terminate();
}
