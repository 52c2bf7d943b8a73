import {
  GATE_BUDGET_SECONDS,
  GATE_CLIENTS,
  GATE_DURATION_SECONDS,
  GATE_PAIRS,
  GATE_RATE,
  GATE_WARMUP_SECONDS,
} from '../../reports/gate/defaults.js';
import { ARM_FORMS, RESULT_FORM } from '../compare/arm.js';
import { gateOutputOptions } from './gate-output-table.js';
import type { OptionTable } from './option.js';
import { benchOptions } from './tables.js';
import { decimal, text, whole } from './value.js';

/** Options of a run that say how often, of what and against what: a comparison has its own. */
const {
  scenario: _scenario,
  trials: _trials,
  precision: _precision,
  budget: _budget,
  aa: _aa,
  'noise-floor': _noiseFloor,
  slopes: _slopes,
  'verify-wire': _verifyWire,
  target: _target,
  ...shaping
} = benchOptions;

/** Options of `compare`: the two arms, how often, and all of a run's that shape a trial. */
export const compareOptions = {
  base: {
    kind: 'scalar',
    placeholder: 'arm',
    describe: `what the head is measured against: ${ARM_FORMS}; also ${RESULT_FORM}`,
    value: text('an arm'),
  },
  head: {
    kind: 'scalar',
    placeholder: 'arm',
    describe: `what is new: ${ARM_FORMS}`,
    value: text('an arm'),
  },
  target: {
    kind: 'scalar',
    placeholder: 'name',
    describe:
      'a target of --config that says how to subscribe to, and publish through, a command or a git ref',
    fallback: 'that of the other arm, or the only one',
    value: text('a target'),
  },
  pairs: {
    kind: 'scalar',
    placeholder: 'n',
    describe: 'rounds, 1 to 1,000: each has a trial of the base, of the same base again, and of the head',
    fallback: `${GATE_PAIRS}, or as many as --budget allows`,
    value: whole(1, 1_000),
  },
  budget: {
    kind: 'scalar',
    placeholder: 's',
    describe: 'no round is begun that would end after this many seconds, 1 to 604,800',
    fallback: `${GATE_BUDGET_SECONDS}, none with --pairs`,
    value: decimal(1, 604_800),
  },
  'no-aa': {
    kind: 'flag',
    describe: 'leaves out the second trial of the base: faster, but nobody knows how noisy the machine was',
  },
  gate: {
    kind: 'flag',
    describe: 'ends with the verdict and the exit code of a gate',
  },
  ...gateOutputOptions,
  ...shaping,
  clients: { ...shaping.clients, fallback: String(GATE_CLIENTS) },
  rate: { ...shaping.rate, fallback: String(GATE_RATE) },
  duration: { ...shaping.duration, fallback: String(GATE_DURATION_SECONDS) },
  warmup: { ...shaping.warmup, fallback: String(GATE_WARMUP_SECONDS) },
} as const satisfies OptionTable;
