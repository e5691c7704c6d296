/**
 * Three kills in the middle of a translation, one of each process. `npm run test:long` has two hundred more.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { KilledVsCode } from './killedVsCode';

const results = path.resolve(import.meta.dirname, '../../test-results/kills');

describe.skipIf(process.platform !== 'linux')('kill -9 in the middle of a translation', () => {
  let vsCode: KilledVsCode;

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    vsCode = new KilledVsCode(results);
    await vsCode.start();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await vsCode.explain(path.join(results, `${task.name}.png`));
  });
  afterAll(() => vsCode.end());

  for (const part of ['engine', 'extension host', 'server'] as const) {
    it(`of the ${part} leaves no process behind, and the document whole`, async () => {
      await vsCode.kill({ part, moment: 0.5 });
    });
  }
});
