import { defineConfig } from 'vitest/config';

/** Tests that watch packets: they need tshark, ss and the right to capture. */
const WIRE = ['tests/wire*.process.test.ts'];
const EVERYWHERE_BUT = ['**/node_modules/**', 'dist/**', 'results/**', 'coverage/**'];

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
        // These start processes and measure: two at once would measure each other.
        test: {
          name: 'process',
          include: ['**/*.process.test.ts'],
          exclude: [...EVERYWHERE_BUT, ...WIRE],
          globalSetup: ['scripts/ensure-built.mjs'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          maxConcurrency: 1,
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
