import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from './config-schema.js';
import { typesOf } from './config-types.js';

/** Files that are made from the schema. */
const PUBLISHED = {
  'config.schema.json': () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'config.d.ts': () => typesOf('Config', configJsonSchema()),
};

test('the published schema of configuration files and its types are what the code checks with (UPDATE=1 writes it anew)', async () => {
  for (const [name, make] of Object.entries(PUBLISHED)) {
    const file = new URL(`../../docs/${name}`, import.meta.url);
    if (process.env.UPDATE === '1') await writeFile(file, make());
    expect(await readFile(file, 'utf8'), name).toBe(make());
  }
});

test('the schema refuses keys that nobody knows, and describes every one that it has', () => {
  const schema = configJsonSchema() as {
    additionalProperties: unknown;
    properties: Record<
      string,
      { description?: string; additionalProperties?: { additionalProperties: unknown } }
    >;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.targets!.additionalProperties!.additionalProperties).toBe(false);
  expect(schema.properties.pollInterval).toEqual(schema.properties['poll-interval']);
  expect(schema.properties.config).toBeUndefined();
  const silent = Object.entries(schema.properties).filter(([, { description = '' }]) => description === '');
  expect(silent.map(([name]) => name)).toEqual(['$schema']);
});

test('the schema has what comparisons and gates read, as the documents show it', async () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { properties?: object }> };
  const shown = await readFile(new URL('../../docs/gate.md', import.meta.url), 'utf8');
  const example = JSON.parse(/```json\n(\{\s+"gate"[\s\S]+?)```/.exec(shown)![1]!) as object;
  for (const key of [...Object.keys(example), 'base', 'head', 'pairs', 'no-aa', 'noAa'])
    expect(Object.keys(properties)).toContain(key);
  const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  expect(schema.safeParse({ ...example, pairs: 5 }).error).toBeUndefined();
  expect(schema.safeParse({ gate: { rulez: [] } }).success).toBe(false);
});

test('a schema is a type for files in which editors read no schema', () => {
  const schema = z.toJSONSchema(
    z.strictObject({
      way: z.union([z.literal('self'), z.strictObject({ 'a-b': z.int().describe('How many.') })]),
      names: z.array(z.union([z.string(), z.number()])).optional(),
      each: z.record(z.string(), z.boolean()),
      kind: z.enum(['s', 'ms']),
    }),
  );
  expect(typesOf('Sample', schema)).toBe(`/** Generated from config.schema.json. */
export type Sample = {
  readonly way: "self" | {
    /** How many. */
    readonly "a-b": number;
  };
  readonly names?: readonly (string | number)[];
  readonly each: Readonly<Record<string, boolean>>;
  readonly kind: "s" | "ms";
};
`);
});
