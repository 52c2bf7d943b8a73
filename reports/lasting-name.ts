import type { Result } from './result.js';

/** A contestant by a name that other runs have, too. Not yet printable. */
export interface LastingName {
  readonly name: string;
  readonly title: string;
}

function textAt(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
  const part = (value as Record<string, unknown>)[name];
  return typeof part === 'string' && part !== '' ? part : null;
}

/**
 * What a name of the plan stands for. The arms of a comparison are called `base` and `head` whatever they are, so that the
 * head of one may be another server than that of the next: here it is the transport or the target behind them.
 */
export function lastingName(result: Result, scenario: string): LastingName {
  const title = result.scenarioInfo.find(({ id }) => id === scenario)?.title ?? scenario;
  const { contenders = {} } = result.plan;
  const contender = Object.hasOwn(contenders, scenario) ? contenders[scenario] : undefined;
  if (contender === undefined) return { name: scenario, title };
  const target = contender.target;
  const name = contender.kind === 'target' ? textAt(target, 'name') : textAt(contender, 'scenario');
  if (name === null) return { name: scenario, title };
  if (contender.kind === 'target') return { name, title: textAt(target, 'title') ?? name };
  return { name, title: title.replace(/^(?:base|head): /u, '') };
}
