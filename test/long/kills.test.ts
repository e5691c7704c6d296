/**
 * Two hundred and twenty kills at random moments of a translation: 100 of the engine, 100 of the extension host and 20
 * of the server, in a random order; the same each time.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomWords, shuffle } from '../../models/data/random';
import type { Part } from '../ui/markedProcesses';
import { KilledVsCode, type Kill } from '../ui/killedVsCode';

const results = path.resolve(import.meta.dirname, '../../test-results/long-kills');
const seed = 1;
/** The latest moment: half as long again as the translation takes, so that some kills come when it is there. */
const lastMoment = 1.5;
const counts: Readonly<Record<Part, number>> = { engine: 100, 'extension host': 100, server: 20 };

function randomKills(): Kill[] {
  const words = randomWords(seed);
  const parts = (Object.keys(counts) as Part[]).flatMap((part) => Array<Part>(counts[part]).fill(part));
  const order = parts.map((_, index) => index);
  shuffle(order, words);
  return order.map((index) => ({
    part: parts[index]!,
    moment: (words() / 2 ** 32) * lastMoment,
  }));
}

describe.skipIf(process.platform !== 'linux')('kill -9 in the middle of a translation', () => {
  let vsCode: KilledVsCode;
  /** What became of the document when the extension host was killed. */
  const outcomes = new Set<string>();

  beforeAll(async () => {
    rmSync(results, { recursive: true, force: true });
    vsCode = new KilledVsCode(results);
    await vsCode.start();
  }, 120_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await vsCode.explain(path.join(results, `${task.name}.png`));
  });
  afterAll(() => vsCode.end(), 120_000);

  for (const [index, kill] of randomKills().entries()) {
    it(
      `round ${index + 1}: of the ${kill.part} at ${kill.moment.toFixed(2)}`,
      { timeout: 300_000 },
      async () => {
        const outcome = await vsCode.kill(kill);
        if (kill.part === 'extension host') outcomes.add(outcome);
      },
    );
  }

  it('has come both before and after the translation was there', () => {
    expect([...outcomes].sort()).toEqual(['original', 'translated']);
  });
});
