import type { TrialLab, TrialWish } from '../trials/contract.js';

/** Of the trials that several claims rest on. */
export const INTERVAL_MS = 1000;
export const NEWS_PER_SECOND = 5;

/** How many clients there are, and for how many seconds a window lasts. */
export function broadcastSize(lab: TrialLab): { readonly clients: number; readonly seconds: number } {
  return { clients: lab.size(200, 20), seconds: lab.size(8, 2) };
}

/** Every client hears every message: latency, requests, bytes and handshakes of each transport. */
export function broadcast(lab: TrialLab, scenario: string): TrialWish {
  const { clients, seconds } = broadcastSize(lab);
  return {
    scenario,
    clients,
    plan: {
      ratePerSecond: NEWS_PER_SECOND,
      durationSeconds: seconds,
      warmupSeconds: lab.size(1, 0.5),
      pollIntervalMs: INTERVAL_MS,
    },
  };
}

/** The length fields of RFC 6455, 5.2 change after 125 and after 65,535 bytes. */
export const FRAME_PAYLOADS = [10, 125, 126, 65_535, 65_536] as const;

/** Each client speaks over a WebSocket and is answered with as much. */
export function frames(payloadBytes: number): TrialWish {
  return {
    scenario: 'websocket',
    clients: 10,
    plan: { workload: 'echo', ratePerSecond: 20, payloadBytes, durationSeconds: 1, warmupSeconds: 0 },
    bytesOnly: true,
  };
}

/** A few slow handlers before everything that needs one, without any other limit. */
export const HANDLERS = { count: 2, delayMs: 50 } as const;

export function behindHandlers(lab: TrialLab, scenario: string): TrialWish {
  return {
    scenario,
    clients: 40,
    plan: {
      ratePerSecond: 5,
      durationSeconds: lab.size(4, 2),
      warmupSeconds: 0,
      pollIntervalMs: 500,
      handlers: HANDLERS,
    },
  };
}

/** Mean distances of news that are about one poll interval, and a tenth of it. */
export const RARE_PER_SECOND = 1;
export const FREQUENT_PER_SECOND = 10;

export function behindNginx(lab: TrialLab, scenario: string, ratePerSecond: number): TrialWish {
  return {
    scenario,
    clients: lab.size(200, 20),
    plan: {
      ratePerSecond,
      durationSeconds: lab.size(5, 2),
      warmupSeconds: lab.size(1, 0),
      pollIntervalMs: INTERVAL_MS,
      proxy: 'nginx',
    },
  };
}
