import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { resultJsonSchema } from './schema.js';

const published = new URL('../docs/result.schema.json', import.meta.url);

test('the published schema is the one the code checks with (UPDATE=1 writes it anew)', async () => {
  const generated = `${JSON.stringify(resultJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE === '1') await writeFile(published, generated);
  expect(await readFile(published, 'utf8')).toBe(generated);
});

test('the published schema lets unknown fields pass and names the version', () => {
  const schema = resultJsonSchema() as {
    additionalProperties?: unknown;
    properties: { schema: { const: string } };
    required: string[];
  };
  expect(schema.additionalProperties).not.toBe(false);
  expect(schema.properties.schema.const).toBe('pushbench/result@1');
  expect(schema.required).toContain('trials');
});
