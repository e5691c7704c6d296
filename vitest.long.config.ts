import { defineConfig } from 'vitest/config';

/** Tests that take minutes, such as trainings; `npm run test:long` runs them after all the others. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/ui/findBrowser.mjs'],
    pool: 'forks',
    // A training uses every core.
    fileParallelism: false,
    testTimeout: 30 * 60_000,
  },
});
