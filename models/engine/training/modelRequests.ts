/** Requests that make something of trained weights: averages, scores, folders and graphs for others. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { formatOf } from '../../data/readers/formats';
import type { Languages, SentencePair } from '../../data/readers/candidates';
import { scoreIn } from '../../evaluation/score';
import { writeOnnx } from '../../inference/exportOnnx';
import type { SearchSettings } from '../../inference/search';
import { Translator } from '../../inference/translator';
import { writeFileAtomically } from '../../storage/atomic';
import { readForeignText } from '../../storage/foreignFile';
import { files, readModel, readModelConfig, writeModel, type Model } from '../../storage/modelFolder';
import { averageNewest, averageOf } from '../../training/average';
import { listCheckpoints, readCheckpointModel, resolveModelFolder } from '../../training/checkpoints';
import { show, UserError } from '../../userError';
import type { EngineHandlers, ParametersOf, ReplyOf } from '../protocol';
import { absolute, corpusFrom, specificationOf } from './settings';

type Context<M extends 'averageCheckpoints' | 'evaluateModel' | 'exportModel'> = Parameters<
  EngineHandlers[M]
>[1];

/** The handler of `averageCheckpoints`. */
export async function averageRequest(
  { folder, which, output }: ParametersOf<'averageCheckpoints'>,
  { signal, report }: Context<'averageCheckpoints'>,
): Promise<ReplyOf<'averageCheckpoints'>> {
  const run = absolute(folder, 'The run’s folder');
  const into = await newModelFolder(output);
  const options = { signal, onProgress: (done: number, total: number) => report({ done, total }) };
  const chosen = typeof which === 'number' ? which : await checkpointsNamed(run, which);
  const { model, folders } =
    typeof chosen === 'number'
      ? await averageNewest(run, wholeFrom1(chosen), options)
      : await averageOf(chosen, options);
  await mkdir(into, { recursive: true });
  await writeModel(into, model, 'F32');
  return { folder: into, averaged: folders.map((one) => path.basename(one)) };
}

function wholeFrom1(count: number): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UserError(`Checkpoints to average are a whole number of at least 1, not ${count}.`);
}

async function checkpointsNamed(run: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) throw new UserError('Choose at least one checkpoint to average.');
  const there = await listCheckpoints(run);
  return names.map((name) => {
    const found = there.find((folder) => path.basename(folder) === name);
    if (found === undefined) throw new UserError(`${run} has no checkpoint “${name}”.`);
    return found;
  });
}

/** The handler of `evaluateModel`. @param threads of one operator */
export async function evaluateRequest(
  { model, corpus, limit, search }: ParametersOf<'evaluateModel'>,
  { signal, report }: Context<'evaluateModel'>,
  threads: number,
): Promise<ReplyOf<'evaluateModel'>> {
  const folder = await resolveModelFolder(absolute(model, 'The model’s folder'));
  const { from, to } = await readModelConfig(folder);
  const pairs = await readPairs(
    specificationOf(corpusFrom(corpus, 'The corpus')),
    { from, to },
    limit,
    signal,
  );
  const started = performance.now();
  const translator = await Translator.load(folder, threads, () => undefined, checkedSearch(search));
  try {
    const translated = await translator.translate(
      pairs.map(({ source }) => source),
      { signal, onProgress: (done, total) => report({ done, total }) },
    );
    const translations = translated.map(({ text }) => text.trim());
    const references = pairs.map(({ target }) => target);
    const { bleu, chrf } = scoreIn(to, translations, references);
    return {
      sentences: pairs.length,
      bleu: { score: bleu.score, signature: bleu.signature },
      chrf: { score: chrf.score, signature: chrf.signature },
      seconds: (performance.now() - started) / 1000,
      samples: pairs.slice(0, 3).map(({ source, target }, index) => ({
        source,
        reference: target,
        translation: translations[index]!,
      })),
    };
  } finally {
    await translator.dispose();
  }
}

