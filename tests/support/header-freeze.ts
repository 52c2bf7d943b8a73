export type HeaderField = readonly [name: string, value: string];

/** How a browser's headers stand to the frozen ones. */
export interface FreezeVerdict {
  readonly same: boolean;
  /** Whether the difference is a fault: not where another major version of the browser sends something else. */
  readonly fails: boolean;
  /** What differs and what to do; empty when nothing does. */
  readonly message: string;
}

/**
 * Compares the fields that a browser sends with the frozen ones: names, their order and values. Version numbers and the
 * made-up brand that Chromium changes with each version are left out, and so is what headless mode adds.
 */
export function compareWithFrozen(
  request: string,
  frozen: readonly HeaderField[],
  frozenVersion: string,
  live: readonly HeaderField[],
  liveVersion: string,
): FreezeVerdict {
  const theirs = live.map(line);
  const ours = frozen.map(line);
  const gone = ours.filter((each) => !theirs.includes(each));
  const added = theirs.filter((each) => !ours.includes(each));
  const same = theirs.join('\n') === ours.join('\n');
  if (same) return { same, fails: false, message: '' };
  const moved = gone.length + added.length === 0 ? ['the order: ', theirs.join('; ')] : [];
  const message =
    `Chromium ${liveVersion} sends other fields with its ${request} request than Chromium ${frozenVersion}, whose fields ` +
    `are frozen in scenarios/browser-headers.ts: capture them again and refreeze, then run "npm run wire-bytes". ` +
    `${[...gone.map((each) => `- ${each}`), ...added.map((each) => `+ ${each}`), moved.join('')].filter(Boolean).join(' | ')}`;
  return { same, fails: majorOf(liveVersion) === majorOf(frozenVersion), message };
}

function majorOf(version: string): string {
  return version.split('.')[0]!;
}

function line([name, value]: HeaderField): string {
  return `${name}: ${name.toLowerCase() === 'sec-ch-ua' ? brands(value) : plain(value)}`;
}

function plain(value: string): string {
  return value.replace('HeadlessChrome', 'Chrome').replace(/Chrome\/[\d.]+/, 'Chrome/#');
}

/** The brand that is really one; made-up ones ("Not:A-Brand") change name and place with each version. */
function brands(value: string): string {
  const named = [...value.matchAll(/"([^"]+)";v="\d+"/g)].map((match) => match[1]!);
  return named.filter((name) => !/Not|Brand|Headless|Google/.test(name)).join(', ');
}
