import { escapeMarkdown } from '../../reports/markdown.js';
import { plainText } from '../../reports/plain-text.js';
import type { TrialRecord } from '../trials/contract.js';
import { table } from '../trials/markdown-table.js';
import { drawChart } from './charts/draw.js';
import { claims as registry } from './claims.js';
import type { Chart, Claim, ClaimsDocument, Conclusion, Language, Text } from './contract.js';
import { ClaimDataError } from './define-claim.js';
import { VERDICT, WORDS } from './words.js';

const GIB = 2 ** 30;
/** Of the charts, below that of the page. */
export const CHARTS_FOLDER = 'claims';
const PAGE_NAME: Readonly<Record<Language, string>> = { en: 'claims.md', zh: 'claims.zh.md' };

/** A claim of a document with what follows from its data. */
interface Judged {
  readonly claim: Claim;
  readonly conclusion: Conclusion;
  readonly trials: readonly TrialRecord[];
}

/** Every file of a document by its path from the page's folder: a page for each language, and its charts. Pure. @throws ClaimDataError */
export function claimsFiles(document: ClaimsDocument): ReadonlyMap<string, string> {
  const judged = document.claims.map(({ id, data, trials }): Judged => {
    const claim = registry.find((each) => each.id === id);
    if (claim === undefined) throw new ClaimDataError(`there is no claim ${JSON.stringify(id)}.`);
    const own = trials.flatMap((at) => document.trials[at] ?? []);
    return { claim, conclusion: claim.conclude(data), trials: own };
  });
  const files = new Map<string, string>();
  for (const language of ['en', 'zh'] as const) {
    files.set(PAGE_NAME[language], page(document, judged, language));
    for (const { claim, conclusion } of judged) {
      conclusion.charts.forEach((chart, at) => {
        files.set(chartPath(claim.id, at, language), drawChart(chart, language));
      });
    }
  }
  return files;
}