function checkedSearch(search: unknown): SearchSettings {
  const { beamSize, lengthPenalty } = (search ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(beamSize) || (beamSize as number) < 1 || (beamSize as number) > 64)
    throw new UserError(`A beam has 1 to 64 hypotheses, not ${show(beamSize)}.`);
  if (typeof lengthPenalty !== 'number' || !(lengthPenalty >= 0 && lengthPenalty <= 10))
    throw new UserError(`A length penalty is from 0 to 10, not ${show(lengthPenalty)}.`);
  return { beamSize: beamSize as number, lengthPenalty };
}

/** The first pairs that have two sides; a set to compare on is not filtered otherwise. */
async function readPairs(
  specification: string,
  languages: Languages,
  limit: number,
  signal: AbortSignal,
): Promise<SentencePair[]> {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new UserError(`Sentences to translate are a whole number of at least 1, not ${show(limit)}.`);
  const pairs: SentencePair[] = [];
  for await (const candidates of formatOf(specification).read(languages)) {
    signal.throwIfAborted();
    for (const candidate of candidates) {
      if (!('source' in candidate) || candidate.source.trim() === '' || candidate.target.trim() === '')
        continue;
      pairs.push(candidate);
      if (pairs.length === limit) return pairs;
    }
  }
  if (pairs.length === 0)
    throw new UserError(
      `${specification} has no pair from ${languages.from} to ${languages.to} to compare with.`,
    );
  return pairs;
}

/** The handler of `exportModel`. */
export async function exportRequest(
  parameters: ParametersOf<'exportModel'>,
  { signal, report }: Context<'exportModel'>,
): Promise<ReplyOf<'exportModel'>> {
  const { output, format, name } = parameters;
  const into = await newModelFolder(output);
  const from = await resolveModelFolder(absolute(parameters.model, 'The model’s folder'));
  const read = await readAny(from);
  report({ done: 1, total: 2 });
  signal.throwIfAborted();
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '' || name.length > 100))
    throw new UserError('A model’s name is a short text.');
  const named = { ...read, config: { ...read.config, ...(name !== undefined && { name }) } };
  await mkdir(into, { recursive: true });
  const written = [...(await writeAs(format, into, named)), ...(await copyTerms(from, into))];
  report({ done: 2, total: 2 });
  const sizes = written.map(async (file) => ({
    name: file,
    bytes: (await stat(path.join(into, file))).size,
  }));
  return { folder: into, files: await Promise.all(sizes) };
}

async function writeAs(format: unknown, folder: string, model: Model): Promise<string[]> {
  if (format === 'folder') {
    await writeModel(folder, model, 'F16');
    return Object.values(files);
  }
  if (format === 'onnx') return writeOnnx(folder, model);
  throw new UserError(`A model is exported as folder or onnx, not ${show(format)}.`);
}

/** A model or a checkpoint; what has checksums is checked. */
function readAny(folder: string): Promise<Model> {
  return path.basename(folder).startsWith('checkpoint-') ? readCheckpointModel(folder) : readModel(folder);
}

const longestTerms = 2 ** 20;

/** The terms that weights come with go wherever they go. */
async function copyTerms(from: string, into: string): Promise<string[]> {
  const copied: string[] = [];
  for (const name of ['LICENSE', 'NOTICE']) {
    const text = await readForeignText(path.join(from, name), { mostBytes: longestTerms }).catch(
      () => undefined,
    );
    if (text === undefined) continue;
    await writeFileAtomically(path.join(into, name), [text]);
    copied.push(name);
  }
  return copied;
}

/** A folder that a model may be written into; what else there is stays. */
async function newModelFolder(output: unknown): Promise<string> {
  const folder = absolute(output, 'The output folder');
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(`${folder} cannot be written to: ${(error as Error).message}.`);
  });
  const model = names.find((name) => Object.values<string>(files).includes(name) || name.endsWith('.onnx'));
  if (model !== undefined)
    throw new UserError(`${folder} holds a model already (${model}): choose another folder.`);
  return folder;
}
