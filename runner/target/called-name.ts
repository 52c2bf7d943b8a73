import type { TargetSpec } from './contract.js';

/** What sentences call a target: an arm of a comparison by the arm, for both may be of one target. */
export function calledName({ name, called }: Pick<TargetSpec, 'name' | 'called'>): string {
  return called ?? name;
}
