/** What the chunks are for: the logits of a whole batch are never in memory at once. A file, and so a process, of its own. */
import { expect, it } from 'vitest';
import { gradients } from '../../../models/graph/gradients';
import { input } from '../../../models/graph/tensor';
import { labelSmoothedCrossEntropy } from '../../../models/training/loss';
import { fed, prepare } from '../graph/run';

const [rows, vocabularySize, dModel, chunks] = [2500, 8000, 64, 16];

it('needs far less memory than one copy of the logits', async () => {
  const inputs = {
    states: input('states', 'float32', ['rows', dModel]),
    targets: input('targets', 'int32', ['rows']),
    embedding: input('embedding', 'float32', [vocabularySize, dModel]),
  };
  const { smoothed } = labelSmoothedCrossEntropy(inputs, { labelSmoothing: 0.1, chunks, training: true });
  const [forStates, forEmbedding] = gradients(smoothed, [inputs.states, inputs.embedding]);
  const session = await prepare({ smoothed, forStates: forStates!, forEmbedding: forEmbedding! }, 2);
  const feeds = (count: number) => ({
    states: fed('float32', [count, dModel], new Float32Array(count * dModel).fill(0.1)),
    targets: fed('int32', [count], new Int32Array(count).fill(3)),
    embedding: fed('float32', [vocabularySize, dModel], new Float32Array(vocabularySize * dModel).fill(0.1)),
  });
  await session.run(feeds(chunks));
  const large = feeds(rows);
  const before = process.resourceUsage().maxRSS;
  await session.run(large);
  const kilobytes = process.resourceUsage().maxRSS - before;
  await session.dispose();
  expect(kilobytes / ((rows * vocabularySize * 4) / 1024)).toBeLessThan(0.6);
});
