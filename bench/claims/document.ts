import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CLAIMS_SCHEMA, type ClaimsDocument } from './contract.js';
import { CHARTS_FOLDER, claimsFiles } from './page.js';

const JSON_NAME = 'claims.json';

/** A document that cannot be read, in a sentence for people. */
export class ClaimsFileError extends Error {}

const trial = z.object({
  options: z.string(),
  server: z.string().optional(),
  rules: z.enum(['in force', 'off']),
  status: z.enum(['completed', 'void', 'failed']),
  reasons: z.array(z.string()),
});

const shape = z.object({
  schema: z.literal(CLAIMS_SCHEMA),
  tool: z.object({ name: z.string(), version: z.string() }),
  mode: z.enum(['full', 'quick']),
  seed: z.number().int().nonnegative(),
  measuredAt: z.string(),
  seconds: z.number(),
  environment: z.object({
    node: z.string(),
    os: z.string(),
    kernel: z.string(),
    cpuModel: z.string(),
    cores: z.number(),
    allowedCores: z.number().nullable(),
    memoryBytes: z.number(),
    pinned: z.boolean(),
  }),
  claims: z.array(z.object({ id: z.string(), data: z.unknown(), trials: z.array(z.number()) })),
  trials: z.array(trial),
});

/** The document in a file. @throws ClaimsFileError when it is missing or something else */
export function readClaims(path: string): ClaimsDocument {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new ClaimsFileError(`--from ${path}: the file ${why}.`);
  }
  const checked = shape.safeParse(content);
  // The file's own fields may be left out, never null: what the shape passes is a document.
  if (checked.success) return checked.data as ClaimsDocument;
  const [issue] = checked.error.issues;
  throw new ClaimsFileError(
    `--from ${path}: the file is no document of the schema "${CLAIMS_SCHEMA}" (${issue?.path.join('.')}: ${issue?.message}).`,
  );
}

/**
 * Writes the document, its pages and its charts into a folder, which is made when it is missing; charts of before go.
 * @throws ClaimDataError when the data of a claim are something else; nothing is written then
 */
export function writeClaims(folder: string, document: ClaimsDocument): void {
  const files = new Map(claimsFiles(document)).set(JSON_NAME, `${JSON.stringify(document, null, 2)}\n`);
  const charts = join(folder, CHARTS_FOLDER);
  mkdirSync(charts, { recursive: true });
  for (const name of readdirSync(charts)) {
    if (name.endsWith('.svg') && !files.has(`${CHARTS_FOLDER}/${name}`)) rmSync(join(charts, name));
  }
  for (const [name, content] of files) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  }
}
