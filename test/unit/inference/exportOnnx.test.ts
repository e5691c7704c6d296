/** Exported graphs, run by onnxruntime alone as their page says: the same tokens as the translator's own search. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { Decoder } from '../../../models/inference/decoder';
import { writeOnnx } from '../../../models/inference/exportOnnx';
import { search } from '../../../models/inference/search';
import { readMixedModel } from '../../../models/storage/modelFolder';
import { Vocabulary } from '../../../models/text/vocabulary';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';

const inFolder = temporaryFolder('onnx');
const shipped = path.resolve(import.meta.dirname, '../../../models/pretrained/en-de');

/** Knows nothing of Polyhead: what config.json says, and the graphs. */
async function translateGreedily(
  folder: string,
  source: readonly number[],
  longest: number,
): Promise<number[]> {
  const { transformer } = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as {
    transformer: Record<string, number>;
  };
  const { heads = 0, dKey = 0, dValue = 0, endToken, decoderStartToken = 0 } = transformer;
  const [encoder, decoder] = [
    await ort.InferenceSession.create(path.join(folder, 'encoder.onnx')),
    await ort.InferenceSession.create(path.join(folder, 'decoder.onnx')),
  ];
  const int32 = (values: readonly number[], shape: number[]): ort.Tensor =>
    new ort.Tensor('int32', Int32Array.from(values), shape);
  const withoutNext = (outputs: ort.InferenceSession.ReturnType): Record<string, ort.Tensor> =>
    Object.fromEntries(
      Object.entries(outputs).flatMap(([name, value]) =>
        name.startsWith('next.') ? [[name.slice(5), value]] : [],
      ),
    );
  let feeds = withoutNext(await encoder.run({ sourceIds: int32(source, [1, source.length]) }));
  for (const name of decoder.outputNames.filter((output) => output.startsWith('next.')))
    feeds[name.slice(5)] = new ort.Tensor('float32', new Float32Array(0), [
      ...[1, heads, 0],
      name.includes('Keys') ? dKey : dValue,
    ]);
  const tokens: number[] = [];
  while (tokens.length < longest) {
    const outputs = await decoder.run({
      ...feeds,
      tokenIds: int32([tokens.at(-1) ?? decoderStartToken], [1, 1]),
      position: int32([tokens.length], []),
      rows: int32([0], [1]),
    });
    const scores = outputs['logProbabilities']!.data as Float32Array;
    const token = scores.indexOf(Math.max(...scores));
    if (token === endToken) break;
    tokens.push(token);
    feeds = { ...feeds, ...withoutNext(outputs) };
  }
  return tokens;
}

it('a model in 8 bits, which ships, is written as it is', async () => {
  expect((await readMixedModel(shipped)).config.weights).toBe('int8');
});

it('a model’s graphs say the same tokens in an onnxruntime of their own', async () => {
  const model = await readMixedModel(shipped);
  const folder = inFolder('shipped');
  await mkdir(folder);
  const written = await writeOnnx(folder, model);
  expect((await readdir(folder)).sort()).toEqual([...written].sort());
  expect(written.sort()).toEqual([
    'README.md',
    'config.json',
    'decoder.onnx',
    'encoder.onnx',
    'tokenizer.json',
  ]);

  const vocabulary = Vocabulary.fromJson(await readFile(path.join(folder, 'tokenizer.json'), 'utf8'));
  const sentences = ['Open the file.', 'The window could not be closed.', 'Show hidden folders and files'];
  const { endToken } = model.config.transformer;
  const sources = sentences.map((sentence) => [...vocabulary.encodeIds([sentence]), endToken]);
  const decoder = await Decoder.create(model.config.transformer, model.weights, 1);
  for (const source of sources) {
    const [hypotheses] = await search(decoder, [source], { beamSize: 1, lengthPenalty: 0.6 });
    const ours = hypotheses![0]!;
    // Nothing of our own stood in the way, so that plain greedy decoding must come to the same.
    expect(ours.masked).toBe(false);
    expect(ours.tokens.length).toBeGreaterThan(2);
    expect(await translateGreedily(folder, source, 100)).toEqual(ours.tokens);
  }
  await decoder.dispose();
});

it('the page names every input and output', async () => {
  const folder = inFolder('page');
  await mkdir(folder);
  await writeOnnx(folder, tinyModel());
  const page = await readFile(path.join(folder, 'README.md'), 'utf8');
  for (const file of ['encoder.onnx', 'decoder.onnx']) {
    const session = await ort.InferenceSession.create(path.join(folder, file));
    for (const name of [...session.inputNames, ...session.outputNames]) {
      // Those of the first layer stand for all.
      const first = name.replace(/\d+$/, '0').replace(/^next\.(self|cross)/, 'next.$1');
      expect(page, name).toContain(`\`${first}\``);
    }
  }
});

it('what does not fit into a file of ONNX is refused with a sentence', async () => {
  const { config, vocabulary, weights } = tinyModel();
  const transformer = {
    ...config.transformer,
    dModel: 16384,
    dFf: 65536,
    encoderLayers: 1,
    decoderLayers: 1,
  };
  const large = { config: { ...config, transformer }, vocabulary, weights };
  await expect(writeOnnx(inFolder('large'), large)).rejects.toThrow(UserError);
});