function page(document: ClaimsDocument, judged: readonly Judged[], language: Language): string {
  const say = (text: Text): string => text[language];
  const parts = [
    `# ${say(WORDS.title)}`,
    say(WORDS.other),
    say(WORDS.intro),
    say(WORDS.made),
    ...(document.mode === 'quick' ? [say(WORDS.quick)] : []),
    [
      `- ${say(WORDS.machine)}${say(WORDS.colon)}${machine(document, language)}`,
      `- ${say(WORDS.run)}${say(WORDS.colon)}${run(document, language)}`,
      `- ${say(WORDS.loopback)}`,
    ].join('\n'),
    table(
      [say(WORDS.claim), say(WORDS.number), say(WORDS.verdict)],
      3,
      judged.map(({ claim, conclusion }) => [
        `[${say(claim.title)}](#${claim.id})`,
        say(conclusion.figure),
        `**${say(VERDICT[conclusion.verdict])}**${conditionOf(claim, conclusion, language)}`,
      ]),
    ),
    ...judged.flatMap((each) => section(each, language)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ claim, conclusion, trials }: Judged, language: Language): string[] {
  const say = (text: Text): string => text[language];
  const { verdict, method, sentences, tables, charts } = conclusion;
  const rule = [
    `${say(VERDICT.holds)}${say(WORDS.colon)}${say(claim.rule.holds)}`,
    `${say(VERDICT.condition)}${say(WORDS.colon)}${say(claim.rule.condition)}`,
    say(WORDS.otherwise),
  ].join(say(WORDS.semicolon));
  return [
    // Headings become anchors in another way on every host, above all Chinese ones.
    `<a id="${claim.id}"></a>\n\n## ${say(claim.title)}`,
    `**${say(WORDS.verdictHead)}${say(WORDS.colon)}${say(VERDICT[verdict])}**${conditionOf(claim, conclusion, language)}${say(WORDS.stop)} ${sentences.map(say).join(language === 'en' ? ' ' : '')}`,
    ...charts.map((chart, at) => image(chart, chartPath(claim.id, at, language), language)),
    ...tables.map((each) =>
      table(
        each.heads.map(say),
        each.texts,
        each.rows.map((row) => row.map(say)),
      ),
    ),
    [
      `- *${say(WORDS.rule)}*${say(WORDS.colon)}${rule}${say(WORDS.stop)}`,
      `- *${say(WORDS.measured)}*${say(WORDS.colon)}${say(method)}`,
      ...claim.notes.map((note) => `- *${say(WORDS.note)}*${say(WORDS.colon)}${say(note)}`),
    ].join('\n'),
    `<details><summary>${count(trials, language)}</summary>\n\n${trials.map((trial) => trialLine(trial, language)).join('\n')}\n\n</details>`,
  ];
}

/** What a verdict is bound to, with what leads to it; nothing for the others. */
function conditionOf({ plainCondition }: Claim, { verdict }: Conclusion, language: Language): string {
  return verdict === 'condition' ? WORDS.colon[language] + plainCondition[language] : '';
}

function chartPath(id: string, at: number, language: Language): string {
  const number = at === 0 ? '' : `-${at + 1}`;
  return `${CHARTS_FOLDER}/${id}${number}${language === 'en' ? '' : `.${language}`}.svg`;
}

function image(chart: Chart, path: string, language: Language): string {
  return `![${chart.title[language].replaceAll(/[[\]]/g, '')}](${path})`;
}

function machine({ environment }: ClaimsDocument, language: Language): string {
  const { cores, allowedCores, memoryBytes, os, kernel, node, pinned } = environment;
  const model = escapeMarkdown(environment.cpuModel);
  const system = escapeMarkdown(`${os} ${kernel}`);
  const runtime = `Node ${escapeMarkdown(node)}`;
  const memory = `${(memoryBytes / GIB).toFixed(0)} GiB`;
  const some = allowedCores === null || allowedCores === cores ? null : allowedCores;
  return language === 'en'
    ? `${model}, ${cores} cores${some === null ? '' : ` (${some} allowed)`}; ${memory}; ${system}; ${runtime}; server and generators ${pinned ? 'pinned apart' : 'not pinned'}.`
    : `${model}，${cores} 核${some === null ? '' : `（可用 ${some} 核）`}；${memory}；${system}；${runtime}；服务器与负载发生器${pinned ? '固定在不同核心' : '未固定核心'}。`;
}

function run({ tool, mode, seed, measuredAt, seconds, trials }: ClaimsDocument, language: Language): string {
  const name = escapeMarkdown(`${tool.name} ${tool.version}`);
  const day = escapeMarkdown(measuredAt.slice(0, 10));
  const length = seconds.toFixed(0);
  const command = `npm run claims -- ${mode === 'quick' ? '--quick ' : ''}--seed ${seed}`;
  return language === 'en'
    ? `${name}, ${day}, ${trials.length} trials in ${length} s, seed ${seed} (\`${command}\`).`
    : `${name}，${day}，${length} 秒内 ${trials.length} 次试验，种子 ${seed}（\`${command}\`）。`;
}

function count(trials: readonly TrialRecord[], language: Language): string {
  const of = (status: TrialRecord['status']): number =>
    trials.filter((trial) => trial.status === status).length;
  const [completed, voided, failed] = [of('completed'), of('void'), of('failed')];
  if (language === 'zh') {
    const left = [...(voided > 0 ? [`作废 ${voided}`] : []), ...(failed > 0 ? [`失败 ${failed}`] : [])];
    return `${trials.length} 次试验，完成 ${completed}${left.length === 0 ? '' : `；不计入：${left.join('、')}`}`;
  }
  const left = [...(voided > 0 ? [`${voided} void`] : []), ...(failed > 0 ? [`${failed} failed`] : [])];
  const all = `${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}, ${completed} completed`;
  return left.length === 0 ? all : `${all}; left out: ${left.join(', ')}`;
}

const STATUS: Readonly<Record<TrialRecord['status'], Text>> = {
  completed: { en: 'completed', zh: '完成' },
  void: { en: 'void', zh: '作废' },
  failed: { en: 'failed', zh: '失败' },
};

function trialLine({ options, rules, status, reasons }: TrialRecord, language: Language): string {
  const codes = [...new Set(reasons)].join(', ');
  const off = rules === 'off' ? (language === 'en' ? '; health rules off' : '；健康规则关闭') : '';
  const why = codes === '' ? '' : ` (${escapeMarkdown(codes)})`;
  return `- \`${plainText(options, 1000).replaceAll('`', '')}\`${WORDS.colon[language]}${STATUS[status][language]}${why}${off}`;
}
