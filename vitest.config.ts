import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/manners/**/*.test.ts'],
    // Native addons and process tests want a process of their own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    // As models/runtime does for the product: nothing goes out.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    // Some tests build a bundle first, on whatever else the machine does.
    hookTimeout: 60_000,
  },
});
