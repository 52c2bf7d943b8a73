import { parseArgs } from 'node:util';
import { defaultRules } from '../reports/gate/default-rules.js';
import {
  GATE_CLIENTS,
  GATE_DURATION_SECONDS,
  GATE_PAIRS,
  GATE_RATE,
  GATE_WARMUP_SECONDS,
} from '../reports/gate/defaults.js';
import { renderGate } from '../reports/gate/gate-text.js';
import { judgeComparison } from '../reports/gate/judge.js';
import { benchComparison } from './gate/comparison.js';
import { PLANTED_HOSTS } from './gate/hosts.js';

// One default gate with something planted in the head, or with nothing: what it says, as a person would see it.

const { values } = parseArgs({
  options: {
    planted: { type: 'string', default: 'a broadcast loop slower by 30 %' },
    scenario: { type: 'string', default: 'websocket' },
    pairs: { type: 'string', default: String(GATE_PAIRS) },
    clients: { type: 'string', default: String(GATE_CLIENTS) },
    rate: { type: 'string', default: String(GATE_RATE) },
    duration: { type: 'string', default: String(GATE_DURATION_SECONDS) },
    warmup: { type: 'string', default: String(GATE_WARMUP_SECONDS) },
    seed: { type: 'string', default: '1' },
  },
});
const known = Object.entries(PLANTED_HOSTS);
const entry = known.find(([name]) => name === values.planted)?.[1];
if (entry === undefined && values.planted !== 'nothing') {
  console.error(
    `--planted "${values.planted}" is not known. Known: nothing, ${known.map(([name]) => name).join(', ')}.`,
  );
  process.exit(2);
}
const started = performance.now();
const result = await benchComparison({
  scenario: values.scenario,
  pairs: Number(values.pairs),
  plan: {
    clients: [Number(values.clients)],
    ratePerSecond: Number(values.rate),
    durationSeconds: Number(values.duration),
    warmupSeconds: Number(values.warmup),
    seed: Number(values.seed),
  },
  arms: ['base', "base'", 'head'],
  ...(entry === undefined ? {} : { headEntry: entry }),
  onTrial: (done, of) => {
    if (process.stderr.isTTY) process.stderr.write(`\rtrial ${done} of ${of}`);
  },
});
const names = { base: 'the reference server', head: `the same with ${values.planted}` };
process.stdout.write(
  `${renderGate(judgeComparison(result, defaultRules('comparison'), names), { width: 80, color: false })}` +
    `\nIt took ${((performance.now() - started) / 1000).toFixed(0)} s.\n`,
);
process.exit(0);
