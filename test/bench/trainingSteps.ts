/**
 * Our side of `npm run bench -- training`: trains on the batches of a run's folder, one step whenever a line comes in,
 * and answers with what it took, a line of JSON. twinBench.py does the same with PyTorch.
 */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { trainSteps } from '../../models/training/trainer';
import { openRun } from './benchRun';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { run: { type: 'string' }, threads: { type: 'string' } } });
  const { state, batches, options, progress } = await openRun(
    path.resolve(values.run!),
    Number(values.threads),
  );
  const steps = trainSteps(state, batches, options, progress);
  process.stdout.write('{}\n');
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  while ((await lines.next()).done !== true) {
    const before = process.cpuUsage();
    const { value } = await steps.next();
    const { user, system } = process.cpuUsage(before);
    const { milliseconds, targetTokens, loss, filled } = value;
    // Kibibytes.
    const peak = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(
      `${JSON.stringify({ milliseconds, processor: (user + system) / 1000, tokens: targetTokens, loss, filled, peak })}\n`,
    );
  }
}

void main();
