import { RUN_DIGITS } from '../../protocol/marker.js';
import type { ForeignSpec } from '../../scenarios/foreign/contract.js';
import type { TargetContender } from '../contender.js';

/** What a client of a target is given. @param trial its place in the order of the run, from 1; 0 outside any trial */
export function foreignSpec(contender: TargetContender, trial: number): ForeignSpec {
  const { target, run } = contender;
  const { publish } = target;
  return {
    ...target.subscribe,
    id: target.name,
    title: contender.title,
    run: runOfTrial(run, trial),
    self: publish.by === 'self' ? { time: publish.time } : null,
  };
}

/**
 * The markers of a trial: a server that runs on between two trials may still repeat what it heard in the first, which is
 * not the second's.
 */
export function runOfTrial(run: string, trial: number): string {
  return ((Number.parseInt(run, 16) + trial) >>> 0).toString(16).padStart(RUN_DIGITS, '0');
}
