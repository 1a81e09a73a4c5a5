// Two suites: unit (fast, part of `npm run check`) and integration (real processes, brokers, databases, browser).
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const integration = ['test/e2e/**/*.test.ts', 'test/browser/**/*.test.ts', 'test/electron/**/*.test.ts'];

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    globalSetup: ['test/setup.ts'],
    setupFiles: ['test/generated-cases.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // All cores: what runs beside the tests waits.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: integration },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          globalSetup: ['test/build-window.ts'],
          include: integration,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
