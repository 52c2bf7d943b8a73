import { z } from 'zod';
import { count, measured, nullable, upDown } from './numbers.js';
import { sideCrowd } from './side-crowd.js';

/** Bytes per delivered message by layer; total = payload + header + framing + idle + handshake. */
const layers = z.object({
  payload: measured,
  header: measured,
  framing: measured,
  /** Empty polls, heartbeats: charged to the deliveries of the window. */
  idle: measured,
  /** Reconnects inside the window; the first handshake of each client is in handshakePerClient. */
  handshake: measured,
  total: measured,
});
const side = z.object({
  /** Resident set before the first client, bytes, summed over the side's processes, after collection. */
  baselineBytes: nullable,
  /** Resident set with all clients connected, after collection. */
  connectedBytes: nullable,
  peakBytes: nullable,
  /** (connected - baseline) / clients. Null where it cannot be read. */
  bytesPerClient: z.number().nullable(),
});
/** Memory before the first client and with all of them, summed over the server's processes. */
const held = z.object({
  baselineBytes: nullable,
  connectedBytes: nullable,
  /** (connected - baseline) / clients. Null where it cannot be read. */
  bytesPerClient: z.number().nullable(),
});
const serverSide = side.extend({
  /** V8's heap in use and what it holds outside (external), after collection. */
  heap: held.optional(),
  /** The kernel's side of the server's sockets; null where nothing of it can be read. */
  kernel: held
    .extend({ source: z.enum(['slabinfo', 'sockstat']) })
    .nullable()
    .optional(),
});

/** Bytes by everybody who counted them. */
const witnesses = {
  /** The clients' own ledger, and the counters of their sockets. */
  ledger: upDown,
  sockets: upDown,
  /** TCP_INFO, by the sender's end. */
  kernel: upDown,
  /** TCP payload of the captured packets. */
  capture: upDown,
  /** Counters of the servers' sockets. */
  server: upDown,
  ipBytes: upDown,
  segments: upDown,
};
/** The bytes of the connections' whole life, from connecting to the drain's end, and of the window. */
const verification = z.object({
  ...witnesses,
  connections: count,
  /** Segments that open a connection, both directions. */
  syn: count,
  window: z.object(witnesses),
  /** Of the window; null when nothing was delivered. */
  perDelivery: z.object({ ipBytes: upDown, segments: upDown }).nullable(),
  agrees: z.boolean(),
  /** A sentence each. */
  disagreements: z.array(z.string()),
});

const latency = z.object({
  /** Samples, censored ones contained. */
  count,
  /** Deliveries still missing at the deadline, entered at the deadline. */
  censored: count,
  min: nullable,
  mean: nullable,
  p50: nullable,
  p90: nullable,
  p99: nullable,
  p999: nullable,
  max: nullable,
  /** HdrHistogram V2 compressed, base64, microseconds. */
  histogram: z.string(),
});

const timelineRow = z.object({
  second: measured,
  delivered: count,
  p50Us: nullable,
  p99Us: nullable,
  serverRssBytes: nullable,
  serverCpuPercent: nullable,
  generatorCpuPercent: nullable,
});

