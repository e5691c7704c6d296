import { defineConfig } from 'vitest/config';

/** Tests that use VS Code as a person does, through `npm start` and a browser. */
export default defineConfig({
  test: {
    include: ['test/ui/**/*.test.ts'],
    globalSetup: ['test/ui/findBrowser.mjs'],
    // One workbench at a time: two would slow each other down.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine draws and encodes pictures in seconds.
    expect: { poll: { timeout: 15_000 } },
  },
});
