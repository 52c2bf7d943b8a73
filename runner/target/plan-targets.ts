import { randomInt } from 'node:crypto';
import { FOREIGN_MARKER_BYTES, RUN_DIGITS } from '../../protocol/marker.js';
import type { Environment } from '../../reports/result.js';
import type { TargetContender } from '../contender.js';
import { contenderOf } from '../contenders.js';
import { readable } from '../options/readable.js';
import type { Plan } from '../plan.js';
import { clientPorts, clientsOfOneServer } from '../process-plan.js';
import { peopleAtOnce } from '../side-crowd/crowd-of.js';
import type { WorkloadId } from '../workloads/names.js';
import type { TargetSpec } from './contract.js';
import { isLoopback } from './loopback.js';

/** What a plan's names mean that are targets, each with markers that no other run has. */
export function targetContenders(targets: readonly TargetSpec[]): Readonly<Record<string, TargetContender>> {
  const run = randomInt(0, 2 ** 32)
    .toString(16)
    .padStart(RUN_DIGITS, '0');
  return Object.fromEntries(
    targets.map((target) => [target.name, { kind: 'target', title: target.title, target, run }]),
  );
}

/** Targets of a plan with the names that it has for them, in its order. */
export function namedTargetsOf(
  plan: Pick<Plan, 'scenarios' | 'contenders'>,
): readonly (readonly [id: string, contender: TargetContender])[] {
  return plan.scenarios.flatMap((id) => {
    const contender = contenderOf(plan, id);
    return contender?.kind === 'target' ? [[id, contender] as const] : [];
  });
}

/** Targets of a plan, in its order. */
export function targetsOf(plan: Pick<Plan, 'scenarios' | 'contenders'>): readonly TargetContender[] {
  return namedTargetsOf(plan).map(([, contender]) => contender);
}

/** Whether the server of a contestant is on another machine: of its connections only one end is on this one. */
export function isElsewhere(plan: Pick<Plan, 'scenarios' | 'contenders'>, scenario: string): boolean {
  const contender = contenderOf(plan, scenario);
  return contender?.kind === 'target' && !isLoopback(contender.target.origin.address);
}

/** Starting a target and asking it a dozen messages, seconds (measured on two cores). */
const CHECK_SECONDS = 3;

/** What the checks before the trials will take, seconds, about. */
export function checkSeconds(plan: Pick<Plan, 'scenarios' | 'contenders'>): number {
  return CHECK_SECONDS * targetsOf(plan).length;
}

/** Whether nothing of a plan follows its schedule. */
export function allPublishThemselves(plan: Pick<Plan, 'scenarios' | 'contenders'>): boolean {
  const targets = targetsOf(plan);
  return (
    targets.length > 0 &&
    targets.length === plan.scenarios.length &&
    targets.every(({ target }) => target.publish.by === 'self')
  );
}

/** Why a workload makes no sense with a server that is not ours. */
const REFUSED: Readonly<Partial<Record<WorkloadId, string>>> = {
  unicast: 'its messages belong to topics, which pushbench would have to be told of every subscription',
  echo: 'its clients speak in the words of the reference servers',
  restart:
    'it kills the server and hands its log to the next one, which only reference servers know how to take',
  overload: 'it needs a server that admits a set number of connections',
};
/** With a server that publishes by itself there is no schedule to shape, and nobody knows what people beside the clients missed. */
const SELF_ONLY: readonly WorkloadId[] = ['broadcast'];

/** What a plan cannot do with its targets, a sentence each. */
export function targetMistakes(plan: Plan, machine: Pick<Environment, 'ephemeralPorts'>): readonly string[] {
  const targets = targetsOf(plan);
  if (targets.length === 0) return [];
  const mistakes: string[] = [];
  const names = targets.map(({ target }) => target.name);
  const who = names.join(', ');
  const why = REFUSED[plan.workload];
  if (why !== undefined)
    mistakes.push(`--workload ${plan.workload} makes no sense with the target ${who}: ${why}.`);
  const byItself = targets.filter(({ target }) => target.publish.by === 'self');
  if (why === undefined && byItself.length > 0 && !SELF_ONLY.includes(plan.workload)) {
    mistakes.push(
      `--workload ${plan.workload} makes no sense with ${byItself.map(({ target }) => target.name).join(', ')}, ` +
        `which publishes by itself. Use ${SELF_ONLY.join(' or ')}.`,
    );
  }
  if (plan.payloadBytes < FOREIGN_MARKER_BYTES) {
    mistakes.push(
      `--payload ${plan.payloadBytes} has no room for the marker that finds messages again in what ${who} makes of them: ` +
        `use ${FOREIGN_MARKER_BYTES} or more.`,
    );
  }
  if (plan.content !== undefined && plan.content !== 'text')
    mistakes.push(`--content ${plan.content} does not go with targets, which are sent text. Leave it out.`);
  if (plan.verifyWire)
    mistakes.push(
      '--verify-wire compares with the counters of a reference server, and does not go with targets.',
    );
  if (plan.proxy !== undefined)
    mistakes.push(
      '--proxy stands in front of reference servers: put your own in front of a target, and aim at it.',
    );
  if (plan.handlers !== undefined)
    mistakes.push('--handler-delay is for reference servers: a target has handlers of its own.');
  const ports = clientPorts(machine.ephemeralPorts);
  const most = clientsOfOneServer(ports);
  const clients = Math.max(...plan.clients.map((count) => peopleAtOnce(plan, count)));
  if (clients > most) {
    mistakes.push(
      `--clients ${clients}: from this machine one server takes ${readable(most)} connections at most, for it is reached ` +
        `on one address and port. Ask for fewer clients.`,
    );
  }
  return mistakes;
}