/** What one trial measured. Units are in the names; docs/metrics.md gives the source of every number. */
export const measurementsSchema = z.looseObject({
  measuredSeconds: measured,
  clients: z.object({ requested: count, connected: count }),
  messages: z.object({
    /** Null like expected, lost, duplicated and reordered where the target publishes by itself: nobody knows what it should have sent. */
    published: count.nullable(),
    expected: count.nullable(),
    delivered: count,
    lost: count.nullable(),
    duplicated: count.nullable(),
    reordered: count.nullable(),
    /** Messages per answer that carried any; null for transports without answers. */
    perResponse: nullable,
  }),
  latencyUs: latency,
  generatorShareUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
  publishes: z.object({
    /** Keep one publish in this many: 1 unless the window had more than 5,000. */
    every: count,
    intendedUs: z.array(z.number()),
    delivered: z.array(count),
    p50Us: z.array(nullable),
    p99Us: z.array(nullable),
    maxUs: z.array(nullable),
  }),
  throughput: z.object({ deliveriesPerSecond: measured, wireBytesPerSecond: measured }),
  requests: z.object({
    total: count,
    empty: count,
    /** Polls left out because the one before was still unanswered. */
    postponed: count,
    perDelivery: nullable,
  }),
  wire: z.object({
    /** Null when nothing was delivered. */
    perDelivery: z.object({ up: layers, down: layers }).nullable(),
    /** Null for transports without requests, each half null until one such exchange was seen. */
    exchange: z.object({ hit: upDown.nullable(), empty: upDown.nullable() }).nullable(),
    idle: upDown,
    handshakePerClient: upDown,
    totals: upDown,
    sockets: upDown,
    /** Cookie lines of requests, an "of which" of the layers above, up; null or absent without --cookie. */
    identity: z
      .object({
        /** Null when nothing was delivered. */
        perDelivery: nullable,
        handshakePerClient: measured,
        /** In the window. */
        total: count,
      })
      .nullable()
      .optional(),
    /** What base64 adds to binary payloads, an "of which" of framing, down; null or absent unless --content binary. */
    growth: z.object({ perDelivery: nullable, total: count }).nullable().optional(),
    /** Only in a run with --verify-wire. */
    verification: verification.optional(),
  }),
  cpu: z.object({ serverMicrosPerDelivery: nullable, generatorMicrosPerDelivery: nullable }),
  memory: z.object({ server: serverSide, generator: side }),
  connect: z.object({
    perSecond: nullable,
    p50Us: nullable,
    p99Us: nullable,
    /** CPU of the server from before the first client until it held all, by client. */
    serverMicrosPerClient: nullable.optional(),
  }),
  failures: z.record(z.string(), count),
  health: z.object({
    generatorUtilization: nullable,
    generatorLoopDelayP99Us: nullable,
    publisherLagP50Us: nullable,
    publisherLagP99Us: nullable,
    stealPercent: nullable,
    foreignCpuPercent: nullable,
    /** CPU of all generator processes / the cores they are pinned to; null when they are not pinned. */
    generatorCoresUtilization: nullable.optional(),
    /** Part of the time in which the busiest generator's event loop was not idle. */
    generatorLoopUtilization: nullable.optional(),
    /** What being kept from running added to a message that came at a random instant. */
    generatorHeldP99Us: nullable.optional(),
    /** Delivered (or answered, if that is more) a second / what the generator can take; null without a calibration. */
    ceilingShare: nullable.optional(),
    /** What made the trial void; else what came nearest its limit. */
    limitedBy: z.enum(['server', 'generator', 'publisher', 'host']).nullable(),
    /** How near: 1 is at the limit. Null where what made it void has no limit. */
    limitShare: nullable.optional(),
    /** Reason codes of the limits that could not be judged. */
    notJudged: z.array(z.string()).optional(),
    /** Whether the last slices of the window show no trend. */
    steadyState: z
      .object({
        verdict: z.enum(['steady', 'trend', 'not judged']),
        slices: count,
        /** Over the slices that were judged, as a part of their median; 0 where no trend is more than chance. */
        drift: z.number().nullable(),
        /** What drifts; null unless something does. */
        of: z.enum(['latency', 'deliveries']).nullable(),
      })
      .optional(),
  }),
  /** The link between clients and servers; null without one. */
  link: z
    .object({
      rttMs: measured,
      bandwidthBitsPerSecond: nullable,
      processes: count,
      /** Instant of release less the intended one. */
      errorUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
      cpuMicrosPerDelivery: nullable,
      /** Cores that the busiest link process used. */
      utilization: measured,
      releasesPerSecond: measured,
      /** Releases a second at the cost of these, with a core for each link process. */
      ceilingPerSecond: nullable,
      bytesUp: count,
      bytesDown: count,
    })
    .nullable()
    .optional(),
  /** Connections and what they leave behind; only of transports that connect for each poll. */
  ports: z
    .object({
      /** TCP connections that clients began. */
      connections: count,
      connectionsPerSecond: measured,
      /** Connections in TIME_WAIT at either end, the most seen; null where it cannot be read. */
      timeWaitPeak: count.nullable(),
      /** Of those, at the clients' ends. */
      timeWaitAtClients: count.nullable(),
      /** Client ports towards the server port that has most of them, TIME_WAIT contained, the most seen. */
      portsUsedPeak: count.nullable(),
      /** Client ports there are towards one server port. */
      ephemeralPorts: count.nullable(),
      /** Ports that clients connect to. */
      serverPorts: count,
      /** Why nothing could be read; null when it could. */
      unread: z.string().nullable(),
    })
    .optional(),
  /** People beside the clients whose numbers stand above; only in workloads that have them. */
  sideCrowd: sideCrowd.optional(),
  /** What restarts of the server did; only in the restart workload. */
  restarts: z
    .object({
      each: z.array(
        z.object({
          /** Where the log was: with a broker, which hands it to the new server, or in the killed server's memory. */
          log: z.enum(['broker', 'memory']),
          killedAtSeconds: measured,
          /** From the kill to the new server's listening. */
          awayMs: measured,
          /** Clients that lost their connection, and came back. */
          left: count,
          back: count,
          /** From the kill to the last return; null unless all came back, or when nobody had left. */
          allBackAfterMs: nullable,
          /** From a client's loss to its next connection. */
          clientAwayUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
          expected: count,
          lost: count,
          /** Of those lost, due while no server listened. */
          lostWhileAway: count,
          /** Messages that nobody was there to publish. */
          neverPublished: count,
          duplicated: count,
          /** Deliveries of messages that were due before their client came back. */
          resumed: count,
        }),
      ),
      /** Clients that left, attempts and exchanges that failed, and returns, in each interval of the window. */
      herd: z.object({
        everyMs: count,
        left: z.array(count),
        failed: z.array(count),
        back: z.array(count),
      }),
    })
    .optional(),
  /** The proxy in front of the servers; absent without one. */
  proxy: z
    .object({
      /** As it was asked for: `nginx`, `nginx-default`. */
      name: z.string(),
      version: z.string(),
      processes: count,
      cpuMicrosPerDelivery: nullable,
      /** Cores that it used. */
      utilization: nullable,
      memory: side,
      /** Connections that the servers accepted from it, from the first connect to the drain's end. */
      upstreamConnections: count.nullable(),
      /** What of its configuration decides how messages pass. */
      config: z.string(),
    })
    .optional(),
  /** The handlers that every request first needs; absent where requests are answered at once. */
  handlers: z
    .object({
      /** Of each server process. */
      count,
      delayMs: measured,
      /** Requests and upgrades that one of them turned to. */
      served: count,
      /** From a request's arrival until a handler turned to it. */
      waitedUs: z.object({ p50: nullable, p99: nullable, max: nullable }),
      /** Requests that waited at once, in one server process. */
      longestQueue: count,
    })
    .optional(),
  /** What else clients heard from a server that is not ours; absent where it is one of ours. */
  target: z
    .object({
      /** Messages without a marker of ours, or where the target publishes by itself without the time they should carry. */
      unmarked: count,
      /** Messages of other runs. */
      otherRuns: count,
      /** Where the target publishes by itself: from a client's message to its next. Null where pushbench publishes. */
      gapsUs: z.object({ count, p50: nullable, p90: nullable, p99: nullable, max: nullable }).nullable(),
      /** Messages whose time was ahead of our clock: not in the latency. Null unless they are to carry a time. */
      backwards: count.nullable(),
      /** Publishing into it; null where it publishes by itself. */
      publish: z
        .object({
          /** Messages sent to it, and answers that said that it took them. */
          sent: count,
          taken: count,
          /** Of those sent: while one before was not answered, so that nobody knows their order. */
          overlapping: count.optional(),
          /** Of those sent: twice, for the connection of the first was lost before it was answered. */
          repeated: count.optional(),
          /** Messages that it did not take, by kind. */
          failures: z.record(z.string(), count),
          /** Messages without an answer when the drain ended. */
          unanswered: count,
          /** From sending a message to the answer that it was taken. */
          answeredUs: z.object({ p50: nullable, p99: nullable }),
        })
        .nullable()
        .optional(),
      /** Why its CPU and memory are null; null where they are not. */
      costsUnread: z.string().nullable().optional(),
    })
    .optional(),
  timeline: z.array(timelineRow),
});

export type Measurements = z.infer<typeof measurementsSchema>;
export type TimelineRow = z.infer<typeof timelineRow>;
