/** A model whose positions were learned reads no sentence that goes beyond them: it is cut. */
import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Translator, type DecodedText } from '../../../models/inference/translator';
import { writeModel } from '../../../models/storage/modelFolder';
import { SourceReader } from '../../../models/text/sourceReader';
import { initialWeights } from '../../../models/training/initialise';
import { presetConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel, tinySizes } from '../tinyModel';

const inFolder = temporaryFolder('learned-length');
const sentence = Array<string>(16).fill('two houses').join(' ');
const { config, vocabulary } = tinyModel();

async function decode(text: string, from: string, maximumPositions: number): Promise<DecodedText['decoded']> {
  const transformer = presetConfig('tiny', vocabulary.size, {
    ...tinySizes,
    positions: 'learned',
    maximumPositions,
  });
  const folder = inFolder(`${from}${maximumPositions}`);
  await mkdir(folder);
  const weights = initialWeights(parameterShapes(transformer), 1);
  await writeModel(folder, { config: { ...config, from, transformer }, vocabulary, weights }, 'F32');
  const translator = await Translator.load(folder, 1);
  const [{ decoded }] = (await translator.translateDecoded([text])) as [DecodedText];
  await translator.dispose();
  return decoded;
}

it.each([
  [12, 'a dozen positions'],
  [256, 'more positions than the sentence has tokens'],
])('%i: %s', async (maximumPositions) => {
  const segments = await decode(sentence, config.from, maximumPositions);
  expect(segments.map(({ source }) => source).join(' ')).toBe(sentence);
  if (maximumPositions > 200) expect(segments).toHaveLength(1);
  for (const { source } of segments)
    expect(vocabulary.encodeIds([source]).length + 1).toBeLessThanOrEqual(maximumPositions);
});

it('counts the spaces that the model reads where the text has none', async () => {
  const maximumPositions = 24;
  const text = '文ab'.repeat(16);
  const segments = await decode(text, 'zh', maximumPositions);
  expect(segments.map(({ source }) => source).join('')).toBe(text);
  const reader = new SourceReader(vocabulary, 'zh');
  for (const { source } of segments)
    expect(reader.ids([source]).length + 1).toBeLessThanOrEqual(maximumPositions);
});
