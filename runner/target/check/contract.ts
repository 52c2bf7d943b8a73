import type { Result } from '../../../reports/result.js';

/** What was seen of a target before its trials. */
export type TargetChecks = NonNullable<Result['targets']>[number];
export type Check = TargetChecks['checks'][number];

/** Every check in its order, with what is said when all is well. */
export const CHECKS = {
  ready: 'It became ready.',
  subscribes: 'Clients can subscribe.',
  'holds-polls': 'A poll without news is held until there is some.',
  'takes-messages': 'It takes what is published.',
  'publishes-by-itself': 'It publishes by itself.',
  'carries-time': 'Every message carries a time.',
  'delivers-to-all': 'Every message reaches every client.',
  once: 'No message comes twice.',
  'in-order': 'Messages come in the order in which they were published.',
  intact: 'Messages arrive as they were published.',
  'late-comers': 'Who comes later hears what is published from then on.',
  'comes-back': 'A client whose connection was cut can come back.',
  resumes: 'A client that was away gets what it missed.',
  'own-messages-only': 'Nothing arrives but what is published.',
} as const satisfies Record<string, string>;

export type CheckId = keyof typeof CHECKS;
