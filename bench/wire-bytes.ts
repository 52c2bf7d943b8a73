import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { killChildren } from '../runner/child.js';
import { Interrupt } from '../runner/interrupt.js';
import { DEFAULT_LIMITS, type Plan } from '../runner/plan.js';
import { captureMistake, wireMistakes } from '../runner/verify/wire-preconditions.js';
import type { HeaderStyle, Scenario } from '../scenarios/contract.js';
import { scenarios } from '../scenarios/registry.js';
import { measureTransport, type WireTransport } from './wire-bytes/measure.js';
import { wireBytesPage, withoutSegments } from './wire-bytes/page.js';

// Writes docs/wire-bytes.md from a run under a packet capture. With --check it compares instead, in a shorter run, and
// ends with exit code 1 where the file is no longer true; the table of segments, which timing may change, is left out.

const PAGE = new URL('../../docs/wire-bytes.md', import.meta.url);
const STYLES: readonly HeaderStyle[] = ['minimal', 'browser'];

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

// Far apart, so that no acknowledgement rides on the next message: the kernel delays them by 40 ms.
const plan: Plan = {
  scenarios: Object.keys(scenarios),
  workload: 'broadcast',
  clients: [1],
  ratePerSecond: 4,
  arrivals: 'constant',
  payloadBytes: 10,
  durationSeconds: values.check ? 1 : 4,
  warmupSeconds: 0,
  trials: 1,
  pollIntervalMs: 100,
  headers: 'minimal',
  rttMs: 0,
  bandwidthBitsPerSecond: null,
  seed: 1,
  pin: false,
  limits: DEFAULT_LIMITS,
  overridden: [],
  verifyWire: true,
};
/** Runs at once; one at a time where segments are counted. */
const AT_ONCE = values.check ? 4 : 1;

process.on('SIGINT', () => {
  killChildren();
  process.exit(130);
});

const searchPath = process.env.PATH ?? '';
const refused = wireMistakes(plan, searchPath)[0] ?? (await captureMistake(plan, searchPath));
if (refused !== null) {
  console.error(refused);
  process.exit(2);
}

const runs = (Object.values(scenarios) as Scenario[]).flatMap((scenario) =>
  STYLES.map((style) => ({ scenario, style })),
);
const found: WireTransport[] = [];
let next = 0;
async function work(): Promise<void> {
  for (let at = next++; at < runs.length; at = next++) {
    const { scenario, style } = runs[at]!;
    found[at] = await measureTransport(plan, scenario, style, new Interrupt());
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));

const page = wireBytesPage(found, plan.payloadBytes);
if (values.check) check(readFileSync(PAGE, 'utf8'));
else writeFileSync(PAGE, page);

function check(file: string): void {
  const [theirs, ours] = [file, page].map((text) => withoutSegments(text).split('\n')) as [
    string[],
    string[],
  ];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0 && ours.length === theirs.length) return;
  console.error(
    `docs/wire-bytes.md is no longer true; run "npm run wire-bytes". It has\n  ${theirs[at]}\nthe wire has\n  ${ours[at]}`,
  );
  process.exitCode = 1;
}
