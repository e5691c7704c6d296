import { defineConfig } from 'vitest/config';

/** Tests of what `npm run package` makes, and of the package installed in a VS Code. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.{ts,mjs}'],
    globalSetup: ['test/package/findTarget.mjs'],
    // Both pack into the same folder.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
