import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Result } from './result.js';
import {
  readResult,
  serialiseResult,
  UnreadableResultError,
  UnwritableError,
  writeResult,
} from './result-file.js';
import { sampleResult } from './testing/sample-result.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-result-file-'));
  path = join(folder, 'results.json');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const small = (): Result => sampleResult({ scenarios: ['sse'], trials: 1, durationSeconds: 1 });

async function refusal(text?: string | Buffer): Promise<string> {
  if (text !== undefined) await writeFile(path, text);
  const error = await readResult(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnreadableResultError);
  const { message } = error as Error;
  expect(message).toContain(path);
  expect(message).toMatch(/^[^\n]+\.$/u);
  return message.replace(`${path} cannot be read as a result: `, '');
}

describe('a result that was written', () => {
  test.each([
    ['an ordinary one', {}],
    ['one with hostile strings', { hostile: true }],
    ['one without trials', { trials: 0 }],
    ['a sweep with failures', { clients: [5, 10], failed: ['sse/1'], void: ['polling/2'] }],
  ])('reads as it was: %s', async (_name, options) => {
    const result = sampleResult({ ...options, durationSeconds: 1 });
    await writeResult(path, result);
    expect(await readResult(path)).toEqual(result);
    expect(await readFile(path, 'utf8')).toBe(serialiseResult(result));
  });

  test('keeps fields that this version does not know', async () => {
    await writeResult(path, { ...small(), later: { field: [1, 2] } });
    expect(await readResult(path)).toMatchObject({ later: { field: [1, 2] } });
  });

  test('has one line a trial', async () => {
    const lines = serialiseResult(sampleResult({ durationSeconds: 1 })).split('\n');
    expect(lines.filter((line) => line.startsWith('    {"scenario":"sse"'))).toHaveLength(3 + 1);
  });

  test('may begin with a byte order mark', async () => {
    await writeFile(path, `\ufeff${serialiseResult(small())}`);
    expect(await readResult(path)).toEqual(small());
  });

  test('larger than one piece is written whole', async () => {
    const result = { ...small(), later: 'é'.repeat(3 << 20) };
    await writeResult(path, result);
    expect(await readResult(path)).toEqual(result);
  });
});

describe('a file is refused by name', () => {
  test('when it is missing', async () => {
    expect(await refusal()).toBe('there is no such file or folder.');
  });

  test('when it is a folder', async () => {
    await mkdir(path);
    expect(await refusal()).toBe('it is a folder.');
  });

  test('when its links lead in a circle', async () => {
    await symlink(path, path);
    expect(await refusal()).toBe('its links lead in a circle.');
  });

  test('when it is empty', async () => {
    expect(await refusal(' \n')).toBe('it is empty.');
  });

  test('when it is truncated, wherever that is', async () => {
    const text = serialiseResult(small()).trimEnd();
    for (const part of [0.001, 0.1, 0.33, 0.5, 0.77, 0.999]) {
      expect(await refusal(text.slice(0, Math.max(2, Math.floor(text.length * part))))).toBe(
        'it is truncated.',
      );
    }
    expect(await refusal(text.slice(0, -1))).toBe('it is truncated.');
  });

  test.each(['hello', 'a,b\n1,2', '{"a":1} trailing }', Buffer.from([0xff, 0xfe, 0, 1])])(
    'when it is not JSON: %j',
    async (text) => {
      expect(await refusal(text)).toBe('it is not JSON.');
    },
  );

  test.each(['null', '[]', '7', '"text"', '{}', '{"schema":1}', '[{"schema":"pushbench/result@1"}]'])(
    'when it is other JSON: %s',
    async (text) => {
      expect(await refusal(text)).toBe("it is JSON, but has no schema 'pushbench/result@1'.");
    },
  );

  test('when it is of another schema', async () => {
    expect(await refusal('{"schema":"pushbench/result@2\\u001b[31m"}')).toBe(
      "its schema is 'pushbench/result@2' instead of 'pushbench/result@1'.",
    );
  });

  test('when a field is wrong or missing, with the path of the field', async () => {
    const { plan: _plan, ...rest } = small();
    expect(await refusal(JSON.stringify(rest))).toBe('plan is missing.');
    const result = small() as unknown as { trials: { measurements: { latencyUs: { p50: unknown } } }[] };
    result.trials[0]!.measurements.latencyUs.p50 = 'fast';
    expect(await refusal(JSON.stringify(result))).toBe(
      'trials[0].measurements.latencyUs.p50 should be number, not string.',
    );
    expect(await refusal('{"schema":"pushbench/result@1"}')).toMatch(
      /^tool is missing, and \d+ more fields are wrong\.$/u,
    );
  });

  test('when a trial has a status that does not exist', async () => {
    expect(
      await refusal(serialiseResult(small()).replace('"status":"completed"', '"status":"fine"')),
    ).toMatch(/^trials\[0\]\.status is wrong/u);
  });

  test('when it is nested deeper than any result', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await refusal(`{"schema":"pushbench/result@1","x":${deep}}`)).toMatch(/is missing/u);
  });

  test('when it is larger than is read', async () => {
    await writeResult(path, small());
    await expect(readResult(path, 100)).rejects.toThrow(/it has \d+ bytes, and at most 100 are read\.$/u);
  });
});

