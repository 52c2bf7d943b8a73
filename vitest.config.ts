import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that watch packets: they need tshark, ss and the right to capture. */
const WIRE = ['tests/wire*.process.test.ts'];
/** Tests whose subject is a time or a share of CPU: anything beside them would be measured, too. */
const MEASURING = [
  'tests/latency.process.test.ts',
  'tests/link.process.test.ts',
  'tests/calibration.process.test.ts',
  'tests/void.process.test.ts',
  'runner/link/link.process.test.ts',
  'tests/gate-planted.process.test.ts',
];
/** Test files whose programs are missing, by scripts/test.mjs, which says so. */
const WITHHELD = (process.env.WITHHELD_TESTS ?? '').split(',').filter(Boolean);
const EVERYWHERE_BUT = ['**/node_modules/**', 'dist/**', 'results/**', 'coverage/**', ...WITHHELD];
const NOT_PURE = ['**/*.process.test.ts', '**/*.browser.test.ts'];
/** Pure tests that need a process of their own: they put something else in a module's place, or measure the heap or the loop. */
const ALONE = ['servers/silent-feed.test.ts', 'servers/loop-activity.test.ts', ...mockingTests()];

function mockingTests(): string[] {
  return ['bench', 'protocol', 'reports', 'runner', 'scenarios', 'servers', 'tests']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((path) => `${folder}/${path}`))
    .filter((path) => path.endsWith('.test.ts') && /^vi\.mock\(/m.test(readFileSync(path, 'utf8')));
}

/** Files that take longest, the longest first: one that began last would run on alone when all others have ended. */
const LONG = [
  'tests/targets.process.test.ts',
  'tests/reconnect.process.test.ts',
  'runner/cli.process.test.ts',
  'tests/compare.process.test.ts',
  'tests/matrix.process.test.ts',
  'tests/conformance.process.test.ts',
  'tests/hostile-clients.process.test.ts',
  'tests/interrupt.process.test.ts',
  'tests/broken-run.process.test.ts',
  'tests/run.process.test.ts',
  'tests/action.process.test.ts',
  'runner/replication.process.test.ts',
  'tests/content.process.test.ts',
  'tests/hostile-server.process.test.ts',
  'tests/gate.process.test.ts',
  'bench/claims/claims.process.test.ts',
  'tests/identity.process.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Thousands of short tests: starting a process for each file would take as long as they do.
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...EVERYWHERE_BUT, ...NOT_PURE, ...ALONE],
          // Some read tens of thousands of streams: on a slow machine with other work a minute is too little.
          testTimeout: 180_000,
          isolate: false,
          restoreMocks: true,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'unit-alone',
          include: ALONE,
          exclude: EVERYWHERE_BUT,
          testTimeout: 180_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        // These start processes and wait for what they say; none of them asserts how long anything took.
        test: {
          name: 'process',
          include: ['**/*.process.test.ts'],
          exclude: [...EVERYWHERE_BUT, ...WIRE, ...MEASURING],
          globalSetup: ['scripts/ensure-built.mjs'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false,
          maxWorkers: Number(process.env.PROCESS_TEST_FILES ?? 5),
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // These measure: two at once would measure each other.
        test: {
          name: 'measure',
          include: MEASURING,
          exclude: EVERYWHERE_BUT,
          globalSetup: ['scripts/ensure-built.mjs'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          maxConcurrency: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'wire',
          include: WIRE,
          exclude: EVERYWHERE_BUT,
          globalSetup: ['scripts/ensure-built.mjs'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          maxConcurrency: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['**/*.browser.test.ts'],
          exclude: EVERYWHERE_BUT,
          globalSetup: ['scripts/ensure-built.mjs'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxConcurrency: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
