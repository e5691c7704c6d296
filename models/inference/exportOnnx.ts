/**
 * A model as ONNX for others: encoder and decoder step with the weights inside, the vocabulary, the configuration, and
 * a page that says how to run them. What is written is what the translator runs itself.
 */
import path from 'node:path';
import { writeFileAtomically } from '../storage/atomic';
import { configJson, files, type MixedModel } from '../storage/modelFolder';
import { parameterCount } from '../transformer/model';
import { UserError } from '../userError';
import { onnxReadme } from './exportOnnxReadme';
import { buildDecoderStep, buildEncoder } from './programs';

export const onnxFileNames = { encoder: 'encoder.onnx', decoder: 'decoder.onnx' } as const;

/** Protobuf's limit for one file. */
const mostBytes = 2 ** 31 - 1;
/** What a graph takes without its weights, more than ever was seen. */
const graphBytes = 16 * 2 ** 20;

/**
 * Into an existing folder, each file whole or not at all.
 *
 * @returns the files' names
 * @throws UserError where the weights do not fit into an ONNX file
 */
export async function writeOnnx(
  folder: string,
  { config, vocabulary, weights }: MixedModel,
): Promise<string[]> {
  const { transformer } = config;
  if (4 * parameterCount(transformer) + graphBytes > mostBytes) {
    throw new UserError(
      'The model has more weights than an ONNX file of two gigabytes can hold: export it as a folder.',
    );
  }
  const contents: [name: string, content: Uint8Array | string][] = [
    [onnxFileNames.encoder, buildEncoder(transformer, weights, 'blocks').model],
    [
      onnxFileNames.decoder,
      buildDecoderStep(transformer, weights, 'blocks', { selfMemory: 'whole', says: 'everything' }).model,
    ],
    [files.vocabulary, vocabulary.toJson()],
    [files.config, configJson(config)],
    ['README.md', onnxReadme(config)],
  ];
  for (const [name, content] of contents) await writeFileAtomically(path.join(folder, name), [content]);
  return contents.map(([name]) => name);
}
