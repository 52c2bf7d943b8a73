import { z } from 'zod';
import { RESULT_SCHEMA, resultSchema } from './result.js';

/** The JSON Schema of the result document, as published in docs/result.schema.json. */
export function resultJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(resultSchema, { io: 'input' });
  return {
    $schema,
    title: RESULT_SCHEMA,
    description:
      'What a run of pushbench measured. Field names carry units; docs/metrics.md gives their sources.',
    ...schema,
  };
}
