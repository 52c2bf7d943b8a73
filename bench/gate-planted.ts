import { parseArgs } from 'node:util';
import { renderGate } from '../reports/gate/gate-text.js';
import { GATE_OPTIONS, gateOnce } from './gate/gate-once.js';
import { PLANTED_HOSTS } from './gate/hosts.js';

// One default gate with something planted in the head, or with nothing: what it says, as a person would see it.

const { values } = parseArgs({
  options: {
    planted: { type: 'string', default: 'a broadcast loop slower by 30 %' },
    scenario: { type: 'string', default: 'websocket' },
    ...GATE_OPTIONS,
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
const names = { base: 'the reference server', head: `the same with ${values.planted}` };
const { outcome, seconds } = await gateOnce(
  values.scenario,
  values,
  Number(values.seed),
  entry,
  names,
  (done, of) => {
    if (process.stderr.isTTY) process.stderr.write(`\rtrial ${done} of at most ${of}`);
  },
);
process.stdout.write(
  `${renderGate(outcome, { width: 80, color: false })}\nIt took ${seconds.toFixed(0)} s.\n`,
);
process.exit(0);
