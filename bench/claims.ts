import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../runner/environment.js';
import { packageVersion } from '../runner/version.js';
import { claims } from './claims/claims.js';
import { CLAIMS_SCHEMA, type ClaimRecord, type ClaimsDocument } from './claims/contract.js';
import { ClaimDataError } from './claims/define-claim.js';
import { ClaimsFileError, readClaims, writeClaims } from './claims/document.js';
import { SharedLab } from './claims/shared-lab.js';
import { benchEnvironment } from './trials/bench-environment.js';

// Puts the article's claims to the test and writes docs/claims.md, docs/claims.zh.md, docs/claims.json and docs/claims/:
// about seven minutes on two quiet cores. Exit code 2 for wrong usage, 3 when a claim is left without a verdict.

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const IDS = claims.map(({ id }) => id);
const MAX_SEED = 2 ** 32 - 1;

function usage(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: '1' },
        from: { type: 'string' },
        out: { type: 'string' },
      },
    }).values;
  } catch (error) {
    usage(
      `${error instanceof Error ? error.message : error} There are --quick, --only <id>, --seed <n>, --from <claims.json>, --out <dir>.`,
    );
  }
}

const { quick, only, seed: seedText, from, out } = options();
const asked = only.flatMap((list) => list.split(','));
const unknown = asked.filter((id) => !IDS.includes(id));
if (unknown.length > 0)
  usage(`--only ${unknown.join(', ')}: there is no such claim; there are ${IDS.join(', ')}.`);
if (asked.length > 0 && out === undefined)
  usage('--only leaves claims out, which the page in docs/ must have: name another folder with --out.');
const seed = Number(seedText);
if (!/^\d+$/.test(seedText) || seed > MAX_SEED)
  usage(`--seed ${seedText}: a whole number from 0 to ${MAX_SEED} is needed.`);
if (from !== undefined && (quick || asked.length > 0 || seedText !== '1'))
  usage('--from draws what was measured before: leave out --quick, --only and --seed.');

const started = performance.now();
const elapsed = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;

async function measured(): Promise<ClaimsDocument> {
  const measuredAt = new Date().toISOString();
  const lab = new SharedLab(quick, seed, (line) => console.error(line));
  const records: ClaimRecord[] = [];
  for (const claim of claims) {
    if (asked.length > 0 && !asked.includes(claim.id)) continue;
    console.error(`${claim.id}: ${claim.title.en} (${elapsed()})`);
    const data = await claim.measure(lab);
    records.push({ id: claim.id, data, trials: lab.takeUsed() });
    const { verdict, figure } = claim.conclude(data);
    console.error(`${claim.id}: ${verdict}; ${figure.en}`);
    if (verdict === 'open') process.exitCode = 3;
  }
  return {
    schema: CLAIMS_SCHEMA,
    tool: { name: 'pushbench', version: packageVersion() },
    mode: quick ? 'quick' : 'full',
    seed,
    measuredAt,
    seconds: (performance.now() - started) / 1000,
    environment: benchEnvironment(readEnvironment(true)),
    claims: records,
    trials: lab.records,
  };
}

try {
  const folder = out ?? DOCS;
  writeClaims(folder, from === undefined ? await measured() : readClaims(from));
  console.log(`claims.md, claims.zh.md, claims.json and claims/ in ${folder}, after ${elapsed()}`);
} catch (error) {
  if (error instanceof ClaimDataError && from !== undefined) usage(`--from ${from}: ${error.message}`);
  if (!(error instanceof ClaimsFileError)) throw error;
  usage(error.message);
}
