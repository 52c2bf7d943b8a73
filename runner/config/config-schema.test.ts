import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configJsonSchema } from './config-schema.js';

const published = new URL('../../docs/config.schema.json', import.meta.url);

test('the published schema of configuration files is the one the code checks with (UPDATE=1 writes it anew)', async () => {
  const generated = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE === '1') await writeFile(published, generated);
  expect(await readFile(published, 'utf8')).toBe(generated);
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