test('no field of a file can set a prototype', async () => {
  const text = serialiseResult(small())
    .replace('{\n', '{"__proto__":{"polluted":1},"later":{"deep":[{"__proto__":{"polluted":3}}]},')
    .replace('"plan": {', '"plan": {"__proto__":{"polluted":2},')
    .replace('"failures":{', '"failures":{"__proto__":7,"constructor":3')
    .replace('"limits":{', '"limits":{"__proto__":5,');
  await writeFile(path, text);
  const result = await readResult(path);
  // Not known to the schema, so it is handed on as it was read.
  const { later } = result as Result & { later: { deep: object[] } };
  const copies = [
    Object.assign({}, later.deep[0]),
    result,
    result.plan,
    result.plan.limits,
    Object.assign({}, result.plan),
    { ...result },
  ];
  for (const copy of [{}, ...copies]) {
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect((copy as Record<string, unknown>).polluted).toBeUndefined();
  }
  const [trial] = result.trials;
  expect(trial?.status === 'completed' && Object.entries(trial.measurements.failures)).toEqual([
    ['constructor', 3],
  ]);
});

describe('a file that cannot be written', () => {
  const former = 'the former content';

  async function refusedWrite(result: Result): Promise<string> {
    await writeFile(path, former);
    const error = await writeResult(path, result).catch((reason: unknown) => reason);
    expect(await readFile(path, 'utf8')).toBe(former);
    expect(await readdir(folder)).toEqual(['results.json']);
    expect(error).toBeInstanceOf(UnwritableError);
    return (error as Error).message;
  }

  /** The system's answers that a test cannot provoke as root, at the place where Node passes them on. */
  async function answerWith(method: 'writeFile' | 'sync', code: string): Promise<void> {
    const file = await open(join(folder, 'results.json'), 'w');
    const prototype = Object.getPrototypeOf(file) as Record<'writeFile' | 'sync', () => Promise<void>>;
    await file.close();
    vi.spyOn(prototype, method).mockRejectedValue(Object.assign(new Error(`${code}: refused`), { code }));
  }

  test('because the disk is full leaves the former file and nothing else', async () => {
    await writeFile(path, former);
    await answerWith('sync', 'ENOSPC');
    expect(await refusedWrite(small())).toBe(`${path} cannot be written: the disk is full.`);
  });

  test('because its folder is missing or is a file says so', async () => {
    await writeFile(path, former);
    await expect(writeResult(join(folder, 'none', 'results.json'), small())).rejects.toThrow(
      /cannot be written: there is no such file or folder\.$/u,
    );
    await expect(writeResult(join(path, 'results.json'), small())).rejects.toThrow(/is not a folder\.$/u);
    expect(await readdir(folder)).toEqual(['results.json']);
  });

  test('because a folder has its name leaves that folder', async () => {
    await mkdir(path);
    await expect(writeResult(path, small())).rejects.toBeInstanceOf(UnwritableError);
    expect(await readdir(folder)).toEqual(['results.json']);
  });

  test('because its folder is read-only says so', async () => {
    // Root may write anywhere, so for root the system's answer is put in place.
    await chmod(folder, 0o500);
    if (process.getuid?.() !== 0) {
      await expect(writeResult(path, small())).rejects.toThrow(/permission is denied\.$/u);
    }
    await chmod(folder, 0o700);
    await answerWith('sync', 'EROFS');
    expect(await refusedWrite(small())).toBe(`${path} cannot be written: the file system is read-only.`);
  });

  test('because the document itself fails leaves the former file and nothing else', async () => {
    await writeFile(path, former);
    const broken = {
      ...small(),
      later: {
        toJSON: () => {
          throw new TypeError('broken');
        },
      },
    };
    await expect(writeResult(path, broken)).rejects.toThrow('broken');
    expect(await readFile(path, 'utf8')).toBe(former);
    expect(await readdir(folder)).toEqual(['results.json']);
  });
});
