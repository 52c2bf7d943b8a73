import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../runner/environment.js';
import { claims } from './paper/claims.js';
import type { Claim, ClaimRecord } from './paper/contract.js';
import { PaperFileError, readPaper, withClaim, writePaper } from './paper/document.js';
import { benchEnvironment } from './trials/bench-environment.js';
import { RecordingLab } from './trials/recording-lab.js';

// Measures what published figures say and writes docs/paper-vs-ours.md and .json: about ten minutes on two quiet cores.
// The files are written after each claim. Exit code 2 for wrong usage, 3 when a claim is left without its headline.

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const IDS = claims.map(({ id }) => id);

function usage(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        render: { type: 'boolean', default: false },
        out: { type: 'string', default: DOCS },
      },
    }).values;
  } catch (error) {
    usage(
      `${error instanceof Error ? error.message : error} There are --only <id>, --quick, --render, --out <dir>.`,
    );
  }
}

const { only, quick, render, out } = options();
const asked = only.flatMap((list) => list.split(','));
const unknown = asked.filter((id) => !IDS.includes(id));
if (unknown.length > 0)
  usage(`--only ${unknown.join(', ')}: there is no such claim; there are ${IDS.join(', ')}.`);

const started = performance.now();
const elapsed = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;

async function measured({ id, title, measure }: Claim): Promise<ClaimRecord> {
  console.error(`${id}: ${title} (${elapsed()})`);
  const claimStarted = performance.now();
  const lab = new RecordingLab(quick, (line) => console.error(line));
  const findings = await measure(lab);
  return {
    id,
    title,
    mode: quick ? 'quick' : 'full',
    measuredAt: new Date().toISOString(),
    seconds: (performance.now() - claimStarted) / 1000,
    environment: benchEnvironment(readEnvironment(true)),
    ...findings,
    trials: lab.records,
  };
}

try {
  let document = readPaper(out);
  if (render) {
    if (document.claims.length === 0) usage(`There is nothing to draw in ${out}: run "npm run paper" first.`);
    writePaper(out, document);
  } else {
    for (const claim of claims) {
      if (asked.length > 0 && !asked.includes(claim.id)) continue;
      const record = await measured(claim);
      document = withClaim(document, record, IDS);
      writePaper(out, document);
      const missing = record.comparisons.filter(({ ours }) => ours === null);
      if (missing.length > 0)
        console.error(`${claim.id}: no figure for ${missing.map(({ what }) => what).join('; ')}`);
      if (record.comparisons[0]?.ours === null) process.exitCode = 3;
    }
  }
  console.log(`paper-vs-ours.md and paper-vs-ours.json in ${out}, after ${elapsed()}`);
} catch (error) {
  if (!(error instanceof PaperFileError)) throw error;
  usage(error.message);
}
