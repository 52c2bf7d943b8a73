import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { plainText } from './plain-text.js';
import { RESULT_SCHEMA, type Result, resultSchema } from './result.js';
import { removePrototypeKeys, schemaOf, wrongFields } from './result-text.js';

/** A result file that cannot be used. The message is one sentence that names the file and the cause. */
export class UnreadableResultError extends Error {
  override readonly name = 'UnreadableResultError';
}

/** A file that cannot be written. The message is one sentence that names the file and the cause. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
}

/** Largest file that is read, bytes: below the longest string that V8 holds (2^29 - 24). */
export const LARGEST_RESULT_BYTES = 500 * 1024 * 1024;

/** What went wrong with a file, by the system's code. */
const CAUSES: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'it would be larger than is allowed'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ELOOP', 'its links lead in a circle'],
  ['EIO', 'the disk reported an error'],
]);

function causeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null) return null;
  return CAUSES.get(code) ?? `the system answered ${code}`;
}

async function readText(path: string, limitBytes: number): Promise<string> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw new UnreadableResultError('it is a folder');
    if (!status.isFile()) throw new UnreadableResultError('it is not a regular file');
    if (status.size > limitBytes) {
      throw new UnreadableResultError(`it has ${status.size} bytes, and at most ${limitBytes} are read`);
    }
    // Some editors put a byte order mark before the text; JSON does not know it.
    return (await file.readFile('utf8')).replace(/^\ufeff/u, '');
  } finally {
    await file.close();
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new UnreadableResultError('it is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = /at position (\d+)/u.exec(message);
    const isCut =
      /unexpected end/iu.test(message) ||
      Number(at?.[1]) >= text.trimEnd().length ||
      !/[}\]]\s*$/u.test(text);
    const isObject = text.trimStart().startsWith('{');
    throw new UnreadableResultError(isCut && isObject ? 'it is truncated' : 'it is not JSON');
  }
}

function validate(document: unknown): Result {
  const schema = schemaOf(document);
  if (schema === null) throw new UnreadableResultError(`it is JSON, but has no schema '${RESULT_SCHEMA}'`);
  if (schema !== RESULT_SCHEMA) {
    throw new UnreadableResultError(`its schema is '${plainText(schema, 60)}' instead of '${RESULT_SCHEMA}'`);
  }
  removePrototypeKeys(document);
  const checked = resultSchema.safeParse(document);
  if (!checked.success) throw new UnreadableResultError(wrongFields(checked.error));
  return checked.data;
}

/**
 * Reads and checks a result document. Fields it does not know are kept; keys named `__proto__` are dropped.
 * @param path of a results.json
 * @param limitBytes a larger file is refused before it is read
 * @throws UnreadableResultError for a file that is missing, truncated, not JSON, of another schema, or wrong in a field
 */
export async function readResult(path: string, limitBytes = LARGEST_RESULT_BYTES): Promise<Result> {
  try {
    return validate(parse(await readText(path, limitBytes)));
  } catch (error) {
    const cause = error instanceof UnreadableResultError ? error.message : causeOf(error);
    if (cause === null) throw error;
    throw new UnreadableResultError(`${plainText(path)} cannot be read as a result: ${cause}.`, {
      cause: error,
    });
  }
}

/** Results this large are written in pieces, so that no string outgrows what V8 holds. */
const PIECE_CHARACTERS = 1 << 20;

/** The document in pieces: a line for each field, trial and summary, so that it can be read and compared by line. */
function* linesOf(result: Result): Generator<string> {
  let before = '{\n';
  for (const [name, value] of Object.entries(result)) {
    if (value === undefined) continue;
    yield `${before}  ${JSON.stringify(name)}: `;
    before = ',\n';
    if ((name === 'trials' || name === 'summary') && Array.isArray(value) && value.length > 0) {
      for (const [at, entry] of value.entries())
        yield `${at === 0 ? '[' : ','}\n    ${JSON.stringify(entry)}`;
      yield '\n  ]';
    } else {
      yield JSON.stringify(value);
    }
  }
  yield '\n}\n';
}

/** The result document as text, as it stands in results.json. */
export function serialiseResult(result: Result): string {
  return [...linesOf(result)].join('');
}

async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  let piece = '';
  for (const line of pieces) {
    piece += line;
    if (piece.length >= PIECE_CHARACTERS) {
      await file.writeFile(piece);
      piece = '';
    }
  }
  await file.writeFile(piece);
  // Without it, a crash of the machine after the rename can leave an empty file under the final name.
  await file.sync();
}

/**
 * Writes a file in one step: whoever reads it sees the former content or the new one, whole. A file that stood there is
 * replaced; when anything fails it is left as it was, and nothing else is left behind.
 * @throws UnwritableError where the system refuses
 */
export async function writeFileAtomically(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  let isMade = false;
  try {
    const file = await open(temporary, 'wx');
    isMade = true;
    try {
      await writePieces(file, pieces);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    if (isMade) await rm(temporary, { force: true });
    const cause = causeOf(error);
    if (cause === null) throw error;
    throw new UnwritableError(`${plainText(path)} cannot be written: ${cause}.`, { cause: error });
  }
}

/**
 * Writes results.json in one step (see `writeFileAtomically`).
 * @throws UnwritableError where the system refuses: a missing or read-only folder, a full disk
 */
export async function writeResult(path: string, result: Result): Promise<void> {
  await writeFileAtomically(path, linesOf(result));
}
