import type { z } from 'zod';
import { targetsSchema } from '../target/target-schema.js';

/**
 * Keys of a configuration file that are no options: each has a schema of its own, which the published JSON schema and the
 * check of a file follow from.
 */
export const configSections = {
  targets: targetsSchema,
} as const satisfies Record<string, z.ZodType>;

/** What a file says under these keys; a key that it does not have is left out. */
export type ConfigSections = {
  readonly [Name in keyof typeof configSections]?: z.infer<(typeof configSections)[Name]>;
};
