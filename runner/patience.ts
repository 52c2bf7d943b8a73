import type { Scenario } from '../scenarios/contract.js';
import { scenarioOf } from './contenders.js';
import { readable } from './options/readable.js';
import type { Contestant, Plan } from './plan.js';

/** How long a trial waits for its clients. */
export interface Patience {
  /** A connection that has not opened within this is a failure, milliseconds. */
  readonly connectTimeoutMs: number;
  /** Clients that are not connected this long after the ramp should have ended are left behind. */
  readonly connectGraceMs: number;
  /** How much longer than usual a phase may drain. */
  readonly extraDrainMs: number;
  /** Clients owe deliveries from a phase's start, connected or not: it is the condition that keeps them out. */
  readonly countsAbsent: boolean;
}

/** A condition under which every answer takes its turn. */
export const DEFAULT_PATIENCE: Patience = {
  connectTimeoutMs: 10_000,
  connectGraceMs: 15_000,
  extraDrainMs: 0,
  countsAbsent: false,
};

/** A page waits for the head of a stream as long as it takes: longer than nginx's own time-outs of 60 s. */
const PAGE_WAITS_MS = 600_000;
/** What nginx's defaults keep from its client they keep for good. */
const BLOCKED_GRACE_MS = 3_000;
/** Connecting may take this long; whoever wants more has forgotten a zero. */
const MAX_QUEUE_MS = 600_000;

/** How long the last of all clients waits when all of them ask the handlers at once, milliseconds; 0 without handlers. */
export function handlerQueueMs({ handlers }: Pick<Plan, 'handlers'>, clients: number): number {
  return handlers === undefined ? 0 : Math.ceil(clients / handlers.count) * handlers.delayMs;
}

/** What the conditions of a plan ask of a trial's patience. */
export function patienceOf(
  plan: Pick<Plan, 'handlers' | 'proxy' | 'contenders'>,
  { scenario, clients }: Pick<Contestant, 'scenario' | 'clients'>,
): Patience {
  const queueMs = handlerQueueMs(plan, clients);
  const isBlocked = plan.proxy === 'nginx-default' && !answersArePassed(scenarioOf(plan, scenario));
  return {
    connectTimeoutMs: (isBlocked ? PAGE_WAITS_MS : DEFAULT_PATIENCE.connectTimeoutMs) + queueMs,
    connectGraceMs: (isBlocked ? BLOCKED_GRACE_MS : DEFAULT_PATIENCE.connectGraceMs) + queueMs,
    extraDrainMs: queueMs,
    countsAbsent: isBlocked,
  };
}

/** nginx's defaults pass whole answers on, and no stream or upgrade. */
export function answersArePassed(scenario: Scenario | undefined): boolean {
  return scenario?.asks ?? true;
}

/** Why the handlers of a plan cannot be waited for, and what they will not keep up with. */
export function handlerDoubts(plan: Plan): { mistakes: readonly string[]; warnings: readonly string[] } {
  const { handlers } = plan;
  if (handlers === undefined) return { mistakes: [], warnings: [] };
  const clients = Math.max(...plan.clients);
  const queueMs = handlerQueueMs(plan, clients);
  const who = `${readable(clients)} clients`;
  const many = handlers.count === 1 ? 'one handler' : `${readable(handlers.count)} handlers`;
  if (queueMs > MAX_QUEUE_MS) {
    return {
      mistakes: [
        `--handler-delay ${handlers.delayMs} with ${many}: ${who} need ${readable(clients)} / ` +
          `${handlers.count} x ${handlers.delayMs} ms = ${readable(Math.round(queueMs / 1000))} s to connect one after ` +
          `another; at most ${MAX_QUEUE_MS / 1000} s are waited. Use more --handlers, a shorter delay or fewer clients.`,
      ],
      warnings: [],
    };
  }
  const warnings: string[] = [];
  const perSecond = (handlers.count * 1000) / handlers.delayMs;
  const asked = (clients * 1000) / plan.pollIntervalMs;
  const polls = plan.scenarios.some((id) => scenarioOf(plan, id)?.waitsForInterval);
  if (polls && asked > perSecond) {
    warnings.push(
      `${who} poll ${readable(asked)} times a second and ${many} of ${handlers.delayMs} ms serve ` +
        `${readable(perSecond)}: the queue will grow to a request of every client.`,
    );
  }
  if (queueMs >= 1000) {
    warnings.push(
      `${who} take about ${readable(Math.round(queueMs / 1000))} s to connect: each first needs ${handlers.count === 1 ? 'the' : 'one of'} ` +
        `${handlers.count} handlers for ${handlers.delayMs} ms.`,
    );
  }
  return { mistakes: [], warnings };
}
