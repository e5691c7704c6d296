/** What a run begins with that does not begin from nothing: another model's weights, for its vocabulary or for a new one. */
import { normals, randomWords } from '../data/random';
import { readMixedModel, type Model } from '../storage/modelFolder';
import { dequantise, isMatrix } from '../storage/quantisation';
import type { Vocabulary } from '../text/vocabulary';
import { perPiece } from '../transformer/embeddings';
import { parameterShapes } from '../transformer/model';
import { UserError } from '../userError';
import { resolveModelFolder } from './checkpoints';
import { checkPositions, type RunSettings } from './runSettings';

/** The model that a run begins with, or undefined. Matrices in 8 bits become the numbers that they stand for. */
export async function readInitialModel({
  initialModel: folder,
  longest,
}: Pick<RunSettings, 'initialModel' | 'longest'>): Promise<Model | undefined> {
  if (folder === '') return undefined;
  const { config, vocabulary, weights } = await readMixedModel(await resolveModelFolder(folder));
  checkPositions(config.transformer, longest);
  const numbers = new Map<string, Float32Array>();
  for (const parameter of parameterShapes(config.transformer)) {
    const weight = weights.get(parameter.name)!;
    if (weight instanceof Float32Array) numbers.set(parameter.name, weight);
    else if (isMatrix(parameter)) numbers.set(parameter.name, dequantise(weight, parameter));
    else throw new UserError(`${folder}: “${parameter.name}” cannot be in 8 bits.`);
  }
  return { config, vocabulary, weights: numbers };
}

/**
 * A model's weights for another vocabulary, as Zoph et al. (2016, “Transfer Learning for Low-Resource Neural Machine
 * Translation”) begin a child with its parent: what does not depend on the vocabulary is taken as it is, a piece that
 * both know keeps its embedding, and one that is new gets a random one with the mean and the deviation that the known
 * ones have in each dimension.
 */
export function weightsForVocabulary(
  { vocabulary: known, weights, config }: Model,
  vocabulary: Vocabulary,
  seed: number,
): { weights: Map<string, Float32Array>; keptPieces: number } {
  const idOfText = new Map(Array.from({ length: known.size }, (_, id) => [known.tokenText(id), id]));
  const rows = Array.from({ length: vocabulary.size }, (_, id) => idOfText.get(vocabulary.tokenText(id)));
  const transferred = new Map(weights);
  for (const { name, shape } of parameterShapes(config.transformer)) {
    if (!perPiece.includes(name)) continue;
    transferred.set(
      name,
      rowsFor(rows, weights.get(name)!, shape[1] ?? 1, normals(randomWords(seed, 0x2007))),
    );
  }
  return { weights: transferred, keptPieces: rows.filter((row) => row !== undefined).length };
}

/** The wanted rows of a table `[rows, width]`; where there is none, one like those that there are. */
function rowsFor(
  wanted: readonly (number | undefined)[],
  table: Float32Array,
  width: number,
  normal: () => number,
): Float32Array {
  const { means, deviations } = columnsOf(table, width);
  const values = new Float32Array(wanted.length * width);
  wanted.forEach((row, index) => {
    if (row !== undefined) values.set(table.subarray(row * width, (row + 1) * width), index * width);
    else for (let i = 0; i < width; i++) values[index * width + i] = means[i]! + deviations[i]! * normal();
  });
  return values;
}

function columnsOf(table: Float32Array, width: number): { means: Float64Array; deviations: Float64Array } {
  const rows = table.length / width;
  const means = new Float64Array(width);
  const deviations = new Float64Array(width);
  table.forEach((value, place) => (means[place % width]! += value / rows));
  table.forEach(
    (value, place) => (deviations[place % width]! += (value - means[place % width]!) ** 2 / rows),
  );
  return { means, deviations: deviations.map(Math.sqrt) };
}
