import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfigFile } from './config-file.js';
import { fileOptions } from './options/file-table.js';

const folder = mkdtempSync(join(tmpdir(), 'pushbench-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** What is wrong with a module's default export. */
async function mistakesOf(text: string): Promise<readonly string[]> {
  // Modules are loaded once.
  const name = `f${++files}.mjs`;
  writeFileSync(join(folder, name), `export default ${text};`);
  const { mistakes } = await readConfigFile(join(folder, name), fileOptions);
  return mistakes.map((mistake) => mistake.replaceAll(name, 'f.mjs'));
}

describe('a module of options', () => {
  it.each([
    ['{ rate: 10n }', '10n'],
    ['{ rate: { toJSON() { throw new Error("x"); } } }', 'this value'],
    ['(() => { const rate = {}; rate.rate = rate; return { rate }; })()', 'this value'],
    ['{ rate: Object.assign(Object.create(null), { toJSON: () => undefined }) }', 'this value'],
    ['{ rate: Symbol("x") }', 'Symbol(x)'],
    ['{ rate: null }', 'null'],
  ])('is told that a value is none, whatever it is: %s', async (text, value) => {
    expect(await mistakesOf(text)).toEqual([
      `rate in f.mjs: ${value} is not a string, number, true, false or a list.`,
    ]);
  });

  it('may hold what only comparisons know, and what only runs do', async () => {
    expect(await mistakesOf("{ pairs: 5, noAa: true, base: 'sse', trials: 3, gate: {} }")).toEqual([]);
  });
});
