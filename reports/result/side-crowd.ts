import { z } from 'zod';
import { count, measured, nullable, upDown } from './numbers.js';

const spread = z.object({ p50: nullable, p99: nullable, max: nullable });
/** Where those who are there stand at the end of a second: let in, or what they last met. */
const people = z.object({
  /** Here, and without an answer or a first message yet. */
  coming: count,
  /** Let in, their last message on time or late. */
  onTime: count,
  late: count,
  http503: count,
  http5xx: count,
  refused: count,
  reset: count,
  timeout: count,
  other: count,
});
/** What happened to them in a second. */
const sideEvents = z.object({
  /** TCP connections begun; transports opened. */
  dials: count,
  connects: count,
  delivered: count,
  deliveredLate: count,
  http503: count,
  http5xx: count,
  refused: count,
  reset: count,
  timeout: count,
  other: count,
});
/** A crowd beside the clients: visitors that come and go, slow readers, newcomers past what the server admits. */
export const sideCrowd = z.object({
  kind: z.enum(['visitors', 'slow readers', 'newcomers']),
  /** People that came. */
  clients: count,
  /** Transports opened, and TCP connections begun for it. */
  connects: count,
  dials: count,
  /** Over the window; null for those who were there before it. */
  connectsPerSecond: nullable,
  askedPerSecond: nullable,
  connectUs: spread,
  latencyUs: spread,
  handshakePerDial: upDown,
  delivered: count,
  /** Of those, later than a second (and a poll interval) after they were due. */
  late: count,
  /** Between somebody's first message and their last. */
  missed: count,
  /** Slow readers only: not read by the end of the drain. */
  unread: count.nullable(),
  /** People that were never let in. */
  neverIn: count,
  failures: z.record(z.string(), count),
  /** Clients that the server cut off, whoever they were; null of a server of the user's, which is not asked. */
  cutOff: count.nullable(),
  /** All their bytes, by ledger and by the sockets' own counters. */
  bytes: upDown,
  sockets: upDown,
  slow: z
    .object({
      readBytesPerSecond: measured,
      /** Payload that is sent to each. */
      sentBytesPerSecond: measured,
      kernelBytesPerConnection: nullable,
      /** Of TCP buffers of the machine, both ends, over the window. */
      kernelGrowthBytes: nullable,
      /** Resident memory of the servers, from all connected to its peak, by slow reader: at most theirs. */
      serverGrowthBytesPerClient: nullable,
    })
    .nullable(),
  seconds: z.array(z.object({ second: measured, people, events: sideEvents })),
});

export type SideCrowdMeasurements = z.infer<typeof sideCrowd>;
