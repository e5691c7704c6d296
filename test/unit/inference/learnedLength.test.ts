/** A model whose positions were learned reads no sentence that goes beyond them: it is cut. */
import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Translator } from '../../../models/inference/translator';
import { writeModel } from '../../../models/storage/modelFolder';
import { initialWeights } from '../../../models/training/initialise';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel, tinySizes } from '../tinyModel';

const inFolder = temporaryFolder('learned-length');
const sentence = Array<string>(16).fill('two houses').join(' ');

it.each([
  [12, 'a dozen positions'],
  [256, 'more positions than the sentence has tokens'],
])('%i: %s', async (maximumPositions) => {
  const { config, vocabulary } = tinyModel();
  const transformer = presetConfig('tiny', vocabulary.size, {
    ...tinySizes,
    positions: 'learned',
    maximumPositions,
  });
  const folder = inFolder(String(maximumPositions));
  await mkdir(folder);
  const weights = initialWeights(parameterShapes(transformer), 1);
  await writeModel(folder, { config: { ...config, transformer }, vocabulary, weights }, 'F32');
  const translator = await Translator.load(folder, 1);
  const [observed] = await translator.translateDecoded([sentence]);
  await translator.dispose();
  const segments = observed!.decoded;
  expect(segments.map(({ source }) => source).join(' ')).toBe(sentence);
  if (maximumPositions > 200) expect(segments).toHaveLength(1);
  for (const { source } of segments)
    expect(vocabulary.encodeIds([source]).length + 1).toBeLessThanOrEqual(maximumPositions);
});
