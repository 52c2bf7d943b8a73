import type { BenchEnvironment, TrialRecord } from '../trials/contract.js';
import { table } from '../trials/markdown-table.js';
import { number } from '../trials/plain-number.js';
import type { ClaimRecord, Comparison, PaperDocument, Published } from './contract.js';

const NOTHING = '—';
const GIB = 2 ** 30;

/** docs/paper-vs-ours.md. Pure. */
export function paperPage({ claims }: PaperDocument): string {
  const machines = [...new Set(claims.map(({ environment }) => machine(environment)))];
  const isQuick = claims.some(({ mode }) => mode === 'quick');
  const parts = [
    '# Paper against ours',
    `Figures that are often quoted, and the same quantities measured by pushbench. Written by \`npm run paper\`; the numbers are
in [paper-vs-ours.json](paper-vs-ours.json), from which \`npm run paper -- --render\` draws this page again. A void trial
gives no figure ([metrics](metrics.md#can-it-be-believed-the-generators-own-share-and-health)).`,
    ...(isQuick ? [QUICK] : []),
    ...machines.map((text, at) =>
      machines.length > 1 ? `Machine ${at + 1}: ${text}.` : `Machine: ${text}.`,
    ),
    table(
      ['claim', 'quantity', 'theirs', 'ours', 'ratio'],
      2,
      claims.map((claim) => {
        const [first] = claim.comparisons;
        const link = `[${claim.title}](#${anchor(claim.title)})${claim.mode === 'quick' ? ' *(quick)*' : ''}`;
        return first === undefined ? [link, NOTHING, '', '', ''] : [link, ...cells(first)];
      }),
    ),
    ...claims.flatMap((claim) => section(claim, machines)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const QUICK = `> **Quick run.** Claims marked *quick* were measured with few clients, for a second or two, on a machine that was busy with
> other things, and with the health rules off. They show that the program works and are no figures to quote.`;

function section(claim: ClaimRecord, machines: readonly string[]): string[] {
  const { source, trials } = claim;
  const name = source.url === undefined ? source.name : `[${source.name}](${source.url})`;
  const where = machines.length > 1 ? `, machine ${machines.indexOf(machine(claim.environment)) + 1}` : '';
  const when = `${claim.measuredAt.slice(0, 10)}, ${claim.mode} run, ${claim.seconds.toFixed(0)} s${where}`;
  return [
    `## ${claim.title}`,
    [
      `- *Source*: ${name}.`,
      `- *Their figure*: ${claim.theirFigure}`,
      `- *Their workload*: ${claim.theirWorkload}`,
      `- *Ours*: ${claim.ourWorkload}`,
      `- *Measured*: ${when}; \`npm run paper -- ${claim.mode === 'quick' ? '--quick ' : ''}--only ${claim.id}\`.`,
    ].join('\n'),
    table(['quantity', 'theirs', 'ours', 'ratio'], 1, claim.comparisons.map(cells)),
    ...claim.findings,
    `Why they differ:\n\n${claim.why.map((reason) => `- ${reason}`).join('\n')}`,
    `<details><summary>${statusSentence(trials)}</summary>\n\n${trials.map(trialLine).join('\n')}\n\n</details>`,
  ];
}

function cells({ what, unit, theirs, ours, absent, ratio, origin }: Comparison): string[] {
  return [
    what,
    theirs === null ? NOTHING : withUnit(published(theirs), unit),
    ours === null
      ? (absent ?? NOTHING)
      : withUnit(number(ours), unit) + (origin === 'model' ? ' (model)' : ''),
    ratio === null ? NOTHING : ratio === 1 && typeof theirs !== 'number' ? 'within' : number(ratio),
  ];
}

function published(theirs: Published): string {
  return typeof theirs === 'number' ? plain(theirs) : theirs.map(plain).join(' to ');
}

/** As they print it. */
function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 });
}

function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`;
}

function statusSentence(trials: readonly TrialRecord[]): string {
  const count = (status: TrialRecord['status']): number =>
    trials.filter((trial) => trial.status === status).length;
  const left = (['void', 'failed'] as const).filter((status) => count(status) > 0);
  const total = `${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}`;
  const out =
    left.length === 0 ? '' : `; left out: ${left.map((status) => `${count(status)} ${status}`).join(', ')}`;
  return `${total}, ${count('completed')} completed${out}`;
}

function trialLine({ options, server, rules, status, reasons }: TrialRecord): string {
  const notes = [
    ...(server === undefined ? [] : [`against ${server}`]),
    ...(rules === 'off' ? ['health rules off'] : []),
    reasons.length === 0 ? status : `${status} (${[...new Set(reasons)].join(', ')})`,
  ];
  return `- \`${options}\`: ${notes.join('; ')}`;
}

function machine(environment: BenchEnvironment): string {
  const { node, os, kernel, cpuModel, cores, allowedCores, memoryBytes, pinned } = environment;
  const allowed = allowedCores === null || allowedCores === cores ? '' : `, ${allowedCores} of them allowed`;
  return [
    `${cpuModel}, ${cores} cores${allowed}`,
    `${(memoryBytes / GIB).toFixed(0)} GiB`,
    `${os} ${kernel}`,
    `Node ${node}`,
    `server and generators ${pinned ? 'pinned apart' : 'not pinned'}`,
    'loopback',
  ].join('; ');
}

/** As code hosts make it from a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
