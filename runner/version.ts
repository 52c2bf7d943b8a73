import { readFileSync } from 'node:fs';

/** The package's own version; package.json lies beside the sources and above the build. */
export function packageVersion(): string {
  for (const folder of ['..', '../..']) {
    try {
      const content = JSON.parse(
        readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8'),
      ) as {
        name?: unknown;
        version?: unknown;
      };
      if (content.name === 'pushbench' && typeof content.version === 'string') return content.version;
    } catch {
      // Not there: the other place has it.
    }
  }
  return '0.0.0';
}
