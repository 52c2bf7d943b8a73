// Writes docs/result.schema.json from the schema in reports/result.ts; a test keeps the two equal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './fingerprint.mjs';

await ensureBuilt();
const { resultSchema } = await import(pathToFileURL(join(ROOT, 'dist/reports/result.js')).href);
const schema = z.toJSONSchema(resultSchema);
writeFileSync(join(ROOT, 'docs/result.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
