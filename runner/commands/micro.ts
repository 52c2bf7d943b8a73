import { join, resolve } from 'node:path';
import { writeFileAtomically } from '../../reports/result-file.js';
import { EXIT } from '../exit-code.js';
import { resolveOptions } from '../options/resolve.js';
import { microOptions } from '../options/tables.js';
import { openOutFolder } from '../out-folder.js';
import { defaultOut } from '../resolve-plan.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** `pushbench micro`: the small pieces alone, so that a slower one is seen before it hides in a trial. */
export const microCommand: Command = {
  summary: 'measure the small pieces: codec, frames, parsers, histogram',
  options: microOptions,
  word: null,
  async run(call: Call): Promise<number> {
    const { values, mistakes } = resolveOptions(microOptions, call.sources);
    const out = values.out ?? defaultOut(new Date());
    const folder = openOutFolder(out);
    const all = [...call.mistakes, ...mistakes];
    if (folder.mistake !== null) all.push(folder.mistake);
    if (all.length > 0) {
      folder.undo();
      throw new UsageError(all);
    }
    const { measurePieces, microTable } = await import('../micro/measure-pieces.js');
    const result = await measurePieces(call.version);
    const file = join(resolve(out), 'micro.json');
    const document = `${JSON.stringify(result, null, 2)}\n`;
    await writeFileAtomically(file, [document]);
    call.terminal.stdout.write(values.json === true ? document : `${microTable(result)}\nResult: ${file}\n`);
    return EXIT.done;
  },
};
