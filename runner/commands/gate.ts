import { basename } from 'node:path';
import type { GateOutcome } from '../../reports/gate/contract.js';
import type { GateConfig } from '../../reports/gate/gate-config.js';
import type { Result } from '../../reports/result.js';
import { GATE_EXIT } from '../exit-code.js';
import { openGateOutputs } from '../gate-outputs.js';
import { resolveOptions } from '../options/resolve.js';
import { gateOptions } from '../options/tables.js';
import { columnsOf, wantsColor } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Call, Command } from './command.js';

/** `pushbench gate`: judges a run by a stored baseline, or the head of a comparison by its base. */
export const gateCommand: Command = {
  summary: 'judge a result by a baseline, or a comparison: pass, fail or inconclusive',
  options: gateOptions,
  word: '<results.json>',
  async run(call: Call): Promise<number> {
    const { values, mistakes } = resolveOptions(gateOptions, call.sources);
    const all = [...call.mistakes, ...mistakes];
    const { loadGateConfig } = await import('../gate-config-file.js');
    const config = await loadGateConfig(values.config);
    all.push(...config.mistakes);
    const fresh = call.word === null ? null : await readOr(call.word, '', all);
    const old = values.baseline === undefined ? null : await readOr(values.baseline, '--baseline: ', all);
    const outputs = openGateOutputs(values, call.terminal);
    all.push(...outputs.mistakes);
    let outcome: GateOutcome;
    try {
      if (fresh === null || all.length > 0) throw new UsageError(all);
      outcome = await judge(fresh, old, call.word!, values.baseline, config);
    } catch (error) {
      outputs.undo();
      throw error;
    }
    const { stdout, env } = call.terminal;
    if (values.json === true) {
      stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    } else {
      const { renderGate } = await import('../../reports/gate/gate-text.js');
      const color = wantsColor(stdout, env, values['no-color'] === true);
      stdout.write(renderGate(outcome, { width: columnsOf(stdout, env), color }));
    }
    await outputs.write(outcome);
    return GATE_EXIT[outcome.outcome];
  },
};

/** A result, or null and a mistake more. */
async function readOr(path: string, label: string, mistakes: string[]): Promise<Result | null> {
  const { readResult, UnreadableResultError } = await import('../../reports/result-file.js');
  try {
    return await readResult(path);
  } catch (error) {
    if (!(error instanceof UnreadableResultError)) throw error;
    mistakes.push(`${label}${error.message}`);
    return null;
  }
}

async function judge(
  fresh: Result,
  old: Result | null,
  path: string,
  baseline: string | undefined,
  config: GateConfig,
): Promise<GateOutcome> {
  const { judgeBaseline, judgeComparison } = await import('../../reports/gate/judge.js');
  const { isComparison } = await import('../../reports/gate/contestants.js');
  const { UnlikePlansError } = await import('../../reports/gate/unlike.js');
  if (old === null || baseline === undefined) {
    if (isComparison(fresh)) return judgeComparison(fresh, config.rulesFor('comparison'));
    throw new UsageError([
      `${basename(path)} holds no comparison, so that there is nothing to judge it by: give --baseline <results.json>.`,
    ]);
  }
  const compared = isComparison(fresh) ? path : isComparison(old) ? baseline : null;
  if (compared !== null) {
    throw new UsageError([
      `--baseline: ${basename(compared)} holds a comparison, which has its base within: give it alone, without --baseline.`,
    ]);
  }
  try {
    return judgeBaseline(old, fresh, config.rulesFor('baseline'), { base: baseline, head: path });
  } catch (error) {
    if (!(error instanceof UnlikePlansError)) throw error;
    throw new UsageError(error.differences);
  }
}
