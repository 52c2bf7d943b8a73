import { describe, expect, it } from 'vitest';
import { noiseFloorOf } from '../../reports/noise-floor.js';
import { MACHINES, simulatedRun } from './simulated.js';
import { METRICS, tallyLines, type Verdict, verdictsOf } from './tally.js';

const SAME: Verdict = {
  metric: 'latencyUs.p50',
  ratio: 1,
  low: 0.9,
  high: 1.1,
  differs: false,
  marked: false,
};
const UNLIKE: Verdict = { ...SAME, ratio: 1.3, low: 1.2, high: 1.4, differs: true, marked: true };

describe('the tally of A/A runs', () => {
  it('lets one of twenty runs differ, and says so when two do', () => {
    const runs = Array.from({ length: 20 }, (_, run) => [run === 7 ? UNLIKE : SAME]);
    expect(tallyLines(runs)).toEqual([
      expect.stringMatching(/latencyUs\.p50 .* 1 of 20 \(goal 1: met\), .* marked in 1$/),
    ]);
    expect(tallyLines([...runs.slice(1), [UNLIKE]])[0]).toMatch(/2 of 20 \(goal 1: MISSED\)/);
  });

  it('says so when no run could be judged', () => {
    const trials = simulatedRun('quiet', 4, 1);
    expect(verdictsOf(trials, noiseFloorOf(trials))).toEqual([]);
    expect(tallyLines([[]])).toEqual(['  nothing could be judged: an interval needs five rounds']);
  });

  it.each(Object.keys(MACHINES))(
    'of 100 simulated runs on a machine that is %s lets at most five differ, by any metric',
    (machine) => {
      const runs = Array.from({ length: 100 }, (_, run) => {
        const trials = simulatedRun(machine, 8, 10_000 + run);
        return verdictsOf(trials, noiseFloorOf(trials));
      });
      const lines = tallyLines(runs);
      expect(lines).toHaveLength(METRICS.length);
      for (const line of lines) expect(line).toMatch(/of 100 \(goal 5: met\)/);
    },
  );
});
