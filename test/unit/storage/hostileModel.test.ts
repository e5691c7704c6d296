/**
 * 10,000 model folders, half of them with weights in 8 bits, with something wrong: each is read as the model that it yet is, or refused with a sentence that
 * names the file; none takes long, or more memory than its size explains.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Translator } from '../../../models/inference/translator';
import { importModel } from '../../../models/storage/importModel';
import {
  files,
  parseModelConfig,
  parseVocabulary,
  readMixedModel,
  type ModelConfig,
} from '../../../models/storage/modelFolder';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredBytes,
  type StoredTensor,
} from '../../../models/storage/safetensors';
import { checkTensors, tensorsOf, weightsOf, type WeightFormat } from '../../../models/storage/storedWeights';
import { UserError } from '../../../models/userError';
import { temporaryFolder } from '../temporaryFolder';
import { tinyModel } from '../tinyModel';
import { byteMutations, Chance, jsonMutations, safetensorsMutations } from './mutations';

type PartName = 'config' | 'vocabulary' | 'weights';
type Parts = Record<PartName, Buffer>;

const partNames = Object.keys(files) as PartName[];
const mutationsOf = {
  config: [...byteMutations, ...jsonMutations, ...jsonMutations],
  vocabulary: [...byteMutations, ...jsonMutations],
  weights: [...byteMutations, ...safetensorsMutations],
};

/** Of processor time; a sound one takes a millisecond. */
const longestMs = 1000;
const mostMegabytes = 400;

interface Sound {
  readonly parts: Parts;
  readonly config: ModelConfig;
  readonly weights: Map<string, StoredTensor | StoredBytes>;
}

const model = tinyModel();
const formats: readonly WeightFormat[] = ['float', 'int8'];
const sound = Object.fromEntries(formats.map((format) => [format, makeSound(format)])) as Record<
  WeightFormat,
  Sound
>;

function makeSound(format: WeightFormat): Sound {
  const tensors = tensorsOf(model.weights, model.config.transformer, format);
  const described = format === 'int8' ? { formatVersion: 2, weights: format } : { formatVersion: 1 };
  const parts = {
    config: Buffer.from(JSON.stringify({ ...described, ...model.config }, undefined, 2)),
    vocabulary: Buffer.from(model.vocabulary.toJson()),
    weights: Buffer.concat(encodeSafetensors(tensors, 'F16', { format: 'polyhead' })),
  };
  return {
    parts,
    config: parseModelConfig(parts.config.toString(), files.config),
    weights: decodeSafetensors(parts.weights, files.weights),
  };
}

const formatOfSeed = (seed: number): WeightFormat => formats[seed % formats.length]!;

function mutate(seed: number): Parts {
  const chance = new Chance(seed);
  const { parts: untouched } = sound[formatOfSeed(seed)];
  const parts = { ...untouched };
  for (let changes = chance.below(5) === 0 ? 2 : 1; changes > 0; changes--) {
    const part = chance.of(partNames);
    if (parts[part] === untouched[part]) parts[part] = chance.of(mutationsOf[part])(parts[part], chance);
  }
  return parts;
}

/** Reads a model out of memory as `readMixedModel` does out of files; sound parts are not read again. */
function read({ config, vocabulary, weights }: Parts, { parts, ...known }: Sound): void {
  const described =
    config === parts.config ? known.config : parseModelConfig(config.toString(), files.config);
  if (vocabulary !== parts.vocabulary) parseVocabulary(vocabulary.toString(), described, files.vocabulary);
  const stored = weights === parts.weights ? known.weights : decodeSafetensors(weights, files.weights);
  const entries = [...stored].map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    type: 'bytes' in tensor ? ('U8' as const) : ('F32' as const),
  }));
  checkTensors(entries, described.transformer, described.weights ?? 'float', files.weights);
  const checked = weightsOf(stored, described.transformer);
  if (weights === parts.weights) return;
  for (const weight of checked.values()) {
    const numbers = weight instanceof Float32Array ? weight : weight.scales;
    if (!numbers.every(Number.isFinite)) throw new Error('Not finite.');
  }
}

/** What became of one: `read`, or the sentence. Anything but a UserError fails the test. */
async function outcome(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'read';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(/(config\.json|tokenizer\.json|model\.safetensors|cannot be used).*\.$/s);
    expect(error.message.length).toBeLessThan(600);
    return error.message;
  }
}

describe('a model folder from anywhere', () => {
  it('is read or refused, 9,800 times in memory', async () => {
    const outcomes: string[] = [];
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let seed = 0; seed < 9800; seed++) {
      const parts = mutate(seed);
      const start = processorMs();
      outcomes.push(
        await outcome(() => read(parts, sound[formatOfSeed(seed)])).catch((error: unknown) =>
          fail(seed, error),
        ),
      );
      expect(processorMs() - start, `milliseconds of seed ${seed}`).toBeLessThan(longestMs);
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    expect(most / 2 ** 20).toBeLessThan(mostMegabytes);
    const refused = outcomes.filter((result) => result !== 'read');
    expect(refused.length).toBeGreaterThan(8000);
    expect(new Set(refused.map(kindOf)).size).toBeGreaterThan(40);
    expect(outcomes.length - refused.length).toBeGreaterThan(100);
  }, 180_000);
});

describe('an import from anywhere', () => {
  const inFolder = temporaryFolder('hostile');

  async function importing(seed: number, tryOut: (folder: string) => Promise<void>): Promise<void> {
    const parts = mutate(seed);
    const [folder, modelsFolder] = [inFolder('foreign'), inFolder('store')];
    await mkdir(folder, { recursive: true });
    for (const part of partNames) await writeFile(path.join(folder, files[part]), parts[part]);
    const start = processorMs();
    const options = { folder, modelsFolder, replaced: [], tryOut, signal: new AbortController().signal };
    const result = await outcome(() => importModel({ ...options, report: () => undefined })).catch(
      (error: unknown) => fail(seed, error),
    );
    expect(processorMs() - start, `milliseconds of seed ${seed}`).toBeLessThan(longestMs);
    const kept = await readdir(modelsFolder).catch(() => []);
    expect(kept).toHaveLength(result === 'read' ? 1 : 0);
    if (kept[0] !== undefined) await readMixedModel(path.join(modelsFolder, kept[0]));
    await rm(modelsFolder, { recursive: true, force: true });
  }

  it('leaves a model or nothing, 150 times', async () => {
    const tryOut = async (folder: string): Promise<void> => {
      await readMixedModel(folder);
    };
    for (let seed = 20_000; seed < 20_150; seed++) await importing(seed, tryOut);
  });

  it('translates or is refused, 50 times', async () => {
    for (let seed = 30_000; seed < 30_050; seed++) {
      await importing(seed, async (folder) => {
        const translator = await Translator.load(folder, 1);
        await translator.translate(['Hello, world.']).finally(() => translator.dispose());
      });
    }
  });
});

function fail(seed: number, error: unknown): never {
  throw new Error(`Seed ${seed}: ${String(error)}`, { cause: error });
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A sentence without what varies. */
function kindOf(sentence: string): string {
  return sentence.replace(/“.*?”|".*?"|\[.*\]|-?\d[\d.e+]*/gs, '…').slice(0, 80);
}
