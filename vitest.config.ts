import { defineConfig } from 'vitest/config';

/** Tests that watch packets: they need tshark, ss and the right to capture. */
const WIRE = ['tests/wire*.process.test.ts'];
/** Tests whose subject is a time or a share of CPU: anything beside them would be measured, too. */
const MEASURING = [
  'tests/latency.process.test.ts',
  'tests/link.process.test.ts',
  'tests/calibration.process.test.ts',
  'tests/void.process.test.ts',
  'tests/gate-planted.process.test.ts',
  'runner/replication.process.test.ts',
];
/** Test files whose programs are missing, by scripts/test.mjs, which says so. */
const WITHHELD = (process.env.WITHHELD_TESTS ?? '').split(',').filter(Boolean);
const EVERYWHERE_BUT = ['**/node_modules/**', 'dist/**', 'results/**', 'coverage/**', ...WITHHELD];

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...EVERYWHERE_BUT, '**/*.process.test.ts', '**/*.browser.test.ts'],
          testTimeout: 10_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          maxConcurrency: 1,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
