import { z } from 'zod';
import { gateConfigSchema } from '../../reports/gate/gate-config.js';
import { fileOptions } from '../options/file-table.js';
import type { Option } from '../options/option.js';
import { COMMAND_LINE_ONLY } from './command-line-only.js';
import { configSections } from './sections.js';

const scalar = z.union([z.string(), z.number()]);

/** What a configuration file may hold, as a JSON schema for editors: options by name, in both spellings, and the sections. */
export function configJsonSchema(): object {
  const sectionsOf = { ...configSections, gate: gateConfigSchema };
  const options = Object.entries(fileOptions).filter(
    ([name]) => !Object.hasOwn(COMMAND_LINE_ONLY, name) && !Object.hasOwn(sectionsOf, name),
  );
  const shape = Object.fromEntries(
    options.flatMap(([name, option]) => {
      const schema = schemaOf(name, option).describe(described(option)).optional();
      return [...new Set([name, camel(name)])].map((key) => [key, schema] as const);
    }),
  );
  const sections = Object.fromEntries(
    Object.entries(sectionsOf).map(([name, schema]) => [name, schema.optional()]),
  );
  const whole = z
    .strictObject({ $schema: z.string().optional(), ...shape, ...sections })
    .describe('Configuration of pushbench: options by name, servers of your own, and the rules of a gate.');
  return z.toJSONSchema(whole, { io: 'input', target: 'draft-7' });
}

function schemaOf(name: string, option: Option): z.ZodType {
  if (option.kind === 'flag') return z.boolean();
  if (option.kind === 'scalar') return scalar;
  const list = z.union([scalar, z.array(scalar)]);
  return name === 'limit' ? z.union([list, z.record(z.string(), z.number())]) : list;
}

function described(option: Option): string {
  const fallback = option.kind === 'flag' ? undefined : option.fallback;
  return `${option.describe}${fallback === undefined ? '' : ` (default: ${fallback})`}`;
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
