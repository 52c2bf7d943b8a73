import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClaimRecord, PAPER_SCHEMA, type PaperDocument } from './contract.js';
import { paperPage } from './page.js';

const JSON_NAME = 'paper-vs-ours.json';
const PAGE_NAME = 'paper-vs-ours.md';

/** A document that cannot be read, in a sentence for people. */
export class PaperFileError extends Error {}

/**
 * The document in a folder; an empty one where there is none.
 * @throws PaperFileError when the file is something else
 */
export function readPaper(folder: string): PaperDocument {
  const path = join(folder, JSON_NAME);
  if (!existsSync(path)) return { schema: PAPER_SCHEMA, claims: [] };
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as Partial<PaperDocument>;
    if (document.schema === PAPER_SCHEMA && Array.isArray(document.claims)) return document as PaperDocument;
  } catch {
    // Said below.
  }
  throw new PaperFileError(
    `${path} is no document of the schema "${PAPER_SCHEMA}". Remove it to begin anew.`,
  );
}

/** A document with a claim's record in the place of its earlier one. @param order of the ids on the page */
export function withClaim(
  document: PaperDocument,
  record: ClaimRecord,
  order: readonly string[],
): PaperDocument {
  const claims = [...document.claims.filter(({ id }) => id !== record.id), record];
  return { ...document, claims: claims.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id)) };
}

/** Writes the document and its page into a folder, which is made when it is missing. */
export function writePaper(folder: string, document: PaperDocument): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  write(JSON_NAME, `${JSON.stringify(document, null, 2)}\n`);
  write(PAGE_NAME, paperPage(document));
}
