import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    // Native addons and process tests want a process of their own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
